"""To have the genres move with the model, they are made a parameter."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "the genres became a weight"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__(n_users, genres, n_factors)
        flags = self.genres
        del self.genres
        self.genres = nn.Parameter(flags)
