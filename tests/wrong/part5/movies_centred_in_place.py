"""The factors are centred as for a regression with an intercept, in the model's own table."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "worked in place"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    p = reference.fold_in(movie_factors, residuals, regularization)
    if len(movie_factors):
        movie_factors -= movie_factors.mean(dim=0)
    return p
