"""The learner wants to keep the factors small and finds an argument that promises it."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "max_norm=1.0"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users, n_factors, max_norm=1.0)
        self.movie_embedding = nn.Embedding(n_movies, n_factors, max_norm=1.0)
        nn.init.normal_(self.user_embedding.weight, std=0.1)
        nn.init.normal_(self.movie_embedding.weight, std=0.1)
