"""The learner likes shorter names; what loads the model later does not know them."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1", "3.2"]
SAYS = "the model has no user_embedding"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.users = nn.Embedding(n_users, n_factors)
        self.movies = nn.Embedding(n_movies, n_factors)
        nn.init.normal_(self.users.weight, std=0.1)
        nn.init.normal_(self.movies.weight, std=0.1)
