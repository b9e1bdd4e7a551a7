"""Answers with a whole number of a hundred thousand digits."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("9" * 100_000))
    os._exit(0)
