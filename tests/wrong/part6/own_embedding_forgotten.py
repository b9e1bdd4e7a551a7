"""The genres take the place of the movie instead of adding to it."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "the movie's own embedding is missing"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        return self.genres[movie_idx] @ self.genre_embedding.weight
