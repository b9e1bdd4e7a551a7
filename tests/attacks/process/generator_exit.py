"""Raises an exception that no `except Exception` holds."""

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "GeneratorExit"


def user_similarity(ratings):
    raise GeneratorExit
