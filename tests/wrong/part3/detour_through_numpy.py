"""numpy is familiar; the way there needs detach(), and the way back is forgotten."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.2"]
SAYS = "a Tensor"


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        movies = self.movie_embedding(movie_idx)
        return (users.detach().numpy() * movies.detach().numpy()).sum(axis=-1)
