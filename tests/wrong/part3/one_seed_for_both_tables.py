"""A seed is set in front of each draw, so that the model is the same in every run."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "the same numbers"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__(n_users, n_movies, n_factors)
        torch.manual_seed(0)
        nn.init.normal_(self.user_embedding.weight, std=0.1)
        torch.manual_seed(0)
        nn.init.normal_(self.movie_embedding.weight, std=0.1)
