"""A name of one's own."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "'genre_embedding.weight', 'movie_embedding.weight'"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__(n_users, genres, n_factors)
        self.genre_table = self.genre_embedding
        del self.genre_embedding

    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        return self.movie_embedding(movie_idx) + self.genres[movie_idx] @ self.genre_table.weight
