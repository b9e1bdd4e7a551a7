"""A recommender ranks, so the learner returns the predictions best first."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "in the order of the pairs"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return super().forward(user_idx, movie_idx).sort(descending=True).values
