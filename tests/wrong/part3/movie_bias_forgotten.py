"""One of two like lines is left out."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "the movie's bias is missing"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias(user_idx).squeeze(-1)
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        return dots + user_bias + self.global_mean
