"""Lowers its own limits so far that nothing can be opened any more, not even its own file."""

import resource

STATES = {"1.4": "crashed", "1.5": "crashed", "1.6": "crashed"}
SCORE = 3
SAYS = "Too many open files"


def reconstruct(user_factors, movie_factors):
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return open(__file__).read()
