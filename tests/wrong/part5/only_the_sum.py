"""The movies' factors weighted by the ratings look like a profile, without a regression."""

from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "the system was not solved"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return movie_factors.T @ residuals
