"""Textbooks write vectors as columns."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "a column"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return reference.fold_in(movie_factors, residuals, regularization).unsqueeze(-1)
