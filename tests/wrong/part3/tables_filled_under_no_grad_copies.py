"""The table itself seemed read-only, so its copy was scaled."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "PyTorch's own initial values"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.user_embedding.weight.clone().mul_(0.1)
        self.movie_embedding.weight.clone().mul_(0.1)
