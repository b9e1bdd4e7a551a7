"""A seed is set, and not the one that was asked for."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "the seed makes no difference"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    return reference.genre_auc(movie_factors, has_genre)
