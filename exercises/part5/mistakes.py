"""Part 5 by hand, right or with a mistake, and what each mistake would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

Table = dict[str, Any]


# 5.1


def scores(
    user_idx: int,
    predictions: np.ndarray,
    dots: np.ndarray,
    user_biases: np.ndarray,
    mean: float,
    **_: np.ndarray,
) -> Table:
    """`predictions` and `dots` are [n_users, n_movies]."""
    right, column = predictions[user_idx], min(user_idx, predictions.shape[1] - 1)
    return {
        "the dot products alone: the model also has biases and a mean": dots[user_idx],
        "the model's mean is missing": right - mean,
        "the user's bias is missing": right - user_biases[user_idx],
        "the scores of user 0: which user was asked for?": predictions[0],
        "every user's score of one movie: users and movies changed places": predictions[:, column],
        "users and movies changed places in the call of the model": (
            predictions[: len(right), column]
        ),
        "every user's scores: one user was asked for": predictions,
        "a column: one number per movie is enough": right[:, None],
        "a row inside another list: one number per movie is enough": right[None],
        "the last movie has no score: indices run from 0 to n_movies − 1": right[:-1],
        "movie 0 has no score: indices run from 0 to n_movies − 1": right[1:],
        "clipped to the stars: all that is above 5 would be tied": right.clip(1, 5),
        "the best scores first: position i must stay the score of movie i": np.sort(right)[::-1],
    }


def distances(expected: np.ndarray, dots: np.ndarray) -> Table:
    return {
        "the dot products of the embeddings: this model scores in another way": dots,
        "one number without a list around it: one movie still needs shape [1]": expected[0],
        "a 0-d tensor: one movie still needs shape [1]": expected[:1].reshape(()),
    }


def trainable(found: list[bool]) -> Table:
    """Whether the users' and the movies' table can be trained; before, the users' could not."""
    return {
        "froze the model's weights instead of only not recording": not any(found),
        "made all weights trainable: some may have been frozen before": all(found),
    }


# 5.2


def ids_of(movie_ids: Sequence[int], rows: Iterable[int]) -> list[int]:
    return [movie_ids[row] for row in rows]


def rankings(
    found: list[int],
    row: int,
    hidden: int,
    n: int,
    scores: np.ndarray,
    movie_ids: list[int],
    **_: Any,
) -> Table:
    """Of the user in this row, who has rated the movie `hidden`."""
    ranking = np.argsort(-scores[row])
    best = ids_of(movie_ids, ranking[:n])
    others = [
        [movie for movie in ids_of(movie_ids, np.argsort(-theirs)) if movie != hidden][:n]
        for theirs in np.delete(scores, row, axis=0)
    ]
    return {
        "rows of the model's table instead of raw ids: translate them back": ranking[:n].tolist(),
        "worst first: these are the movies that the user would like least": ids_of(
            movie_ids, ranking[:-1][::-1][:n]
        ),
        "worst first, and the hidden movie before all others: −inf is the lowest score": (
            ids_of(movie_ids, ranking[::-1][:n])
        ),
        "row + 1 is not the movie's id: ids have gaps. movie_index knows them": (
            ranking[:n] + 1
        ).tolist(),
        "one row too many: .loc includes its end, and slices leave it out": ids_of(
            movie_ids, ranking[: n + 1]
        ),
        "one row too few: a slice leaves its end out": ids_of(movie_ids, ranking[: n - 1]),
        "the best movies, but not best first": sorted(best),
        "the best movies with the best one last": best[::-1],
        "the user's own rated movies": [hidden],
        "the first movies of the table: they are not sorted by score": movie_ids[:n],
        "another user's favourites": found in others,
    }


def hidings(favourites: list[int], mine: list[int], theirs: list[int], n: int) -> Table:
    """`favourites` are all movies best first, `mine` those that the user has rated."""

    def without(rated: list[int]) -> list[int]:
        return [movie for movie in favourites if movie not in rated]

    return {
        "nothing was hidden: movies that the user has rated are in the list. "
        "Were raw ids compared with raw ids?": favourites[:n],
        "hidden after the list was cut to n: the list became too short": [
            movie for movie in favourites[:n] if movie not in mine
        ],
        "hid what anybody has rated, not only this user": without(mine + theirs)[:n],
        "hid what the other users have rated": without(theirs)[:n],
        "only the movies that the user has rated": [movie for movie in favourites if movie in mine][
            :n
        ],
        "only one of the user's ratings was hidden": without(mine[:1])[:n],
    }


def low_scores(found: list[int], mine: list[int], unseen: list[int], n: int) -> Table:
    return {
        "hidden with a number that is better than these scores: what is below every score?": found[
            :2
        ]
        in (mine, mine[::-1]),
        "clipped to the stars before ranking: all these movies are tied": sorted(unseen)[:n],
    }


def ties(found: list[int], score_of: dict[int, float], mine: list[int], n: int) -> Table:
    """`score_of` are all movies by id, `mine` those that the user has rated."""
    unseen = [movie for movie in score_of if movie not in mine]
    return {
        "among equal scores the higher movie_id comes first": sorted(
            unseen, key=lambda movie: (-score_of[movie], -movie)
        )[:n],
        "sorted the ids as text, where '1000' comes before '99'": sorted(
            unseen, key=lambda movie: (-score_of[movie], str(movie))
        )[:n],
        "the scores are in order, and movies with equal scores in any order": (
            [score_of.get(movie) for movie in found]
            == sorted((score_of[movie] for movie in unseen), reverse=True)[:n]
        ),
    }


def low_n(n: int) -> Table:
    return {
        "n = 0 was taken for an empty list, or for no n at all": n == 0,
        "an n below 0 was taken as if nothing were wrong with it": n < 0,
    }


