"""Returns lists and dicts that hold themselves."""

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    endless = []
    endless.append(endless)
    return endless


def observed_rmse(ratings, predictions):
    endless = {}
    endless["again"] = endless
    return endless
