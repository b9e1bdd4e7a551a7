"""The learner starts the sum with the mean and adds it again at the end."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "added twice"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        user_bias = self.user_bias(user_idx).squeeze(-1)
        movie_bias = self.movie_bias(movie_idx).squeeze(-1)
        dots = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        return self.global_mean + dots + user_bias + movie_bias + self.global_mean
