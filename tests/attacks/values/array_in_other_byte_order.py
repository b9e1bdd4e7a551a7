"""Returns right answers with their bytes, their rows or their memory the other way round."""

STATES = {}
SCORE = 5


def reconstruct(user_factors, movie_factors):
    return (user_factors @ movie_factors.T).astype(">f8")


def to_implicit(ratings, threshold=4.0):
    return np.asfortranarray((ratings >= threshold)[::-1, ::-1])[::-1, ::-1]


def centre_ratings(ratings):
    rated = ~np.isnan(ratings)
    means = np.nansum(ratings, axis=1) / np.maximum(rated.sum(axis=1), 1)
    centred = np.zeros((2 * len(ratings), 2 * ratings.shape[1]))[::2, ::2]
    centred[rated] = (ratings - means[:, None])[rated]
    centred.flags.writeable = False
    return centred
