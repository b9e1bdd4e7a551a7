"""keepdim=True stops an error about shapes elsewhere."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "[batch, 1] instead of [batch]"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return (users * movies).sum(dim=-1, keepdim=True)
