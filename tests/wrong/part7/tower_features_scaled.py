"""The features are normalised on the way in, which is the caller's business."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "differs"


class TwoTower(reference.TwoTower):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__(n_users, movie_features, n_factors, n_hidden)
        self.movie_features = (
            self.movie_features - self.movie_features.mean(0)
        ) / movie_features.std(0)
