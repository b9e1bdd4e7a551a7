"""Statistics books write N(mean, variance), PyTorch asks for the standard deviation."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "0.1 taken as the variance"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        nn.init.normal_(self.user_embedding.weight, std=0.1**0.5)
        nn.init.normal_(self.movie_embedding.weight, std=0.1**0.5)
