"""Replaces the module that writes the length of every message."""

from grading.checks import evidence
from grading.sandbox import wire

STATES = "malformed"
SCORE = 0


class Forged:
    size = 4

    @staticmethod
    def pack(n):
        return (n + 1).to_bytes(4, "little")

    @staticmethod
    def unpack(data):
        return (int.from_bytes(data, "little"),)


evidence._LENGTH = wire._LENGTH = Forged


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)))
