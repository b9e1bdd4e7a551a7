"""A mean of 0 counts as none for `or`."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "unless given"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=None):
        super().__init__(n_users, n_movies, n_factors, global_mean or 3.5)
