"""Invented ratings shaped like MovieLens 100K: numpy only, and reproducible from a seed.

The model behind them, for users u and movies i:

    affinity[u, i] = ⟨taste[u], flavour[i]⟩, where a movie's flavour is mostly its genres'
    stars          = .42 user + .60 quality + .43 affinity + .82 noise, cut into 1–5
    who sees what  = popularity (a long tail) + affinity + a separate preference for genres
    in which order = around a circle of moods, from a place of the user's own

The constants were tuned until the counts, spreads and errors matched those of the real ratings.
Only such aggregates were taken from them: no user, movie or rating derives from a real one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GENRES = {  # name: movies of 1682, and the mood (family, adventurous, dark, tender)
    "Action": (251, (0.0, 0.8, 0.1, -0.3)),
    "Adventure": (135, (0.5, 0.7, -0.1, -0.1)),
    "Animation": (42, (0.9, 0.0, -0.2, -0.2)),
    "Children's": (122, (0.9, 0.0, -0.3, -0.1)),
    "Comedy": (505, (0.3, -0.4, -0.4, 0.2)),
    "Crime": (109, (-0.3, 0.2, 0.8, 0.0)),
    "Documentary": (50, (-0.1, -0.5, -0.3, -0.6)),
    "Drama": (725, (-0.5, -0.5, 0.0, 0.3)),
    "Fantasy": (22, (0.7, 0.4, 0.0, 0.1)),
    "Film-Noir": (24, (-0.3, -0.1, 0.8, 0.0)),
    "Horror": (92, (-0.4, 0.1, 0.5, -0.6)),
    "Musical": (56, (0.7, -0.2, -0.3, 0.4)),
    "Mystery": (61, (-0.1, 0.0, 0.8, 0.0)),
    "Romance": (247, (0.0, -0.3, -0.2, 0.8)),
    "Sci-Fi": (101, (0.1, 0.8, 0.1, -0.4)),
    "Thriller": (251, (-0.4, 0.4, 0.7, -0.1)),
    "War": (71, (-0.4, 0.6, -0.1, 0.3)),
    "Western": (27, (0.0, 0.6, -0.1, 0.0)),
}
GENRES = ("unknown", *_GENRES)
"""In the order of the flags in `u.item`."""
STAR_SHARES = (0.06110, 0.11370, 0.27145, 0.34174, 0.21201)
"""Of 1, 2, 3, 4 and 5 stars."""

FIRST_SECOND = 874_713_600  # 1997-09-20, UTC
LAST_SECOND = 893_289_599  # 1998-04-22, UTC


@dataclass(frozen=True)
class SyntheticRatings:
    """Ratings in random order, each array `[n_ratings]` int64, and the movies' genres."""

    user_idx: NDArray[np.int64]
    movie_idx: NDArray[np.int64]
    rating: NDArray[np.int64]
    """Stars, 1–5."""
    timestamp: NDArray[np.int64]
    """Seconds since 1970, UTC."""
    genres: NDArray[np.bool_]
    """`[n_movies, 19]`, in the order of `GENRES`."""


def make_ratings(
    seed: int = 0, n_users: int = 943, n_movies: int = 1682, n_ratings: int = 100_000
) -> SyntheticRatings:
    """Invent `n_ratings` distinct (user, movie) pairs with a rating and a time.

    Every user rates at least 20 movies, and every movie is rated at least once. Smaller sizes work
    for tests, at about the density of the default; only at the default do the statistics hold.

    Raises:
        ValueError: there are too many or too few ratings for the users and movies.
    """
    fewest, most = 20, min(737, n_movies // 2)
    if not max(fewest * n_users, n_movies) <= n_ratings <= most * n_users:
        raise ValueError(
            f"{n_ratings} ratings do not fit {n_users} users with {fewest}–{most} each "
            f"and {n_movies} movies with at least one"
        )
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=n_movies)
    genres = _draw_genres(rng, n_movies)
    flavour = np.sqrt(0.7) * _genre_directions(rng, genres, 4)
    flavour += np.sqrt(0.3) * rng.normal(size=flavour.shape)
    affinity = rng.normal(size=(n_users, 4)) @ flavour.T / 2  # [n_users, n_movies], variance 1

    counts = _draw_counts(rng, n_users, n_ratings, fewest, most)
    attraction = _popularity(rng, quality) + 0.4 * affinity + 1.8 * _choice(rng, genres, n_users)
    user_idx, movie_idx = _draw_pairs(rng, attraction, counts)

    liking = (
        0.42 * rng.normal(size=n_users)[user_idx]
        + 0.60 * quality[movie_idx]
        + 0.43 * affinity[user_idx, movie_idx]
        + 0.82 * rng.normal(size=n_ratings)
    )
    # cut at its own quantiles, so that the histogram of stars is exact
    rating = 1 + np.searchsorted(np.quantile(liking, np.cumsum(STAR_SHARES)[:-1]), liking)

    shuffled = rng.permutation(n_ratings)
    user_idx, movie_idx = user_idx[shuffled], movie_idx[shuffled]
    return SyntheticRatings(
        user_idx=user_idx,
        movie_idx=movie_idx,
        rating=rating[shuffled],
        timestamp=_draw_times(rng, user_idx, movie_idx, genres),
        genres=genres,
    )


