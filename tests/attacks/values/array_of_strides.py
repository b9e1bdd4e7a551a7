"""Returns an array whose elements lie beyond its own memory."""

STATES = {"1.2": "memory"}
SCORE = 5


def user_similarity(ratings):
    return np.lib.stride_tricks.as_strided(np.ones(1), (2**20, 2**10), (2**12, 2**12))
