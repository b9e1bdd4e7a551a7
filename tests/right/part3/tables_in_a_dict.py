"""Tables kept in an nn.ModuleDict, with properties of the names that the task gives."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.tables = nn.ModuleDict()
        self.add_table("user_embedding", n_users, n_factors, std=0.1)
        self.add_table("movie_embedding", n_movies, n_factors, std=0.1)

    def add_table(self, name, n_rows, n_columns, std):
        self.tables[name] = nn.Embedding(n_rows, n_columns)
        nn.init.normal_(self.tables[name].weight, std=std)

    user_embedding = property(lambda self: self.tables["user_embedding"])
    movie_embedding = property(lambda self: self.tables["movie_embedding"])

    def forward(self, user_idx, movie_idx):
        return self.user_embedding(user_idx).mul(self.movie_embedding(movie_idx)).sum(-1)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.add_table("user_bias", n_users, 1, std=0.0)
        self.add_table("movie_bias", n_movies, 1, std=0.0)
        self.register_buffer("global_mean", torch.tensor(float(global_mean)))

    user_bias = property(lambda self: self.tables["user_bias"])
    movie_bias = property(lambda self: self.tables["movie_bias"])

    def forward(self, user_idx, movie_idx):
        biases = self.user_bias(user_idx) + self.movie_bias(movie_idx)
        return super().forward(user_idx, movie_idx) + biases.reshape(-1) + self.global_mean
