from solutions.part3 import model as reference
from solutions.part3.model import *


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return super().forward(user_idx + 100, movie_idx)
