"""Answers with a document that is nested fifty thousand times."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer("[" * 50_000 + "]" * 50_000))
    os._exit(0)
