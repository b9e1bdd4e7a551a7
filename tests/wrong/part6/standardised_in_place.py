"""numpy shares the tensor's memory, and the scaling is written into it."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "standardised in place"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    auc = reference.genre_auc(movie_factors, has_genre, seed)
    factors = movie_factors.numpy()
    factors -= factors.mean(axis=0)
    factors /= factors.std(axis=0)
    return auc
