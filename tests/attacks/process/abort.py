"""Aborts the process, which may also leave a core file."""

import os

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"


def user_similarity(ratings):
    os.abort()
