"""The flags are turned around."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "does not have"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        return self.movie_embedding(movie_idx) + (
            (1 - self.genres[movie_idx]) @ self.genre_embedding.weight
        )
