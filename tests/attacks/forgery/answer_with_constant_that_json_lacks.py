"""Answers with NaN, which is not JSON."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("NaN"))
    os._exit(0)
