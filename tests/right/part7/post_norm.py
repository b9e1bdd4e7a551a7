"""PyTorch's layer as it comes, normalised after each step; a mask of -inf; loss by transposing."""

from solutions.part7.deep import *


class NextMovie(nn.Module):
    def __init__(self, n_movies, max_length=50, n_factors=48, n_heads=2, n_layers=1, dropout=0.2):
        super().__init__()
        self.max_length = max_length
        self.movie_embedding = nn.Embedding(n_movies + 1, n_factors, padding_idx=n_movies)
        self.position_embedding = nn.Embedding(max_length, n_factors)
        for weight in (self.movie_embedding.weight, self.position_embedding.weight):
            nn.init.normal_(weight, std=0.02)
        block = nn.TransformerEncoderLayer(
            d_model=n_factors, nhead=n_heads, dropout=dropout, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(block, num_layers=n_layers)

    def forward(self, histories):
        length = histories.size(1)
        mask = nn.Transformer.generate_square_subsequent_mask(length)
        places = torch.arange(length).expand_as(histories)
        hidden = self.encoder(
            self.movie_embedding(histories) + self.position_embedding(places), mask
        )
        return F.linear(hidden, self.movie_embedding.weight[:-1])


def next_movie_loss(scores, targets):
    return F.cross_entropy(scores.transpose(1, 2), targets)
