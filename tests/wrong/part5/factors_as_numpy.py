"""numpy solves it, and the result stays there."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "as a Tensor"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    return reference.fold_in(movie_factors, residuals, regularization).numpy()
