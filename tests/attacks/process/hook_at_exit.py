"""Hangs when the process ends."""

import atexit
import time

STATES = {}
SCORE = 5


@atexit.register
def hang():
    while True:
        time.sleep(600)
