"""fastai's y_range goes a little beyond the stars, so that 5 can be reached."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2", "3.3"]
SAYS = "by a sigmoid"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return torch.sigmoid(reference.MatrixFactorization.forward(self, user_idx, movie_idx)) * 5.5


class BiasedMatrixFactorization(MatrixFactorization, reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        terms = reference.MatrixFactorization.forward(self, user_idx, movie_idx)
        biases = self.user_bias(user_idx) + self.movie_bias(movie_idx)
        return torch.sigmoid(terms + biases.squeeze(-1) + self.global_mean) * 5.5
