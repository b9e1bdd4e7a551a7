"""Raises an exception whose message and name raise as well."""

STATES = {"1.2": "crashed"}
SCORE = 5


class Nameless(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def user_similarity(ratings):
    raise Nameless
