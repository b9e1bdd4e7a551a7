"""Recurses without a bound, until the stack is full."""

import sys

STATES = {"1.2": "crashed"}
SCORE = 5


sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self) + "!"


def user_similarity(ratings):
    return repr(Deep())
