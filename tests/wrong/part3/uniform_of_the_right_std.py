"""The learner scales a uniform distribution to the std that is asked for."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "uniform) instead of normal"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        bound = 0.1 * 3**0.5
        nn.init.uniform_(self.user_embedding.weight, -bound, bound)
        nn.init.uniform_(self.movie_embedding.weight, -bound, bound)
