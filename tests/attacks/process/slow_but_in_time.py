"""Sleeps in every call for almost as long as is allowed."""

import time

STATES = {}
SCORE = 5


def reconstruct(user_factors, movie_factors):
    time.sleep(1.2)
    return user_factors @ movie_factors.T
