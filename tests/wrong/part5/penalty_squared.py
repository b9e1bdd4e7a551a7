"""The penalty is put on the rows of the design matrix, without its root."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "λ was squared"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return reference.fold_in(movie_factors, residuals, regularization**2)
