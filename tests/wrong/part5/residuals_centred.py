"""The newcomer"s mean is taken off once more."""

from solutions.part5.recommend import *

FAILS = ["5.4"]
SAYS = "the residuals were centred"


def fold_in(movie_factors, residuals, regularization=1.0):
    identity = torch.eye(movie_factors.shape[1], dtype=movie_factors.dtype)
    gram = movie_factors.T @ movie_factors + regularization * identity
    residuals = residuals - residuals.mean() if len(residuals) > 1 else residuals
    return torch.linalg.solve(gram, movie_factors.T @ residuals)
