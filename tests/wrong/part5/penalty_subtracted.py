"""A sign is lost while the equation is rearranged."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "subtracted from the diagonal"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return reference.fold_in(movie_factors, residuals, -regularization)
