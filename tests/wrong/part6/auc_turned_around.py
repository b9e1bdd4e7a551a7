"""The chance of the other class is scored: its column is the first."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "turned around"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    return 1 - reference.genre_auc(movie_factors, has_genre, seed)
