"""The buffer is made with a 0 to be filled in later."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "that was given is not used"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
