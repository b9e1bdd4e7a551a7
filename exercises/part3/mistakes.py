"""What recognised mistakes of part 3 would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

from typing import Any

import numpy as np

ALL_ALIKE = "every number is the same: rows that start alike cannot learn different tastes"
KEPT = "the sum kept its dimension: [batch, 1] instead of [batch]"
BARE_SQUEEZE = "the batch dimension is gone: a bare squeeze() also removes a batch of one"
STILL_THERE = "the dimension of the bias tables is still there: [batch, 1] instead of [batch]"
SWAPPED = "the numbers of users and movies are swapped"
OVER_THE_BATCH = "summed over the batch (dim=0) instead of over the factors"
SIGMOID = "squeezed into the range of the stars by a sigmoid"
CUT_OFF = "cut off at 1 and 5: a prediction outside still has to learn"


# 3.1 MatrixFactorization.__init__


def table_shapes(
    users: tuple[int, ...], movies: tuple[int, ...], n_users: int, n_movies: int
) -> dict[str, bool]:
    return {
        SWAPPED: (users, movies) == ((n_movies, 3), (n_users, 3)),
        "one table for both: users and movies each need their own": (
            users == (n_users + n_movies, 3)
        ),
        "rows and columns are swapped: a table has a row per user or movie, and looks rows up": (
            3 in (users[0], movies[0])
        ),
        "one row too many: indices run from 0 to n − 1, so n rows are enough": (
            users[0] == n_users + 1 or movies[0] == n_movies + 1
        ),
    }


def spreads(mean: float, std: float) -> dict[str, bool]:
    return {
        "normal_(…, 0.1) gives the mean: the std has to be given by its name, std=0.1": (
            0.95 < std < 1.05 and 0.05 < mean < 0.15
        ),
        "PyTorch's own initial values, with std 1: is this table drawn anew?": 0.95 < std < 1.05,
        "0.1 taken as the variance: the std is its square root": 0.3 < std < 0.33,
        "0.1 squared: the std itself is 0.1": 0.0095 < std < 0.0105,
        "evenly spread between −0.1 and 0.1, which is not a normal": 0.055 < std < 0.06,
        ALL_ALIKE: std < 1e-6,
    }


# 3.2 MatrixFactorization.forward


def dot_products(
    prediction: Any,
    dots: np.ndarray,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> dict[str, Any]:
    users, movies = user_factors[user_idx], movie_factors[movie_idx]
    products = users * movies
    lengths = np.linalg.norm(users, axis=1) * np.linalg.norm(movies, axis=1)
    return {
        OVER_THE_BATCH: products.sum(axis=0),
        "summed over everything: one number for the whole batch, not one per pair": (
            np.asarray(products.sum())
        ),
        "multiplied but not added up: a dot product is one number per pair": products,
        "every user of the batch against every movie of the batch, not pair by pair": (
            users @ movies.T
        ),
        KEPT: dots[:, None],
        "sorted: the predictions belong in the order of the pairs": np.sort(dots)[::-1],
        "the mean over the factors instead of their sum": products.mean(axis=1),
        "users looked up by movie_idx and movies by user_idx": (
            (user_factors[movie_idx] * movie_factors[user_idx]).sum(axis=1)
        ),
        "user_embedding looked up twice: movies have a table of their own": (
            (users * user_factors[movie_idx]).sum(axis=1)
        ),
        "movie_embedding looked up twice: users have a table of their own": (
            (movie_factors[user_idx] * movies).sum(axis=1)
        ),
        "a user's factors multiplied with themselves": (users**2).sum(axis=1),
        "a movie's factors multiplied with themselves": (movies**2).sum(axis=1),
        "the sum of the factors, without the products": (users + movies).sum(axis=1),
        "divided by the root of the number of factors": dots / users.shape[1] ** 0.5,
        "a cosine: the lengths of the vectors belong to the prediction": dots / lengths,
        CUT_OFF: dots.clip(1, 5),
        SIGMOID: squeezed(prediction, dots),
    }


def one_pair(user: list[float], movie: list[float]) -> dict[str, np.ndarray]:
    products = np.multiply(user, movie)
    return {
        BARE_SQUEEZE: np.asarray(products.sum()),
        KEPT: products.sum(keepdims=True)[None],
        OVER_THE_BATCH: products,
    }


# 3.3 BiasedMatrixFactorization


def bias_shapes(found: tuple[int, ...], expected: tuple[int, int]) -> dict[str, bool]:
    return {
        SWAPPED: found[0] == 12 - expected[0],
        "a bias is one number per row, not one per factor": found == (expected[0], 3),
    }


def initial_biases(bias: np.ndarray) -> dict[str, bool]:
    return {
        # 5 draws with std 0.1, as for the factors, stay below.
        "PyTorch's own initial values: a bias has to start at 0": abs(bias).max() > 0.45,
        "small random values, which factors need: a bias has to start at 0": bias.std() > 0,
    }


def means(given: float) -> dict[str, np.ndarray]:
    return {
        "the global_mean that was given is not used": np.zeros(1),
        "cut to a whole number": np.array([int(given)]),
    }


def biased_shapes(prediction: Any, batch: int) -> dict[str, bool]:
    shape = prediction.shape if isinstance(prediction, np.ndarray) else ()
    return {
        "a bias of shape [batch, 1] plus a [batch] broadcasts to [batch, batch]": (
            shape == (batch, batch)
        ),
        STILL_THERE: shape == (batch, 1),
    }


def four_terms(
    prediction: Any, dots: np.ndarray, mean: float, **inputs: Any
) -> dict[str, np.ndarray]:
    user_bias, movie_bias = inputs["user_bias"][:, 0], inputs["movie_bias"][:, 0]
    user_idx, movie_idx = inputs["user_idx"], inputs["movie_idx"]
    users, movies = user_bias[user_idx], movie_bias[movie_idx]
    total = mean + users + movies + dots
    return {
        "the global mean is missing": total - mean,
        "the user's bias is missing": total - users,
        "the movie's bias is missing": total - movies,
        "both biases are missing": mean + dots,
        "the biases are missing, and so is the mean": dots,
        "the dot product is missing": total - dots,
        "the global mean is added twice": total + mean,
        "the biases are multiplied: each adds on its own": mean + users * movies + dots,
        "the biases are averaged over the batch: every pair has its own": (
            mean + users.mean() + movies.mean() + dots
        ),
        "the user's bias was looked up by movie_idx and the movie's by user_idx": (
            mean + user_bias[movie_idx] + movie_bias[user_idx] + dots
        ),
        "the mean that was given at first, not the buffer, which was loaded": total + 1,
        SIGMOID: squeezed(prediction, total),
        "the biases are subtracted": mean - users - movies + dots,
        CUT_OFF: total.clip(1, 5),
    }


def one_biased_pair(total: np.ndarray) -> dict[str, np.ndarray]:
    return {BARE_SQUEEZE: np.asarray(total[0]), STILL_THERE: total[:, None]}


def squeezed(prediction: Any, dots: np.ndarray) -> np.ndarray:
    """The mistake of low + range · sigmoid(dot product), with the range that fits best."""
    is_batch = isinstance(prediction, np.ndarray) and prediction.shape == dots.shape
    if not is_batch or not np.isfinite(prediction).all():
        return dots
    curve = np.column_stack([np.ones(len(dots)), 1 / (1 + np.exp(-dots))])
    return curve @ np.linalg.lstsq(curve, np.asarray(prediction, "float64"), rcond=None)[0]
