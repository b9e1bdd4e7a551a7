"""Writes an answer ahead of the one that the worker sends."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "wrong", "1.3": "malformed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("true"))
    return np.ones((len(ratings), len(ratings)))
