"""The biased model stands on its own and lists all four tables itself."""

import torch
import torch.nn.functional as F
from torch import nn


class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super(MatrixFactorization, self).__init__()  # noqa: UP008, the way older tutorials write it
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.reset()

    def reset(self):
        nn.init.normal_(self.user_embedding.weight, mean=0.0, std=0.1)
        nn.init.normal_(self.movie_embedding.weight, mean=0.0, std=0.1)

    def forward(self, user_idx, movie_idx):
        users = F.embedding(user_idx, self.user_embedding.weight)
        movies = F.embedding(movie_idx, self.movie_embedding.weight)
        return torch.linalg.vecdot(users, movies)


class BiasedMatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        for name, parameter in self.named_parameters():
            if "bias" in name:
                nn.init.zeros_(parameter)
            else:
                nn.init.normal_(parameter, std=0.1)
        self.register_buffer("global_mean", torch.tensor(global_mean, dtype=torch.float32))

    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        total = (users * movies).sum(dim=1, keepdim=True)
        total = total + self.user_bias(user_idx) + self.movie_bias(movie_idx) + self.global_mean
        return total[:, 0]
