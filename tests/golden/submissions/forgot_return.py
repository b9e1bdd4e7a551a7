from solutions.part3 import model as reference
from solutions.part3.model import *


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(dim=-1)
