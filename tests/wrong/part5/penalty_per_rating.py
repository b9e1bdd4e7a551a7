"""Means are used on the left and sums on the right, or the other way round."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "multiplied by the number of ratings"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return reference.fold_in(movie_factors, residuals, regularization * len(residuals))
