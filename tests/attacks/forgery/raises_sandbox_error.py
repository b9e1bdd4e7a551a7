"""Raises an error with the name of the one that ends the grading of a whole class."""

STATES = {"1.2": "crashed"}
SCORE = 5

SandboxError = type("SandboxError", (BaseException,), {"__module__": "grading.sandbox.sandboxed"})


def user_similarity(ratings):
    raise SandboxError("student code cannot be run here")
