"""The learner takes the product element by element for the dot product."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "multiplied but not added up"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return users * movies
