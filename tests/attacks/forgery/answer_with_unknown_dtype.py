"""Answers with an array of Python objects."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer('{"$": "array", "was": "ndarray", "dtype": "object", "shape": [1]}'))
    os._exit(0)
