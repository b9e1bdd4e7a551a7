"""The tables are multiplied as before, past the towers."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "wrong values"


class TwoTower(reference.TwoTower):
    def forward(self, user_idx, movie_idx):
        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(dim=-1)
