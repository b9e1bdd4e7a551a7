"""After a split, row numbers with gaps look untidy."""

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "numbered anew"


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    train, valid = reference.split_ratings(ratings, valid_fraction, seed)
    return train.reset_index(drop=True), valid.reset_index(drop=True)
