"""Starting everybody alike seems fair, but rows that start alike stay alike."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "every number is the same"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        nn.init.constant_(self.user_embedding.weight, 0.1)
        nn.init.constant_(self.movie_embedding.weight, 0.1)
