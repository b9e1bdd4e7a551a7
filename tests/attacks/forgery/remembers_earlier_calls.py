"""Answers a call with what an earlier call was given."""

STATES = {"1.2": "wrong"}
SCORE = 5

SEEN = []


def user_similarity(ratings):
    SEEN.append(ratings)
    first = SEEN[0]
    return first @ first.T
