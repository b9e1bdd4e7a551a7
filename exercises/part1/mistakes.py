"""Part 1 by hand, right or with a recognised mistake, and what each mistake would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

import math
from typing import Any

import numpy as np

NAN = math.nan
AS_ZEROS = "unrated cells count as 0 stars in the user's mean"
DISTANCE = "the distance (1 − cosine) instead of the cosine"

Table = dict[str, Any]


# 1.1 centre_ratings, 1.2 user_similarity


def centrings(ratings: np.ndarray) -> Table:
    rated = ~np.isnan(ratings)
    filled = np.where(rated, ratings, 0.0)
    mean = np.array([[user_mean(row)] for row in ratings])
    row_mean = filled.mean(axis=1, keepdims=True)
    movie_mean = filled.sum(axis=0) / np.maximum(rated.sum(axis=0), 1)
    deviation = np.array([[row[~np.isnan(row)].std()] for row in ratings])
    return {
        AS_ZEROS: np.where(rated, ratings - row_mean, 0.0),
        "unrated cells were made 0 before the mean was taken and subtracted": filled - row_mean,
        "unrated cells lie below 0: they were 0 stars when the mean was subtracted": filled - mean,
        "unrated cells are still NaN, not 0": ratings - mean,
        "each movie's mean was subtracted (axis=0) instead of each user's": (
            np.where(rated, ratings - movie_mean, 0.0)
        ),
        "one mean over the whole table instead of one for each user": (
            np.where(rated, ratings - ratings[rated].mean(), 0.0)
        ),
        "also divided by the user's standard deviation": (
            np.where(rated, (ratings - mean) / no_zeros(deviation), 0.0)
        ),
    }


def similarities(ratings: np.ndarray) -> Table:
    rows, filled = centred(ratings), np.nan_to_num(ratings)
    by_column = rows / no_zeros(lengths(rows.T))
    return {
        "the ratings were not centred first": cosines(filled),
        "unrated cells counted as 0 stars when the rows were centred": (
            cosines(filled - filled.mean(axis=1, keepdims=True))
        ),
        "the dot products are not divided by the lengths of the two rows": rows @ rows.T,
        "divided by the squares of the lengths: is there a root missing?": (
            rows @ rows.T / no_zeros(outer(lengths(rows) ** 2))
        ),
        "lengths over only the movies that both users rated": cosines_of_shared(ratings),
        "divided by the lengths of the columns, the movies (axis=0), instead of the rows": (
            by_column @ by_column.T
        ),
        "movies compared with movies instead of users with users": cosines(rows.T),
        DISTANCE: 1 - cosines(rows),
    }


def no_lengths(users: list[int], n_users: int) -> Table:
    nothing = np.zeros((len(users), n_users))
    return {
        "divided by a length of 0, which gives NaN": nothing + NAN,
        "1 on the diagonal also for users whose centred row has no length": np.eye(n_users)[users],
        DISTANCE: 1 - nothing,
    }


# 1.3 predict_rating


def default_ks(ratings: np.ndarray, user: int, movie: int) -> Table:
    return {
        "k is 1 where the call does not give it; it should be 2": (
            predicted(ratings, user, movie, k=1)
        ),
        "k is more than 2 where the call does not give it": predicted(ratings, user, movie, k=3),
    }


def without_neighbours(ratings: np.ndarray, user: int, own: int) -> Table:
    """`own`: a movie that the user has rated."""
    return {
        "the mean of no neighbours at all, which is NaN": NAN,
        "0 where there is no neighbour": 0.0,
        "the user's own rating of the movie": ratings[user, own],
        "the mean over all rated cells instead of the user's": float(np.nanmean(ratings)),
        AS_ZEROS: np.nansum(ratings[user]) / ratings.shape[1],
    }


def for_nobody(returned: Any) -> Table:
    is_number = isinstance(returned, float)
    return {
        "the mean of no ratings, which is NaN": is_number and math.isnan(returned),
        "a made-up mean for somebody about whom nothing is known": is_number,
    }


def predictions(
    ratings: np.ndarray, pairs: list[tuple[int, int]], k: int, earlier: np.ndarray | None
) -> Table:
    def each(*made: str, k: int = k, **other: Any) -> np.ndarray:
        return np.array([predicted(ratings, u, movie, k, *made, **other) for u, movie in pairs])

    return {
        "the user is among their own neighbours": each("with_self"),
        "a plain mean of the neighbours, the similarities not used as weights": each("unweighted"),
        "the sum of the weighted ratings, not divided by the sum of the weights": (
            each("not_divided")
        ),
        "divided by k instead of by the sum of the weights": each("divided_by_k"),
        "the neighbours' stars instead of how far they lie from the neighbour's mean": (
            each("stars")
        ),
        "the neighbours' stars added to the mean, not their centred ratings": each("stars_on_mean"),
        "the user's own mean was not added": each("without_mean"),
        "the movie's mean instead of the user's": each("movies_mean"),
        "everyone who rated the movie instead of the k nearest": each("everyone"),
        "the k least similar users instead of the most similar": each("farthest"),
        "the k nearest of all users, though some never rated the movie": each("nearest_of_all"),
        "users with a negative similarity were asked as well": each("with_negative"),
        "users with a negative similarity were asked as well, by its size": (
            each("with_negative", "by_size")
        ),
        "similarities of ratings that were not centred (solve 1.2 first?)": each("uncentred"),
        "the first of all sorted users was left out as oneself, but it was somebody else": (
            each("without_first")
        ),
        "users with a similarity of less than 0.1 were not asked": each(only_above=0.1),
        "with the similarities of the ratings of an earlier call": each(earlier=earlier),
        "two neighbours, whatever k says": each(k=2),
    }


# 1.4 reconstruct, 1.5 observed_rmse, 1.6 to_implicit


def products(right: np.ndarray, user_factors: np.ndarray, movie_factors: np.ndarray) -> Table:
    looks_like = {
        "movies × users: rows and columns are the other way round": right.T,
        "users multiplied with users": user_factors @ user_factors.T,
        "movies multiplied with movies": movie_factors @ movie_factors.T,
        "predictions cut off at 1 and 5 stars": right.clip(1, 5),
        "a dimension is gone: a bare squeeze() removes each of one, also of one user or movie": (
            np.squeeze(right)
        ),
    }
    if len(movie_factors) == movie_factors.shape[1]:
        looks_like["rows of users met columns of movie_factors, not its rows"] = (
            user_factors @ movie_factors
        )
    if user_factors.shape == movie_factors.shape:
        looks_like["cell by cell, without adding up over the factors"] = (
            user_factors * movie_factors
        )
    return looks_like


def errors(ratings: np.ndarray, predictions: np.ndarray) -> Table:
    rated = ~np.isnan(ratings)
    filled = predictions - np.nan_to_num(ratings)
    squares = filled[rated] ** 2
    by_user = [(row[has] ** 2).mean() for row, has in zip(filled, rated, strict=True) if has.any()]
    crossed = predictions.ravel() - ratings.ravel("F")
    return {
        "NaN from the unrated cells: they have no error": NAN,
        "unrated cells count as ratings of 0 stars": np.sqrt((filled**2).mean()),
        "the sum over the rated cells divided by the number of all cells": (
            np.sqrt(squares.sum() / rated.size)
        ),
        "the mean of the squares without the root (MSE)": squares.mean(),
        "the mean of the absolute errors (MAE)": np.abs(filled[rated]).mean(),
        "the root of the sum instead of the mean": np.sqrt(squares.sum()),
        "the mean of the plain errors, in which high and low ones cancel out": filled[rated].mean(),
        "an RMSE for each user, then their mean: users count alike, not ratings": (
            np.mean(np.sqrt(by_user))
        ),
        "the root of the mean of each user's mean: users count alike, not ratings": (
            np.sqrt(np.mean(by_user))
        ),
        "0 where a single cell is rated: one error is an error, too": (
            0.0 if len(squares) == 1 else None
        ),
        "the standard deviation of the errors: a constant error vanishes": filled[rated].std(),
        "cells paired in the order of memory, as by np.nditer, not by row and column": (
            np.sqrt(np.nanmean(crossed**2))
        ),
    }


def likes(liked: np.ndarray, ratings: np.ndarray, threshold: float) -> Table:
    unrated = np.isnan(ratings)
    return {
        "numbers 0 and 1 instead of False and True": liked.astype("int64"),
        "numbers 0 and 1 instead of False and True (as floats)": liked.astype("float64"),
        "unrated cells are still NaN": np.where(unrated, NAN, liked),
        "a rating equal to the threshold is not counted": liked & (ratings != threshold),
        "unrated cells count as 0 stars, and 0 reaches this threshold": (
            np.nan_to_num(ratings) >= threshold
        ),
        "unrated cells count as liked": liked | unrated,
        "True where the user did not like the movie": ~liked,
        "True for every rated movie, liked or not": ~unrated,
        "the threshold is fixed at 4 stars": ratings >= 4.0,
        "the threshold was cut to a whole number": ratings >= int(threshold),
        "the threshold is less than 4 stars where the call gives none": ratings >= 3.5,
    }


# Slow and plain answers


def is_rated(ratings: np.ndarray, user: int, movie: int) -> bool:
    return not math.isnan(ratings[user, movie])


def user_mean(row: np.ndarray) -> float:
    stars = [float(rating) for rating in row if not math.isnan(rating)]
    return sum(stars) / len(stars) if stars else 0.0


def centred(ratings: np.ndarray) -> np.ndarray:
    means = np.array([[user_mean(row)] for row in ratings])
    return np.where(np.isnan(ratings), 0.0, ratings - means)


def lengths(rows: np.ndarray) -> np.ndarray:
    return np.array([math.sqrt(sum(x * x for x in row)) for row in rows])


def outer(sizes: np.ndarray) -> np.ndarray:
    return sizes[:, None] * sizes[None, :]


def no_zeros(divisors: np.ndarray) -> np.ndarray:
    return np.where(divisors > 0, divisors, 1.0)


def cosines(rows: np.ndarray) -> np.ndarray:
    return rows @ rows.T / no_zeros(outer(lengths(rows)))


def cosines_of_shared(ratings: np.ndarray) -> np.ndarray:
    """The mistake of taking a row's length over the movies that both users rated."""
    rows, has = centred(ratings), ~np.isnan(ratings)
    squares = (rows**2) @ has.T
    return rows @ rows.T / no_zeros(np.sqrt(squares * squares.T))