def _draw_genres(rng: np.random.Generator, n_movies: int) -> NDArray[np.bool_]:
    """Give each genre to the movies whose mood suits it best: no horror for the youngest.

    Of the remaining movies, two stay unknown, and the others get the nearest genre.
    """
    n_of_1682, moods = (np.array(column) for column in zip(*_GENRES.values(), strict=True))
    own = np.sqrt(1 - (moods**2).sum(axis=1).clip(max=0.95))
    fit = rng.normal(size=(n_movies, moods.shape[1])) @ moods.T
    fit += own * rng.normal(size=fit.shape)  # [n_movies, 18]
    fit -= np.diagonal(np.quantile(fit, 1 - n_of_1682 / 1682, axis=0))
    genres = np.zeros((n_movies, len(GENRES)), dtype=bool)
    genres[:, 1:] = fit > 0
    without = np.flatnonzero(~genres.any(axis=1))
    genres[without[:2], 0] = True
    genres[without[2:], 1 + fit[without[2:]].argmax(axis=1)] = True
    return genres


def _genre_directions(
    rng: np.random.Generator, genres: NDArray[np.bool_], n_factors: int
) -> NDArray[np.float64]:
    """Give each genre a random direction and each movie its genres' sum: `[n_movies, n_factors]`.

    The sum is divided by √(number of genres), so that movies with many genres are not extreme, and
    then standardised.
    """
    vectors = genres @ rng.normal(size=(genres.shape[1], n_factors))
    vectors /= np.sqrt(genres.sum(axis=1, keepdims=True))
    return (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)


def _draw_counts(
    rng: np.random.Generator, n_users: int, n_ratings: int, fewest: int, most: int
) -> NDArray[np.int64]:
    """Distribute `n_ratings` over the users: log-normal, between `fewest` and `most` each."""
    weight = np.exp(1.2 * rng.normal(size=n_users))
    spare = n_ratings - fewest * n_users
    counts = fewest + np.floor(spare * weight / weight.sum()).astype(np.int64)
    counts = np.minimum(counts, most)
    while (left := n_ratings - counts.sum()) > 0:  # what rounding and the upper limit left over
        free = np.flatnonzero(counts < most)
        counts[rng.choice(free, size=min(left, len(free), n_users // 2 + 1), replace=False)] += 1
    return counts


def _popularity(rng: np.random.Generator, quality: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a log-popularity with a long tail, correlated (.7) with quality: `[n_movies]`."""
    fame = np.sqrt(0.5) * quality + np.sqrt(0.5) * rng.normal(size=len(quality))
    rank = np.argsort(np.argsort(-fame)) / len(fame)  # 0 is the most famous
    return -7.4 * rank**0.65


def _choice(
    rng: np.random.Generator, genres: NDArray[np.bool_], n_users: int, n_factors: int = 8
) -> NDArray[np.float64]:
    """Return what users choose to see, `[n_users, n_movies]`.

    It follows genres more closely than the stars do, as in real data.
    """
    vectors = genres @ rng.normal(size=(genres.shape[1], n_factors))
    vectors = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    vectors += 0.5 * rng.normal(size=vectors.shape)
    return rng.normal(size=(n_users, n_factors)) @ vectors.T / np.sqrt(1.25 * n_factors)


def _draw_pairs(
    rng: np.random.Generator, attraction: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw each user's movies without repetition, with odds of exp(attraction).

    Adding Gumbel noise to the log-odds and taking the highest does exactly that.
    """
    n_users, n_movies = attraction.shape
    order = np.argsort(-(attraction + rng.gumbel(size=attraction.shape)), axis=1)
    user_idx = np.repeat(np.arange(n_users), counts)
    movie_idx = np.concatenate([order[user, :n] for user, n in enumerate(counts)])
    for unseen in np.setdiff1d(np.arange(n_movies), movie_idx):
        n_seen = np.bincount(movie_idx, minlength=n_movies)
        well_known = np.flatnonzero(n_seen[movie_idx] >= min(51, n_seen.max()))
        movie_idx[rng.choice(well_known)] = unseen
    return user_idx, movie_idx


def _draw_times(
    rng: np.random.Generator,
    user_idx: NDArray[np.int64],
    movie_idx: NDArray[np.int64],
    genres: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Draw when each rating is given: users arrive over seven months and stay less than an hour.

    Half of the ratings come in the same second as the one before, as if from one page. One user in
    four returns some weeks later for the rest.

    The order has a drift. Movies lie on a circle, near those of similar genres; each user starts
    anywhere and goes around it once, in the same direction. So what a user rates next depends on
    what they rated last, and hardly on what they like.
    """
    place = _genre_directions(rng, genres, 2) + 0.7 * rng.normal(size=(len(genres), 2))
    angle = np.arctan2(*place.T) / (2 * np.pi)
    n_users = 1 + user_idx.max()
    drift = (angle[movie_idx] - rng.random(n_users)[user_idx]) % 1
    drift += 0.015 * rng.normal(size=len(drift))

    times = np.empty(len(user_idx), dtype=np.int64)
    arrivals = rng.integers(FIRST_SECOND, LAST_SECOND - 86_400, size=n_users)
    for user, arrival in enumerate(arrivals):
        rows = np.flatnonzero(user_idx == user)
        pauses = rng.exponential(45, size=len(rows)) * (rng.random(len(rows)) < 0.5)
        seconds = arrival + pauses.cumsum()
        if rng.random() < 0.25:
            seconds[rng.integers(1, len(rows)) :] += rng.exponential(20 * 86_400)
        times[rows[np.argsort(drift[rows])]] = np.minimum(seconds, LAST_SECOND)
    return times
