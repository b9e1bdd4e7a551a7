"""A tensor is turned into a list with list(), which leaves tensors in it."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.1"]
SAYS = "a list of Tensor"


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    return list(torch.tensor(reference.similar_movies(movie_factors, movie_idx, k)))
