"""float64 throughout: the task names no dtype for factors."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors, dtype=torch.float64)
        self.movie_embedding = nn.Embedding(n_movies, n_factors, dtype=torch.float64)
        nn.init.normal_(self.user_embedding.weight, std=0.1)
        nn.init.normal_(self.movie_embedding.weight, std=0.1)

    def forward(self, user_idx, movie_idx):
        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(1)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1, dtype=torch.float64)
        self.movie_bias = nn.Embedding(n_movies, 1, dtype=torch.float64)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.movie_bias.weight)
        self.register_buffer("global_mean", torch.tensor(global_mean, dtype=torch.float64))

    def forward(self, user_idx, movie_idx):
        terms = (
            self.global_mean,
            self.user_bias(user_idx).squeeze(1),
            self.movie_bias(movie_idx).squeeze(1),
            super().forward(user_idx, movie_idx),
        )
        return sum(terms)
