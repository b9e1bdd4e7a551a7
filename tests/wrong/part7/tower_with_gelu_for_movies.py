"""Transformers use GELU, so the movie tower gets it as well."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "another activation than ReLU"


class TwoTower(reference.TwoTower):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__(n_users, movie_features, n_factors, n_hidden)
        self.movie_tower[1] = nn.GELU()
