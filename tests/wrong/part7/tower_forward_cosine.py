"""Retrieval libraries use the cosine."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "the lengths of the vectors count"


class TwoTower(reference.TwoTower):
    def forward(self, user_idx, movie_idx):
        return F.cosine_similarity(self.user_vectors(user_idx), self.movie_vectors(movie_idx))
