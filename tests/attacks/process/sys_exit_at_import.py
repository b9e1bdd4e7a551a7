"""Asks for exit with status 0 while the file is imported."""

import sys

STATES = "crashed"
SCORE = 0
SAYS = "SystemExit: 0"


sys.exit(0)
