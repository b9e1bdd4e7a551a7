"""What attacks with forged answers share, as their `AFTER` says: messages of the worker."""

import json
import os  # noqa: F401 (for the attacks that follow)
import struct
import sys


def message(document):
    """A message as the worker would send it: its length, that of its document, the document."""
    text = document.encode()
    return struct.pack("<II", len(text) + 4, len(text)) + text


def answer(evidence, number=None):
    told = json.dumps({"number": number or asked(), "printed": "", "error": None})
    return message(told) + message(evidence)


def asked():
    """The number of the question that is being answered, from the frame that serves it."""
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"]["number"]
