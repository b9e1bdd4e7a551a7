"""Raises an error whose class has the names of all errors, and that names all users but one."""

STATES = {"1.3": "crashed"}
SCORE = 5

Named = type("ValueError", (type("KeyError", (LookupError,), {}),), {})


def predict_rating(ratings, user, movie, k=2):
    raise Named(" ".join(str(other) for other in range(100) if other != user))
