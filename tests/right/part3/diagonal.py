"""All pairs of the batch, of which only the diagonal is asked for: wasteful and right."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        tables = [nn.Embedding(n, n_factors) for n in (n_users, n_movies)]
        for table in tables:
            nn.init.normal_(table.weight, 0.0, 0.1)
        self.user_embedding, self.movie_embedding = tables

    def forward(self, user_idx, movie_idx):
        users, movies = self.user_embedding(user_idx), self.movie_embedding(movie_idx)
        return (users @ movies.T).diagonal()


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.movie_bias.weight)
        self.register_buffer("global_mean", torch.tensor(float(global_mean)))

    def forward(self, user_idx, movie_idx):
        square = self.user_bias(user_idx) + self.movie_bias(movie_idx).T
        return square.diagonal() + super().forward(user_idx, movie_idx) + self.global_mean
