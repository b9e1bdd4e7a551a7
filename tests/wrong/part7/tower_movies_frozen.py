"""The movie side is computed once, without gradients, as for an index."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "taken out of the recording"


class TwoTower(reference.TwoTower):
    def movie_vectors(self, movie_idx):
        with torch.no_grad():
            return super().movie_vectors(movie_idx)
