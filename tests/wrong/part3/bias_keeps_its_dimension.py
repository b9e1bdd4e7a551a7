"""The learner makes the shapes fit by giving the dot product a dimension more."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "[batch, 1] instead of [batch]"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias(user_idx)
        movie_bias = self.movie_bias(movie_idx)
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        return dots.unsqueeze(-1) + user_bias + movie_bias + self.global_mean
