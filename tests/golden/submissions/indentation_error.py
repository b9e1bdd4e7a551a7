from torch import nn


class MatrixFactorization(nn.Module):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
      movies = self.movie_embedding(movie_idx)
        return (users * movies).sum(dim=-1)
