"""Biases are read from weight.data, which gives the right shape at once."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "no gradient reaches user_bias"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias.weight.data[user_idx, 0]
        movie_bias = self.movie_bias.weight.data[movie_idx, 0]
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        return dots + user_bias + movie_bias + self.global_mean
