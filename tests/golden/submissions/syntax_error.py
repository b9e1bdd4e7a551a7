"""Part 3 – Matrix factorization in PyTorch: two embedding tables and a dot product."""

import torch
from torch import Tensor, nn


class MatrixFactorization(nn.Module):
    """Predicts a rating as the dot product of a user's and a movie's factors.

    Args:
        n_users: rows of the user table.
        n_movies: rows of the movie table.
        n_factors: how many numbers describe each user and each movie.
    """

    def __init__(self, n_users: int, n_movies: int, n_factors: int = 32) -> None:
        """Create `user_embedding` and `movie_embedding`, drawn from a normal with std 0.1.

        That small, an untrained prediction is near 0: PyTorch's default (std 1) starts
        √n_factors stars away.
        """
        # TODO 3.1: two embedding tables, both initialised small (about 5 lines)
        # BEGIN SOLUTION 3.1
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        nn.init.normal_(self.user_embedding.weight, std=0.1)
        nn.init.normal_(self.movie_embedding.weight, std=0.1)
        # END SOLUTION 3.1

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One prediction per pair of a user and a movie.

        Args:
            user_idx, movie_idx: int64 `[batch]`.

        Returns:
            float `[batch]`, also where the batch is one pair.
        """
        # TODO 3.2: look both up and take one dot product per pair (about 3 lines)
        # BEGIN SOLUTION 3.2
        users = self.user_embedding(user_idx)  # [batch, n_factors]
        movies = self.movie_embedding(movie_idx)  # [batch, n_factors]
        return (users * movies.sum(dim=-1)
        # END SOLUTION 3.2


class BiasedMatrixFactorization(MatrixFactorization):
    """Adds what needs no taste: the global mean, generous users and movies that all like.

    prediction = global_mean + user_bias + movie_bias + user · movie
    (Koren, Bell and Volinsky 2009, "Matrix Factorization Techniques for Recommender Systems")
    """

    global_mean: Tensor

    def __init__(
        self, n_users: int, n_movies: int, n_factors: int = 32, global_mean: float = 0.0
    ) -> None:
        """Add `user_bias` and `movie_bias` (`nn.Embedding(n, 1)`, zero at the start).

        `global_mean` is a buffer: it is saved and moved with the model but not trained.
        """
        # TODO 3.3: two bias tables of zeros and a buffer for the mean (about 6 lines)
        # BEGIN SOLUTION 3.3
        super().__init__(n_users, n_movies, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)
        self.movie_bias = nn.Embedding(n_movies, 1)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.movie_bias.weight)
        self.register_buffer("global_mean", torch.tensor(float(global_mean)))
        # END SOLUTION 3.3

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """The dot product plus both biases and the mean: float `[batch]`."""
        # TODO 3.3: add the biases and the mean to the dot product (about 4 lines)
        # BEGIN SOLUTION 3.3
        user_bias = self.user_bias(user_idx).squeeze(-1)  # [batch, 1] → [batch]
        movie_bias = self.movie_bias(movie_idx).squeeze(-1)
        return super().forward(user_idx, movie_idx) + user_bias + movie_bias + self.global_mean
        # END SOLUTION 3.3
