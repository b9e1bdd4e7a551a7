"""The genre table is asked for rows 0 and 1: flags were taken for row numbers."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "flags were used as row numbers"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        vectors = self.genre_embedding(self.genres[movie_idx].long())
        return self.movie_embedding(movie_idx) + vectors.sum(dim=1)
