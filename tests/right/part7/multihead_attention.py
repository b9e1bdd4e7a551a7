"""nn.MultiheadAttention in blocks of one's own, movies scaled up as in the paper."""

from solutions.part7.deep import *


class NextMovie(nn.Module):
    def __init__(self, n_movies, max_length=50, n_factors=48, n_heads=2, n_layers=1, dropout=0.2):
        super().__init__()
        self.max_length = max_length
        self.scale = n_factors**0.5
        self.movie_embedding = nn.Embedding(n_movies + 1, n_factors)
        self.position_embedding = nn.Embedding(max_length, n_factors)
        for table in (self.movie_embedding, self.position_embedding):
            table.weight.data.normal_(0, 0.02)
        self.attention = nn.ModuleList(
            nn.MultiheadAttention(n_factors, n_heads, dropout, batch_first=True)
            for _ in range(n_layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(n_factors) for _ in range(n_layers))
        self.drop = nn.Dropout(dropout)

    def forward(self, histories):
        length = histories.shape[1]
        mask = ~torch.tril(torch.ones(length, length, dtype=torch.bool))
        hidden = self.movie_embedding(histories) * self.scale
        hidden = self.drop(hidden + self.position_embedding(torch.arange(length)))
        for attention, norm in zip(self.attention, self.norms, strict=True):
            attended, _ = attention(hidden, hidden, hidden, attn_mask=mask, need_weights=False)
            hidden = norm(hidden + self.drop(attended))
        return hidden @ self.movie_embedding.weight[:-1].t()
