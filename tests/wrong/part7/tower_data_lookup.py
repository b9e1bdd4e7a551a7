"""The rows are read from .data, which no gradient passes."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.1"]
SAYS = "taken out of the recording"


class TwoTower(reference.TwoTower):
    def user_vectors(self, user_idx):
        return self.user_tower(self.user_embedding.weight.data[user_idx])
