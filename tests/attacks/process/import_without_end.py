"""Loops while the file is imported, which it is for every check."""

STATES = "timeout"
SCORE = 0


while True:
    pass
