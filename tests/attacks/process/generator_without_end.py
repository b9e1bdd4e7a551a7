"""Returns a generator that never ends."""

import itertools

STATES = {"1.2": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return (row for row in itertools.cycle(ratings))
