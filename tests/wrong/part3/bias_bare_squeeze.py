"""squeeze() removes the last dimension, and with a batch of one it removes the batch."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "a bare squeeze()"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias(user_idx).squeeze()
        movie_bias = self.movie_bias(movie_idx).squeeze()
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx).squeeze()
        return dots + user_bias + movie_bias + self.global_mean
