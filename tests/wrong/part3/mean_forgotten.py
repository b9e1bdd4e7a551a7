"""The biases are in, and the buffer made in the constructor is never used."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "the global mean is missing"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias(user_idx).squeeze(-1)
        movie_bias = self.movie_bias(movie_idx).squeeze(-1)
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        return dots + user_bias + movie_bias
