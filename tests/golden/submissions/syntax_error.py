from torch import nn


class MatrixFactorization(nn.Module):
    def forward(self, user_idx, movie_idx):
        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx).sum(dim=-1)
