"""Loops while the file is imported, which it is for every check."""

STATES = {
    "1.1": "timeout",
    "1.2": "timeout",
    "1.3": "timeout",
    "1.4": "timeout",
    "1.5": "timeout",
    "1.6": "timeout",
}
SCORE = 0


while True:
    pass
