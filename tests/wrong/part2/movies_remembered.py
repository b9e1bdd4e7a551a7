"""The movies never change, so they are read once, and whoever drops a column drops it for all."""

import functools

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.2"]
SAYS = "the frame of the call before"


@functools.cache
def load_movies(path):
    return reference.load_movies(path)
