"""Asks for exit with status 0 in a function."""

import sys

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "SystemExit: 0"


def user_similarity(ratings):
    sys.exit(0)
