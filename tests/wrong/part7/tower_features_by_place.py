"""The features are taken in the order of the batch, not by movie_idx."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "by the place in the batch"


class TwoTower(reference.TwoTower):
    def movie_vectors(self, movie_idx):
        known = self.movie_features[: len(movie_idx)]
        return self.movie_tower(torch.cat([self.movie_embedding(movie_idx), known], dim=-1))