def predicted(
    ratings: np.ndarray,
    user: int,
    movie: int,
    k: int,
    *made: str,
    only_above: float = 0.0,
    earlier: np.ndarray | None = None,
) -> float:
    """The prediction; with the names of mistakes, what they would make of it."""
    compared = centred(ratings if earlier is None else earlier)
    similarity = cosines(np.nan_to_num(ratings) if "uncentred" in made else compared)[user]
    first = int(np.argsort(-similarity.round(9), kind="stable")[0])
    left_out = first if "without_first" in made else user
    candidates = [
        other
        for other in range(len(ratings))
        if (other != left_out or "with_self" in made)
        and (is_rated(ratings, other, movie) or "nearest_of_all" in made)
        and (similarity[other] > only_above or "with_negative" in made)
    ]
    candidates.sort(key=lambda other: similarity[other], reverse="farthest" not in made)
    nearest = candidates if "everyone" in made else candidates[:k]
    nearest = [other for other in nearest if is_rated(ratings, other, movie)]
    if not nearest:
        return user_mean(ratings[user])
    base = user_mean(ratings[:, movie] if "movies_mean" in made else ratings[user])
    base = 0.0 if {"without_mean", "stars"} & {*made} else base
    opinions = ratings if {"stars", "stars_on_mean"} & {*made} else centred(ratings)
    weights = [1.0 if "unweighted" in made else float(similarity[other]) for other in nearest]
    total = sum(w * opinions[other, movie] for w, other in zip(weights, nearest, strict=True))
    divisor = sum(abs(w) if "by_size" in made else w for w in weights)
    divisor = 1.0 if "not_divided" in made else k if "divided_by_k" in made else divisor
    return float(base + total / divisor)
