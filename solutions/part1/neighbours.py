"""Part 1 – The art of recommendation: collaborative filtering by hand.

`ratings` is a float array `[n_users, n_movies]` with NaN where a user has not rated a movie. No
function changes the arrays that it is given.
"""

import numpy as np


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    """How far each rating lies above or below what its user usually gives.

    Each user's mean over the movies they rated is subtracted from those ratings. Unrated cells
    become 0 ("nothing out of the ordinary"); a user without ratings is all 0.

    Returns:
        float array `[n_users, n_movies]` without NaN; `ratings` itself is not changed.
    """
    # TODO 1.1: subtract each user's mean over the rated movies, 0 elsewhere (about 4 lines)
    # BEGIN SOLUTION 1.1
    rated = ~np.isnan(ratings)
    n_rated = rated.sum(axis=1, keepdims=True)  # [n_users, 1]
    means = np.nansum(ratings, axis=1, keepdims=True) / np.maximum(n_rated, 1)
    return np.where(rated, ratings - means, 0.0)
    # END SOLUTION 1.1


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    """Cosine between the centred ratings of every two users.

    cos(a, b) = a·b / (|a| |b|), and 0, never NaN, where a user's centred row has no length.

    Returns:
        float array `[n_users, n_users]`.
    """
    # TODO 1.2: the cosine between centred rows, 0 where a row has no length (about 4 lines)
    # BEGIN SOLUTION 1.2
    centred = centre_ratings(ratings)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)  # [n_users, 1]
    directions = centred / np.where(lengths > 0, lengths, 1.0)
    return directions @ directions.T
    # END SOLUTION 1.2


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    """Predict one rating from the `k` most similar *other* users who rated the movie.

    The user's mean plus the similarity-weighted mean of the neighbours' centred ratings of the
    movie. Only users with a positive similarity are neighbours; without any, the user's mean.

    Raises:
        ValueError: the user has no ratings, and so no mean; the message names the user.
    """
    # TODO 1.3: the user's mean plus what the k nearest neighbours add (about 8 lines)
    # BEGIN SOLUTION 1.3
    if np.isnan(ratings[user]).all():
        raise ValueError(f"user {user} has no ratings, so there is no mean to start from")
    mean = np.nanmean(ratings[user])
    similarity = user_similarity(ratings)[user]
    similarity[user] = 0.0  # nobody is their own neighbour
    neighbours = np.flatnonzero(~np.isnan(ratings[:, movie]) & (similarity > 0))
    nearest = neighbours[np.argsort(-similarity[neighbours])[:k]]
    if len(nearest) == 0:
        return float(mean)
    centred = centre_ratings(ratings)[nearest, movie]
    return float(mean + np.average(centred, weights=similarity[nearest]))
    # END SOLUTION 1.3


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    """The whole table of predictions from two small matrices.

    Args:
        user_factors: float array `[n_users, n_factors]`.
        movie_factors: float array `[n_movies, n_factors]`.

    Returns:
        float array `[n_users, n_movies]`; cell (u, m) is the dot product of user u and movie m.
    """
    # TODO 1.4: multiply the two matrices (1 line)
    # BEGIN SOLUTION 1.4
    return user_factors @ movie_factors.T
    # END SOLUTION 1.4


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    """Root mean squared error over the rated cells only.

    Args:
        ratings: float array `[n_users, n_movies]`, NaN where not rated.
        predictions: float array `[n_users, n_movies]`.
    """
    # TODO 1.5: the root of the mean squared error over the rated cells (about 2 lines)
    # BEGIN SOLUTION 1.5
    errors = (predictions - ratings)[~np.isnan(ratings)]
    return float(np.sqrt(np.mean(errors**2)))
    # END SOLUTION 1.5


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    """Turn explicit stars into implicit feedback: did the user like the movie?

    Returns:
        bool array `[n_users, n_movies]`: True from `threshold` stars on, False below it and
        where there is no rating.
    """
    # TODO 1.6: True where the rating reaches the threshold (1 line)
    # BEGIN SOLUTION 1.6
    return ratings >= threshold  # a comparison with NaN is False
    # END SOLUTION 1.6
