"""einsum for the dot products, and biases taken out by indexing the last dimension."""

import torch
import torch.nn as nn
from torch import Tensor


class MatrixFactorization(nn.Module):
    def __init__(self, n_users: int, n_movies: int, n_factors: int = 32) -> None:
        super().__init__()
        self.n_factors = n_factors
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.apply(self._initialise)

    @staticmethod
    def _initialise(layer: nn.Module) -> None:
        if isinstance(layer, nn.Embedding):
            nn.init.trunc_normal_(layer.weight, std=0.1)

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return torch.einsum(
            "bf,bf->b", self.user_embedding(user_idx), self.movie_embedding(movie_idx)
        )


class BiasedMatrixFactorization(MatrixFactorization):
    def __init__(
        self, n_users: int, n_movies: int, n_factors: int = 32, global_mean: float = 0.0
    ) -> None:
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding.from_pretrained(torch.zeros(n_users, 1), freeze=False)
        self.movie_bias = nn.Embedding.from_pretrained(torch.zeros(n_movies, 1), freeze=False)
        self.register_buffer("global_mean", torch.as_tensor(global_mean, dtype=torch.float64))

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        bias = self.user_bias(user_idx)[:, 0] + self.movie_bias(movie_idx)[:, 0]
        return self.global_mean + bias + super().forward(user_idx, movie_idx)
