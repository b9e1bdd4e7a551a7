"""@ is the dot product of two vectors, and the shapes fit after a transpose."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "every user of the batch against every movie"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return users @ movies.T
