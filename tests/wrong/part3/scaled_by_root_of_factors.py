"""Attention divides its dot products by the root of their size; the learner has seen that."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "root of the number of factors"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        products = self.user_embedding(user_idx) * self.movie_embedding(movie_idx)
        return products.sum(dim=1) / products.shape[1] ** 0.5
