"""Xavier's initial values are the usual advice for layers of a network."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "std"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__(n_users, n_movies, n_factors)
        nn.init.xavier_normal_(self.user_embedding.weight)
        nn.init.xavier_normal_(self.movie_embedding.weight)
