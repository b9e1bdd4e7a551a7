"""Has the worker send an array with more bytes than its shape takes."""

import struct

from grading.sandbox import worker

STATES = {"1.2": "malformed"}
SCORE = 5

act = worker.act
DOCUMENT = b'{"$": "array", "was": "ndarray", "dtype": "float64", "shape": [2]}'
FORGED = struct.pack("<I", len(DOCUMENT)) + DOCUMENT + bytes(3 * 8)
worker.act = lambda *asked: FORGED if asked[1].__name__ == "user_similarity" else act(*asked)
