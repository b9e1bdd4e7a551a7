"""Raises an exception whose message takes for ever."""

STATES = {"1.5": "timeout"}
SCORE = 5


class Endless(Exception):
    def __str__(self):
        while True:
            pass


def observed_rmse(ratings, predictions):
    raise Endless
