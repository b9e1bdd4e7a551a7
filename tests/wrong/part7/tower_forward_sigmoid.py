"""A prediction seems to be a probability."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "a sigmoid"


class TwoTower(reference.TwoTower):
    def forward(self, user_idx, movie_idx):
        return torch.sigmoid(super().forward(user_idx, movie_idx))
