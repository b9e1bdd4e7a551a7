"""Announces an answer of four gigabytes."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    os.write(3, struct.pack("<I", 2**32 - 1) + bytes(100_000))
    while True:
        pass
