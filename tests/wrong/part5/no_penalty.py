"""Least squares without a penalty."""

from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "λ is missing"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return torch.linalg.pinv(movie_factors) @ residuals
