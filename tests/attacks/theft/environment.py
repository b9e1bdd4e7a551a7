"""Looks for secrets in the environment and the arguments."""

import os
import sys

STATES = {}
SCORE = 5

ITS_OWN = {"HOME", "TMPDIR", "LANG", "LC_CTYPE"}
got = [name for name in os.environ if name not in ITS_OWN] + sys.argv[1:]

if got:
    raise RuntimeError(f"it got {got[:3]}")
