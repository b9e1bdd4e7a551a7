"""The default is taken from another library."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "λ is 0.1 unless given"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 0.1) -> Tensor:
    return reference.fold_in(movie_factors, residuals, regularization)
