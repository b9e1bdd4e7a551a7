"""Returns lists in lists, a hundred thousand deep."""

STATES = {"1.2": "wrong"}
SCORE = 5


def user_similarity(ratings):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
