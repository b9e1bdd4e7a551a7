"""Prints, warnings, assertions and a class of its own for small tables."""

import warnings

import torch
from torch import nn

print("building the model")


class SmallEmbedding(nn.Embedding):
    def __init__(self, n_rows, n_columns, std):
        self.std = std
        super().__init__(n_rows, n_columns)

    def reset_parameters(self):
        self.weight.data.normal_(std=self.std) if self.std else self.weight.data.zero_()


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        if n_factors > 100:
            warnings.warn("that is a lot of factors", stacklevel=2)
        self.user_embedding = SmallEmbedding(n_users, n_factors, 0.1)
        self.movie_embedding = SmallEmbedding(n_movies, n_factors, 0.1)
        self.calls = 0

    def forward(self, user_idx, movie_idx):
        assert user_idx.shape == movie_idx.shape
        self.calls += 1
        print("call", self.calls, "with", len(user_idx), "pairs")
        warnings.warn("predicting", stacklevel=2)
        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(-1)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = SmallEmbedding(n_users, 1, 0)
        self.movie_bias = SmallEmbedding(n_movies, 1, 0)
        self.register_buffer("global_mean", torch.tensor(float(global_mean)))

    def forward(self, user_idx, movie_idx):
        biases = torch.cat([self.user_bias(user_idx), self.movie_bias(movie_idx)], dim=1)
        return super().forward(user_idx, movie_idx) + biases.sum(1) + self.global_mean
