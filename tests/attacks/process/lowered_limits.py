"""Lowers its own limits so far that nothing can be done any more."""

import resource

STATES = {"1.2": "crashed"}
SCORE = 7


def user_similarity(ratings):
    for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
        resource.setrlimit(limit, (0, 0))
