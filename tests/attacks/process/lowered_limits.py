"""Lowers its own limits so far that nothing can be opened any more, not even its own file."""

import resource

STATES = {"1.4": "crashed"}
SCORE = 4
SAYS = "broke the process"


def reconstruct(user_factors, movie_factors):
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return open(__file__).read()
