"""Loops over the pairs, one dot product at a time."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        for table in (self.user_embedding, self.movie_embedding):
            table.weight.data.normal_(0, 0.1)

    def forward(self, user_idx, movie_idx):
        predictions = []
        for user, movie in zip(user_idx, movie_idx, strict=True):
            predictions.append(self.user_embedding(user).dot(self.movie_embedding(movie)))
        return torch.stack(predictions)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        self.user_bias.weight.data.zero_()
        self.movie_bias.weight.data.fill_(0)
        self.register_buffer("global_mean", torch.tensor([global_mean]))

    def forward(self, user_idx, movie_idx):
        dots = super().forward(user_idx, movie_idx)
        biases = [
            self.user_bias(user)[0] + self.movie_bias(movie)[0]
            for user, movie in zip(user_idx, movie_idx, strict=True)
        ]
        return self.global_mean + torch.stack(biases) + dots
