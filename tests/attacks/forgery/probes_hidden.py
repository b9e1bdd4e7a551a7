"""Puts a module of its own in place of that of the probes."""

import sys
import types

STATES = {
    "1.1": "crashed",
    "1.2": "wrong",
    "1.3": "crashed",
    "1.4": "crashed",
    "1.5": "crashed",
    "1.6": "crashed",
}
SCORE = 0

own = types.ModuleType("exercises.part1.probes")
own.user_similarity = lambda module, ratings: np.eye(len(ratings))
sys.modules["exercises.part1.probes"] = own


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)))
