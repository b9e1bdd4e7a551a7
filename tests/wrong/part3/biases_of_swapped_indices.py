"""Four look-ups in a row, and the indices of two got mixed up."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "was looked up by movie_idx"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        biases = self.user_bias(movie_idx) + self.movie_bias(user_idx)
        return dots + biases.squeeze(-1) + self.global_mean
