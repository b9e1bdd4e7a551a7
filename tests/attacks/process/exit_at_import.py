"""Ends the process while the file is imported, as if all had gone well."""

import os

STATES = {
    "1.1": "crashed",
    "1.2": "crashed",
    "1.3": "crashed",
    "1.4": "crashed",
    "1.5": "crashed",
    "1.6": "crashed",
}
SCORE = 0
SAYS = "the code ended or broke the process"


os._exit(0)
