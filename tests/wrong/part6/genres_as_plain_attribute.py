"""The genres are an attribute like any other: moving or saving the model leaves them behind."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "a plain attribute"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__(n_users, genres, n_factors)
        del self.genres
        self.genres = genres.float()
