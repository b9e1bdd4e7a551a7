"""The learner takes from the index which ids there are, and counts them once more."""

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "numbered anew in ascending order of id"


def encode_ratings(ratings, user_index, movie_index):
    users = {raw_id: idx for idx, raw_id in enumerate(sorted(user_index))}
    movies = {raw_id: idx for idx, raw_id in enumerate(sorted(movie_index))}
    return reference.encode_ratings(ratings, users, movies)
