"""A list of what numpy counts with is not a list of ints."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "a list of int64"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    return list(np.array(reference.similar_movies(movie_factors, movie_idx, k)))
