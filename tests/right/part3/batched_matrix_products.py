"""Matrix products: [batch, 1, f] times [batch, f, 1], squeezed with care."""

import torch
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        with torch.no_grad():
            self.user_embedding.weight.mul_(0.1)
            self.movie_embedding.weight.mul_(0.1)

    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx).unsqueeze(1)
        movies = self.movie_embedding(movie_idx).unsqueeze(2)
        return torch.bmm(users, movies).squeeze(2).squeeze(1)


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors=n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        nn.init.constant_(self.user_bias.weight, 0.0)
        nn.init.constant_(self.movie_bias.weight, 0.0)
        self.register_buffer("global_mean", torch.full((), global_mean))

    def forward(self, user_idx, movie_idx):
        prediction = super().forward(user_idx, movie_idx)
        prediction += self.user_bias(user_idx).flatten()
        prediction += self.movie_bias(movie_idx).flatten()
        return prediction + self.global_mean
