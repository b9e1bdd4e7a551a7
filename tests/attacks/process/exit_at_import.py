"""Ends the process while the file is imported, as if all had gone well."""

import os

STATES = "crashed"
SCORE = 0
SAYS = "the code ended or broke the process"


os._exit(0)
