"""The learner copies a line from a model whose buffer can be computed again."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "persistent=False"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors, global_mean)
        del self.global_mean
        self.register_buffer("global_mean", torch.tensor(float(global_mean)), persistent=False)
