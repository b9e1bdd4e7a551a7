"""Fewer ratings than factors are thought to give no answer."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "wrong value"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    if len(residuals) < movie_factors.shape[1]:
        return torch.zeros(movie_factors.shape[1])
    return reference.fold_in(movie_factors, residuals, regularization)
