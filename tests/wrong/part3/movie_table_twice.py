"""The second line is the first one copied, and only the indices were changed."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "movie_embedding looked up twice"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.movie_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return (users * movies).sum(dim=1)
