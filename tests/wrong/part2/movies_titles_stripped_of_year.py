"""The year is no part of the title, thinks the learner."""

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "the year was cut off"


def load_movies(path):
    movies = reference.load_movies(path)
    movies["title"] = movies["title"].str.replace(r" \(\d{4}\)$", "", regex=True)
    return movies
