"""self.global_mean = global_mean is how attributes are set everywhere else."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "not saved"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors, global_mean)
        del self.global_mean
        self.global_mean = global_mean
