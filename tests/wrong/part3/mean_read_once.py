"""The buffer is there as asked, but the prediction uses the number that was given."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "not the buffer, which was loaded"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32, global_mean=0.0):
        super().__init__(n_users, n_movies, n_factors, global_mean)
        self.mean = global_mean

    def forward(self, user_idx, movie_idx):
        return super().forward(user_idx, movie_idx) - self.global_mean + self.mean
