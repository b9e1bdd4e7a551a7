"""Answers another question than the one that was asked."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("true", number=10**6))
    os._exit(0)
