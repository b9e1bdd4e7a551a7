"""Sleeps in every call for longer than it may compute, but not for longer than it may wait."""

import time

STATES = {}
SCORE = 5


def reconstruct(user_factors, movie_factors):
    time.sleep(0.7)
    return user_factors @ movie_factors.T
