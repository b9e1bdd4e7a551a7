"""Raw ids count from 1, so the learner subtracts 1, although indices count from 0."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "wrong values"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return super().forward((user_idx - 1) % self.user_embedding.num_embeddings, movie_idx)
