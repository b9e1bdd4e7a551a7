"""Answers with an array of a negative shape."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer('{"$": "array", "was": "ndarray", "dtype": "float64", "shape": [-1, 8]}'))
    os._exit(0)
