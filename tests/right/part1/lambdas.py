# ruff: noqa: E731
"""No def, no type hints, no docstrings: the shortest that works."""

import numpy as np

rated = lambda r: ~np.isnan(r)
centre_ratings = lambda ratings: np.nan_to_num(ratings - np.nanmean(ratings, axis=1)[:, None])
unit = lambda rows: np.nan_to_num(rows / np.sqrt((rows * rows).sum(1))[:, None])
user_similarity = lambda ratings: unit(centre_ratings(ratings)) @ unit(centre_ratings(ratings)).T
reconstruct = lambda user_factors, movie_factors: np.dot(user_factors, movie_factors.T)
observed_rmse = lambda ratings, predictions: (
    np.mean((predictions[rated(ratings)] - ratings[rated(ratings)]) ** 2) ** 0.5
)
to_implicit = lambda ratings, threshold=4.0: np.nan_to_num(ratings, nan=-np.inf) >= threshold


def predict_rating(ratings, user, movie, k=2):
    assert_has_ratings(ratings, user)
    s = user_similarity(ratings)[user]
    ok = [o for o in range(len(s)) if o != user and rated(ratings)[o, movie] and s[o] > 0]
    ok = sorted(ok, key=lambda o: -s[o])[:k]
    c = centre_ratings(ratings)[ok, movie]
    return np.nanmean(ratings[user]) + (s[ok] @ c / s[ok].sum() if ok else 0)


def assert_has_ratings(ratings, user):
    class NoRatings(ValueError):
        pass

    if not rated(ratings)[user].any():
        raise NoRatings(user)
