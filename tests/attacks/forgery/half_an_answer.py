"""Sends half an answer and falls silent."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("true")[:9])
    while True:
        pass
