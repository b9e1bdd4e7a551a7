"""A bare squeeze takes the batch where it is one pair."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "shape []"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return super().forward(user_idx, movie_idx).squeeze()
