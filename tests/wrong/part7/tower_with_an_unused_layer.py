"""A layer of an earlier attempt is still there, and never learns."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "weights that never learn"


class TwoTower(reference.TwoTower):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__(n_users, movie_features, n_factors, n_hidden)
        self.extra = nn.Linear(n_factors, n_factors)
