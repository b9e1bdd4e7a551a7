from solutions.part3 import model as reference
from solutions.part3.model import *


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        users = self.user_embedding(user_idx)
        for row in range(40):
            print("row", row, "of", users.shape)
        return users.sum(dim=-1)
