"""Two integer tensors change places; on square toy data nothing complains."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "users looked up by movie_idx"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        return super().forward(movie_idx % self.user_embedding.num_embeddings, user_idx)
