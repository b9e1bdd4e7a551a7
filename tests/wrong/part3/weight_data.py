"""weight.data[idx] is found in a forum answer; it reads the numbers past autograd."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "the gradient is cut"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding.weight.data[user_idx]
        movies = self.movie_embedding.weight.data[movie_idx]
        return (users * movies).sum(dim=-1)
