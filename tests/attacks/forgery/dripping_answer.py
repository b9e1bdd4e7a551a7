"""Sends its answer a byte at a time, so that it never comes to an end."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    import time

    while True:
        os.write(3, b"\xff\xff\x0f\x00"[:1])
        time.sleep(0.01)
