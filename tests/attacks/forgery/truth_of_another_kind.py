"""Has the worker send truth values whose bytes are neither 0 nor 1."""

import struct

from grading.sandbox import worker

STATES = {"1.6": "malformed"}
SCORE = 4

act = worker.act
DOCUMENT = b'{"$": "array", "was": "ndarray", "dtype": "bool", "shape": [2, 3]}'
FORGED = struct.pack("<I", len(DOCUMENT)) + DOCUMENT + b"\x02" * 6
worker.act = lambda *asked: FORGED if asked[1].__name__ == "to_implicit" else act(*asked)
