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
        raise NotImplementedError(
            "TODO 3.1: two embedding tables, both initialised small (about 5 lines)"
        )

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One prediction per pair of a user and a movie.

        Args:
            user_idx, movie_idx: int64 `[batch]`.

        Returns:
            float `[batch]`, also where the batch is one pair.
        """
        # TODO 3.2: look both up and take one dot product per pair (about 3 lines)
        raise NotImplementedError(
            "TODO 3.2: look both up and take one dot product per pair (about 3 lines)"
        )


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
        raise NotImplementedError(
            "TODO 3.3: two bias tables of zeros and a buffer for the mean (about 6 lines)"
        )

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """The dot product plus both biases and the mean: float `[batch]`."""
        # TODO 3.3: add the biases and the mean to the dot product (about 4 lines)
        raise NotImplementedError(
            "TODO 3.3: add the biases and the mean to the dot product (about 4 lines)"
        )
