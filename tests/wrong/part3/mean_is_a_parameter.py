"""A number that the model keeps is a parameter, thinks the learner."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "the optimizer would move the mean"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors, global_mean)
        del self.global_mean
        self.global_mean = nn.Parameter(torch.tensor(float(global_mean)))
