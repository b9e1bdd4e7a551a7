"""Looking rows up again seemed a waste, so the result is kept."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "pairs that were asked for before"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        if not hasattr(self, "kept"):
            self.kept = super().forward(user_idx, movie_idx)
        return self.kept
