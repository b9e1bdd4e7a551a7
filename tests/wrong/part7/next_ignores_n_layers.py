"""One layer, however many are asked for."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.5"]
SAYS = "the number of layers is fixed"


class NextMovie(reference.NextMovie):
    def __init__(self, n_movies, max_length=50, n_factors=48, n_heads=2, n_layers=1, dropout=0.2):
        super().__init__(n_movies, max_length, n_factors, n_heads, 1, dropout)
