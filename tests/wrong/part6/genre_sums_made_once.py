"""The sums over the genres are made in __init__, and stay as they were at the start."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "wrong values"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__(n_users, genres, n_factors)
        self.register_buffer("from_genres", (self.genres @ self.genre_embedding.weight).detach())

    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        return self.movie_embedding(movie_idx) + self.from_genres[movie_idx]
