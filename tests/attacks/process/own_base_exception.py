"""Raises an exception of its own kind that no `except Exception` holds."""

STATES = {"1.2": "crashed"}
SCORE = 5
SAYS = "Escape: out of here"


class Escape(BaseException):
    pass


def user_similarity(ratings):
    raise Escape("out of here")
