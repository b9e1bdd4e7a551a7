"""Answers with a document that gives a key twice."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, answer('{"$": "float", "value": "nan", "value": 1.0, "$": "unknown"}'))
    os._exit(0)
