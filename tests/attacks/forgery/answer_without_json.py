"""Answers with bytes that are no document."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, struct.pack("<II", 8, 4) + b"\xff\xfe\x00\x00")
    os._exit(0)
