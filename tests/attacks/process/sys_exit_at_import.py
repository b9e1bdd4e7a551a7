"""Asks for exit with status 0 while the file is imported."""

import sys

STATES = {
    "1.1": "crashed",
    "1.2": "crashed",
    "1.3": "crashed",
    "1.4": "crashed",
    "1.5": "crashed",
    "1.6": "crashed",
}
SCORE = 0
SAYS = "SystemExit: 0"


sys.exit(0)
