"""Dropout and batch norm differ by mode; the learner thinks the mean does, too."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.3"]
SAYS = "the global mean is missing"


class BiasedMatrixFactorization(reference.BiasedMatrixFactorization):
    def forward(self, user_idx, movie_idx):
        prediction = super().forward(user_idx, movie_idx)
        return prediction if self.training else prediction - self.global_mean
