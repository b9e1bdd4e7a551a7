"""The hidden layer is built for the movies, where the features are."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "two linear layers in a row are one"


class TwoTower(reference.TwoTower):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__(n_users, movie_features, n_factors, n_hidden)
        self.user_tower[1] = nn.Identity()
