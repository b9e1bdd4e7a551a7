"""A line is copied and only half changed."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "multiplied with themselves"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.user_embedding(user_idx)
        return (users * movies).sum(dim=-1)
