"""The table is summed as a whole."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "all genres count"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        return self.movie_embedding(movie_idx) + self.genre_embedding.weight.sum(dim=0)
