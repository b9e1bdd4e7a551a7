"""Returns a dict of very many keys."""

STATES = {"1.2": "malformed"}
SCORE = 5


def user_similarity(ratings):
    return {str(key): key for key in range(20_000)}
