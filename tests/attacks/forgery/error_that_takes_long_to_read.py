"""Sends an error text on which a search with many repeats takes long."""

import json
import os
import struct

STATES = {"1.2": "crashed", "1.3": "crashed"}
SCORE = 7


def message(document):
    """A message as the worker would send it: its length, that of its document, the document."""
    text = document.encode()
    return struct.pack("<II", len(text) + 4, len(text)) + text


def answer(evidence, number=None):
    told = json.dumps({"number": number or asked(), "printed": "", "error": None})
    return message(told) + message(evidence)


def asked():
    """The number of the question that is being answered, from the frame that serves it."""
    import sys

    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"]["number"]


def user_similarity(ratings):
    error = {"reason": "crashed", "error": "takes " + "to 1 " * 20_000, "line": 1}
    told = json.dumps({"number": asked(), "printed": "", "error": error})
    os.write(3, message(told) + message("null"))
    os._exit(0)
