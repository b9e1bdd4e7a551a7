"""A sum without a dimension sums everything."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "one number for the whole batch"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return (self.user_embedding(user_idx) * self.movie_factors(movie_idx)).sum()
