"""A sigmoid keeps predictions between 1 and 5 as well."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "by a sigmoid"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return 1 + 4 * super().forward(user_idx, movie_idx).sigmoid()
