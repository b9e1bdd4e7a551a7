"""Writes an answer of its own on the worker's connection, and ends."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "wrong", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer('{"passed": true, "points": 100}'))
    os._exit(0)
