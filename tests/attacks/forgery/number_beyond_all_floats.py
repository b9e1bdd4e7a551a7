"""Has the worker send numbers that are written as none of the encoding, and as too large ones."""

import struct

from grading.sandbox import worker

STATES = {"1.2": "malformed", "1.5": "wrong"}
SCORE = 5

act = worker.act
FORGED = {
    "user_similarity": b'{"$": "float", "value": "1e999"}',
    "observed_rmse": b"1e999",
}


def forge(path, probe, *asked):
    document = FORGED.get(probe.__name__)
    if document is None:
        return act(path, probe, *asked)
    return struct.pack("<I", len(document)) + document


worker.act = forge
