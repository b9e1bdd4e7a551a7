"""The default is taken from another function."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "wrong movies or order"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 10) -> list[int]:
    return reference.similar_movies(movie_factors, movie_idx, k)
