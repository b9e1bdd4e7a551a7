"""PyTorch's fused attention, one projection for query, key and value, scores divided by a root."""

from solutions.part7.deep import *


class Block(nn.Module):
    def __init__(self, n_factors, n_heads, dropout):
        super().__init__()
        self.n_heads, self.share = n_heads, dropout
        self.norm = nn.LayerNorm(n_factors)
        self.project = nn.Linear(n_factors, 3 * n_factors)
        self.merge = nn.Linear(n_factors, n_factors)

    def forward(self, hidden):
        batch, length, n_factors = hidden.shape
        parts = self.project(self.norm(hidden)).view(batch, length, 3, self.n_heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        share = self.share if self.training else 0.0
        found = F.scaled_dot_product_attention(query, key, value, is_causal=True, dropout_p=share)
        return hidden + self.merge(found.transpose(1, 2).reshape(batch, length, n_factors))


class NextMovie(nn.Module):
    def __init__(self, n_movies, max_length=50, n_factors=48, n_heads=2, n_layers=1, dropout=0.2):
        super().__init__()
        self.max_length = max_length
        self.movie_embedding = nn.Embedding(n_movies + 1, n_factors)
        self.position_embedding = nn.Embedding(max_length, n_factors)
        nn.init.trunc_normal_(self.movie_embedding.weight, std=0.02)
        nn.init.trunc_normal_(self.position_embedding.weight, std=0.02)
        blocks = [Block(n_factors, n_heads, dropout) for _ in range(n_layers)]
        self.blocks = nn.Sequential(*blocks, nn.LayerNorm(n_factors))

    def forward(self, histories):
        length = histories.shape[1]
        places = self.position_embedding(torch.arange(length))
        vectors = self.blocks(self.movie_embedding(histories) + places)
        return vectors @ self.movie_embedding.weight[:-1].T / vectors.shape[-1] ** 0.5
