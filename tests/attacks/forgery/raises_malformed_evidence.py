"""Raises the error of evidence that cannot be read."""

from grading.checks.evidence import MalformedEvidence

STATES = {"1.2": "crashed"}
SCORE = 5


def user_similarity(ratings):
    raise MalformedEvidence("no")
