"""The learner keeps the factors from growing by rescaling them whenever they are used."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "a prediction changed user_embedding.weight"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        prediction = super().forward(user_idx, movie_idx)
        self.user_embedding.weight.data /= 1.01
        return prediction