# 5.3


def hits(recommended: Sequence[int], relevant: Sequence[int], k: int) -> int:
    return len(set(recommended[:k]) & set(relevant))


def precisions(recommended: Sequence[int], relevant: Sequence[int], k: int) -> Table:
    found = hits(recommended, relevant, k)
    return {
        "divided by how many were recommended: an empty place is a miss": found
        / max(len(recommended[:k]), 1),
        "divided by the number relevant: that is recall": found / len(relevant),
        "looked beyond the first k": hits(recommended, relevant, len(recommended)) / k,
        "looked at one item too few: a slice leaves its end out": hits(recommended, relevant, k - 1)
        / k,
        "the number of hits: divide it by k": float(found),
    }


def recalls(recommended: Sequence[int], relevant: Sequence[int], k: int) -> Table:
    found = hits(recommended, relevant, k)
    return {
        "divided by the smaller of k and the number relevant": found / min(k, len(relevant)),
        "divided by k: that is precision": found / k,
        "divided by how many were recommended": found / max(len(recommended[:k]), 1),
        "looked beyond the first k": hits(recommended, relevant, len(recommended)) / len(relevant),
        "the number of hits: divide it by the number relevant": float(found),
    }


def dcg(
    recommended: Sequence[int],
    relevant: Sequence[int],
    k: int,
    discount: Callable[[int], float] = lambda rank: np.log2(rank + 1),
) -> float:
    ranks = (rank for rank, item in enumerate(recommended[:k], start=1) if item in relevant)
    return float(sum(1 / discount(rank) for rank in ranks))


def ideal_dcg(n_hits: int, **options: Any) -> float:
    return dcg(range(n_hits), range(n_hits), n_hits, **options)


def ndcgs(recommended: Sequence[int], relevant: Sequence[int], k: int) -> Table:
    n_ideal, found = min(k, len(relevant)), hits(recommended, relevant, k)
    gain, ideal = dcg(recommended, relevant, k), ideal_dcg(n_ideal)

    def one_later(rank: int) -> float:
        return np.log2(rank + 2)

    late_gain = dcg(recommended, relevant, k, discount=one_later)
    late_ideal = ideal_dcg(n_ideal, discount=one_later)
    by_rank = dcg(recommended, relevant, k, discount=float)
    return {
        "not divided by the ideal list: that is DCG": gain,
        "the ideal list has hits at all k ranks, also where fewer are relevant": (
            gain / ideal_dcg(k)
        ),
        "the ideal list is longer than k": gain / ideal_dcg(len(relevant)),
        "the ideal list only has the hits that were found, not all that there were": (
            gain / ideal_dcg(found) if found else -1.0
        ),
        "looked beyond the first k": dcg(recommended, relevant, len(recommended)) / ideal,
        "discounted by 1 / r instead of by 1 / log2(r + 1)": by_rank
        / ideal_dcg(n_ideal, discount=float),
        "ranks counted from 0: log2(1) is 0, and a hit there gains infinitely much": float("nan"),
        "ranks start at 1: the first gains 1 / log2(2) = 1": late_gain / late_ideal,
        "ranks start at 1, also in the list: its first gains 1 / log2(2) = 1": late_gain / ideal,
        "ranks start at 1, also in the ideal list: its first gains 1 / log2(2) = 1": (
            gain / late_ideal
        ),
        "the ideal list has one hit too few: does a range end too early?": (
            gain / ideal_dcg(n_ideal - 1) if n_ideal > 1 else -1.0
        ),
        "the ideal list has one hit too many": gain / ideal_dcg(n_ideal + 1),
    }


# 5.4


def ridge(movie_factors: np.ndarray, residuals: np.ndarray, regularization: float) -> np.ndarray:
    return solved(movie_factors, residuals, regularization * np.eye(movie_factors.shape[1]))


def solved(movie_factors: np.ndarray, residuals: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    wide = movie_factors.astype("float64")
    return np.linalg.solve(wide.T @ wide + penalty, wide.T @ residuals)


def newcomers(movie_factors: np.ndarray, residuals: np.ndarray, regularization: float) -> Table:
    m, n_factors = movie_factors.shape
    right = ridge(movie_factors, residuals, regularization)
    system = movie_factors.T @ movie_factors + regularization * np.eye(n_factors)

    def with_penalty(penalty: float) -> np.ndarray:
        return ridge(movie_factors, residuals, penalty)

    return {
        "λ was added to every cell instead of to the diagonal": solved(
            movie_factors, residuals, regularization * np.ones((n_factors, n_factors))
        ),
        "there is no penalty: λ is missing": with_penalty(0),
        "λ is always 1: where does regularization come in?": with_penalty(1),
        "λ was squared": with_penalty(regularization**2),
        "λ was subtracted from the diagonal instead of added": with_penalty(-regularization),
        "λ was multiplied by the number of ratings": with_penalty(regularization * m),
        "the weighted sum of the movies' factors: the system was not solved": (
            movie_factors.T @ residuals
        ),
        "multiplied by the matrix instead of solving for it": (
            system @ (movie_factors.T @ residuals)
        ),
        "a column: a newcomer has one number per factor": right[:, None],
        "a single number: one factor still needs shape [1]": right.squeeze(),
        "the residuals were centred: their mean says something about the newcomer, too": ridge(
            movie_factors, residuals - residuals.mean(), regularization
        ),
    }


def without_penalty(movie_factors: np.ndarray, residuals: np.ndarray) -> Table:
    """With fewer ratings than factors: the shortest of all vectors that fit."""
    shortest = np.linalg.pinv(movie_factors.astype("float64")) @ residuals
    return {"there is no penalty: λ is missing": shortest}
