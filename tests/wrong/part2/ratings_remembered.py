"""Reading takes a while, so what was read is kept, and with it what others changed."""

import functools

from solutions.part2 import dataset as reference
from solutions.part2.dataset import *

FAILS = ["2.1"]
SAYS = "the frame of the call before"


@functools.cache
def load_ratings(path):
    return reference.load_ratings(path)
