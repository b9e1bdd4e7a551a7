"""Rows by indexing the weight, which keeps the gradient, and a sum over axis 1."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.user_embedding.weight = nn.Parameter(torch.randn(n_users, n_factors) * 0.1)
        self.movie_embedding.weight = nn.Parameter(torch.randn(n_movies, n_factors) * 0.1)

    def forward(self, user_idx, movie_idx):
        users = self.user_embedding.weight[user_idx]
        movies = self.movie_embedding.weight[movie_idx]
        return torch.sum(torch.mul(users, movies), axis=1)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        self.user_bias.weight = nn.Parameter(torch.zeros(n_users, 1))
        self.movie_bias.weight = nn.Parameter(torch.zeros_like(self.movie_bias.weight))
        self.register_buffer("global_mean", torch.Tensor([global_mean]).squeeze())

    def forward(self, user_idx, movie_idx):
        return (
            super().forward(user_idx, movie_idx)
            + self.user_bias.weight[user_idx, 0]
            + self.movie_bias.weight[movie_idx, 0]
            + self.global_mean
        )
