"""Ratings lie between 1 and 5, so predictions should too."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "cut off at 1 and 5"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return super().forward(user_idx, movie_idx).clamp(1, 5)
