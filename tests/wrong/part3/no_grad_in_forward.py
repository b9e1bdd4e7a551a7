""" "No gradients when predicting" is remembered, and forward predicts."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "the gradient is cut"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        with torch.no_grad():
            return super().forward(user_idx, movie_idx)
