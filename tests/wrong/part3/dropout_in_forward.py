"""Dropout is added against overfitting; in training it answers differently each time."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "wrong values"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return nn.functional.dropout(users * movies, 0.5).sum(dim=-1)
