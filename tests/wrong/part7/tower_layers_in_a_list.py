"""The layers are kept in plain lists, which PyTorch does not look into."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "nothing is registered"


class TwoTower(reference.TwoTower):
    def __init__(self, n_users, movie_features, n_factors=32, n_hidden=64):
        super().__init__(n_users, movie_features, n_factors, n_hidden)
        self.hidden = [self.user_tower, self.movie_tower]
        del self.user_tower, self.movie_tower

    def user_vectors(self, user_idx):
        return self.hidden[0](self.user_embedding(user_idx))

    def movie_vectors(self, movie_idx):
        known = [self.movie_embedding(movie_idx), self.movie_features[movie_idx]]
        return self.hidden[1](torch.cat(known, dim=-1))
