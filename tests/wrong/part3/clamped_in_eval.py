"""What is shown to people has to be 1 to 5 stars, so the model clips when it does not train."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "cut off at 1 and 5"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        prediction = super().forward(user_idx, movie_idx)
        return prediction if self.training else prediction.clamp(1, 5)
