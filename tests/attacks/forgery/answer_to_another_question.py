"""Answers another question than the one that was asked."""

import json
import os
import struct

STATES = {"1.2": "malformed"}
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
    os.write(3, answer("true", number=10**6))
    os._exit(0)
