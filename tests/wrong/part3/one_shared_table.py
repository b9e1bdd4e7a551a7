""" "One embedding for all things" is how word embeddings work."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1", "3.2"]
SAYS = "one table for both"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding(n_users + n_movies, n_factors)
        self.movie_embedding = self.user_embedding
        nn.init.normal_(self.user_embedding.weight, std=0.1)
