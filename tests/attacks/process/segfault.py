"""Reads at address 0."""

import ctypes

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def user_similarity(ratings):
    return ctypes.string_at(0)
