"""squeeze() removes the extra dimension, and with a batch of one it removes the batch."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "a bare squeeze()"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return torch.bmm(users.unsqueeze(1), movies.unsqueeze(2)).squeeze()
