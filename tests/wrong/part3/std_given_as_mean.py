"""The second argument of normal_ is the mean; the learner takes it for the std."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "gives the mean"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__(n_users, n_movies, n_factors)
        nn.init.normal_(self.user_embedding.weight, 0.1)
        nn.init.normal_(self.movie_embedding.weight, 0.1)
