"""The mean of no genres divides 0 by 0."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "divides 0 by 0 where there are none"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        flags = self.genres[movie_idx]
        return self.movie_embedding(movie_idx) + (
            flags @ self.genre_embedding.weight / flags.sum(dim=1, keepdim=True)
        )
