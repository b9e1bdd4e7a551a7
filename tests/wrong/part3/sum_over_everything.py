"""sum() without a dimension gives one number, which is what a dot product should be."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "one number for the whole batch"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return (users * movies).sum()
