"""Categories are pandas' own way to number labels."""

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "wrong dtype"


def encode_ratings(ratings, user_index, movie_index):
    encoded = reference.encode_ratings(ratings, user_index, movie_index)
    return encoded.astype({"user_idx": "category", "movie_idx": "category"})
