"""The features are stored and never used."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "the input does not get through"


class TwoTower(reference.TwoTower):
    def movie_vectors(self, movie_idx):
        nothing = torch.zeros_like(self.movie_features[movie_idx])
        return self.movie_tower(torch.cat([self.movie_embedding(movie_idx), nothing], dim=-1))
