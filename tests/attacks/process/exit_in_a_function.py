"""Ends the process in a function, without a word."""

import os

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def user_similarity(ratings):
    os._exit(0)
