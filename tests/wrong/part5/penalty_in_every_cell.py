"""Adding a number to a matrix adds it everywhere."""

from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "every cell instead of"


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    gram = movie_factors.T @ movie_factors + regularization
    return torch.linalg.solve(gram, movie_factors.T @ residuals)
