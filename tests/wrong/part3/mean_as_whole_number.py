"""A mean of 3 in the first trial made a tensor of whole numbers."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "cut to a whole number"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors)
        self.register_buffer("global_mean", torch.tensor(int(global_mean)))
