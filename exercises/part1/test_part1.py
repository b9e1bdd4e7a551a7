"""Part 1: centred ratings, similar users, a first prediction, and how good it is."""

import math
from collections.abc import Callable

import numpy as np

from exercises.part1 import mistakes, probes
from exercises.part1.mistakes import centred, cosines, is_rated, lengths, predicted, user_mean
from grading.checks import Student, expect, require, task
from grading.checks.show import show

NAN = math.nan


# 1.1 centre_ratings


@task("1.1", points=1)
def test_centring_subtracts_the_users_mean(student: Student, rng: np.random.Generator) -> None:
    """Each rating minus its user's mean over the movies they rated; unrated cells become 0."""
    by_hand = np.array([[5.0, NAN, 3.0, NAN], [NAN, 1.0, 1.0, 4.0]])
    drawn = draw_ratings(rng, n_users=5, n_movies=8)
    with_one_rating = np.array([[NAN, 2.0, NAN], [4.0, NAN, 1.0]])
    of_one_user = np.array([[4.0, NAN, 1.0]])
    for ratings in (by_hand, drawn, with_one_rating, of_one_user):
        result = student.run(probes.centre_ratings, ratings=ratings)
        expect(result, "the centred ratings").is_a("ndarray").equals(
            centred(ratings), looks_like=mistakes.centrings(ratings)
        )


@task("1.1", points=1)
def test_a_user_without_ratings_is_all_zero(student: Student, rng: np.random.Generator) -> None:
    """A user who has rated nothing gets a row of zeros, not NaN and not an error."""
    ratings = draw_ratings(rng, n_users=4, n_movies=6)
    ratings[1] = NAN
    result = student.run(probes.centre_ratings, ratings=ratings)
    left_out = {"the user without ratings is left out": np.shape(result) == (3, 6)}
    still_nan = {"still NaN: the mean of nothing is NaN": np.full(6, NAN)}
    expect(result, "the centred ratings").is_a("ndarray").has_shape(4, 6, looks_like=left_out)
    expect(result[1], "the row of user 1, who has no ratings").equals(
        np.zeros(6), looks_like=still_nan
    )
    expect_moved(result, ratings)


@task("1.1", points=1)
def test_centring_leaves_its_input_alone(student: Student, rng: np.random.Generator) -> None:
    """The ratings that you were given are the same after the call as before it."""
    ratings = draw_ratings(rng, n_users=4, n_movies=7)
    seen = student.run(probes.centre_and_look_back, ratings=ratings)
    expect(seen["returned"], "the centred ratings").is_a("ndarray").has_shape(4, 7)
    expect_moved(seen["returned"], ratings)
    expect_unchanged(seen, "ratings", ratings)


def expect_moved(result: np.ndarray, ratings: np.ndarray) -> None:
    """All ratings of a user lie lower or higher by one number, whichever: that is judged above."""
    for user, row in enumerate(ratings):
        rated = ~np.isnan(row)
        moved = (result[user] - row)[rated]
        require(
            not rated.any() or (np.ptp(moved) < 1e-4 and bool(abs(moved[0]) > 1e-4)),
            "ratings that are not centred",
            returned=f"{show(result[user])} for user {user}, whose ratings are {show(row)}",
            expected="every rating of a user less the user's mean",
        )


# 1.2 user_similarity


@task("1.2", points=1)
def test_similarity_is_the_cosine_of_centred_rows(
    student: Student, rng: np.random.Generator
) -> None:
    """Users are compared by the cosine between their centred rows (here all is rated)."""
    by_hand = np.array([[5.0, 3.0, 1.0], [3.0, 2.0, 1.0], [2.0, 3.0, 4.0], [3.0, 5.0, 4.0]])
    for ratings in (by_hand, rng.uniform(1, 5, size=(6, 4)).round(2)):
        expect_similarity(student, ratings)


@task("1.2", points=1)
def test_similarity_uses_all_that_a_user_rated(student: Student, rng: np.random.Generator) -> None:
    """A row's length runs over all that the user rated; unrated cells add nothing."""
    ratings = draw_ratings(rng, n_users=5, n_movies=8)
    # Rows of length 1, so that what happens to the lengths of whole rows is not in question here.
    rows = centred(ratings)
    means = np.nanmean(ratings, axis=1, keepdims=True)
    scaled = np.where(np.isnan(ratings), NAN, rows / lengths(rows)[:, None] + means)
    expect_similarity(student, scaled)
    seen = student.run(probes.compare_and_look_back, ratings=scaled)
    expect_unchanged(seen, "ratings", scaled)


@task("1.2", points=1)
def test_similarity_is_zero_where_a_row_has_no_length(
    student: Student, rng: np.random.Generator
) -> None:
    """A user who rated nothing, or everything alike, has similarity 0 to all, never NaN."""
    ratings = draw_ratings(rng, n_users=9, n_movies=7)
    ratings[1] = NAN
    ratings[4] = 4.0
    result = student.run(probes.user_similarity, ratings=ratings)
    expect(result, "the similarities").is_a("ndarray").has_shape(9, 9)
    expect(np.asarray(result)[[1, 4]], "the similarities of users 1 and 4").equals(
        np.zeros((2, 9)), looks_like=mistakes.no_lengths([1, 4], n_users=9)
    )
    expect(result, "the similarities").is_finite()
    cosine = cosines(centred(ratings))
    clear = np.abs(cosine) > 1e-3
    require(
        np.array_equal(np.sign(result[clear]), np.sign(cosine[clear])),
        "similarities with another sign",
        returned=result,
        expected="above 0 for users of like taste, below 0 for those of opposite taste",
    )


def expect_similarity(student: Student, ratings: np.ndarray) -> None:
    result = student.run(probes.user_similarity, ratings=ratings)
    expect(result, "the similarities").is_a("ndarray").equals(
        cosines(centred(ratings)), looks_like=mistakes.similarities(ratings)
    )


# 1.3 predict_rating


@task("1.3", points=1)
def test_prediction_adds_what_the_nearest_neighbours_think(
    student: Student, rng: np.random.Generator
) -> None:
    """The user's mean plus the weighted centred ratings of the k nearest who rated the movie."""
    expect_predictions(student, SIX_USERS, [(0, 3)], k=2)
    prediction = student.run(probes.predict_rating, ratings=SIX_USERS, user=0, movie=3)
    expect(prediction, "the prediction").equals(
        predicted(SIX_USERS, 0, 3, k=2), looks_like=mistakes.default_ks(SIX_USERS, 0, 3)
    )
    earlier = None
    for k in (2, 3, 1):
        ratings, pairs = draw_pairs(rng, lambda liked, disliked, k=k: liked >= k)
        expect_predictions(student, ratings, pairs, k, earlier)
        earlier = ratings
    # A new user 0 thinks as user 1 does, and found movie 3 as good as all others.
    with_a_twin = np.vstack([np.nan_to_num(SIX_USERS[0], nan=3.0), SIX_USERS])
    expect_predictions(student, with_a_twin, [(1, 3)], k=2)
    expect_predictions(student, HARDLY_ALIKE, [(0, 3)], k=2)


@task("1.3", points=1)
def test_only_users_with_a_positive_similarity_are_neighbours(
    student: Student, rng: np.random.Generator
) -> None:
    """Users with another taste are not asked, even if fewer than k neighbours remain."""
    ratings, pairs = draw_pairs(rng, lambda liked, disliked: 1 <= liked <= 2 and disliked >= 2)
    # With k as large as this, it makes no difference who the k nearest are.
    expect_predictions(student, ratings, pairs, k=len(ratings) - 1)
    expect_predictions(student, HARDLY_ALIKE, [(0, 3)], k=1)


@task("1.3", points=1)
def test_without_a_neighbour_the_prediction_is_the_users_mean(
    student: Student, rng: np.random.Generator
) -> None:
    """With no neighbour for the movie, the prediction is the user's own mean, as a float."""
    ratings = FOUR_USERS.copy()
    ratings[0] += rng.uniform(0.1, 0.9)  # another mean, the same similarities
    for movie in (3, 4, 5, 6):
        result = student.run(probes.predict_rating, ratings=ratings, user=0, movie=movie)
        expect(result, "the prediction").equals(
            user_mean(ratings[0]), looks_like=mistakes.without_neighbours(ratings, 0, own=5)
        )
        seen = student.run(probes.predict_and_look_back, ratings=ratings, user=0, movie=movie)
        expect_unchanged(seen, "ratings", ratings)


@task("1.3", points=1)
def test_a_user_without_ratings_cannot_be_predicted(
    student: Student, rng: np.random.Generator
) -> None:
    """A user with no ratings has no mean to start from: a ValueError that names the user."""
    user = int(rng.integers(11, 23))
    # All are of one taste or of its opposite, and one user alone, of like taste, rated the movie:
    # so mistakes in the choice of neighbours, which others check, do not show.
    taste = draw_ratings(rng, n_users=1, n_movies=6)[0]
    taste[:2] = 1, 5  # a taste as clear as this makes the two users much alike
    taste[4] = NAN
    ratings = np.tile(6 - taste, (23, 1))
    ratings[user - 1] = taste
    ratings[user - 2] = taste / 2 + 1
    ratings[user - 2, 4] = rng.uniform(4, 5)
    ratings[user] = NAN
    seen = student.run(probes.predict_for_nobody, ratings=ratings, user=user, movie=4)
    signs = mistakes.for_nobody(seen.get("returned"))
    expect(seen, f"user {user}").raises("ValueError", naming=user, looks_like=signs)
    other = student.run(probes.predict_for_nobody, ratings=ratings, user=user - 1, movie=4)
    require(
        "returned" in other,
        "an error for a user who has ratings",
        returned=other.get("message"),
        expected="a prediction",
    )
    expect(other["returned"], "the prediction").equals(predicted(ratings, user - 1, 4, k=2))


def expect_predictions(
    student: Student,
    ratings: np.ndarray,
    pairs: list[tuple[int, int]],
    k: int,
    earlier: np.ndarray | None = None,
) -> None:
    """`earlier` are ratings of the same shape for which predictions were asked before."""
    looks_like = mistakes.predictions(ratings, pairs, k, earlier)
    if len(pairs) == 1:
        user, movie = pairs[0]
        one = student.run(probes.predict_rating_by, ratings=ratings, user=user, movie=movie, k=k)
        expect(one, "the prediction").is_a("float").equals(
            predicted(ratings, user, movie, k),
            looks_like={mistake: values[0] for mistake, values in looks_like.items()},
        )
        return
    users, movies = (list(side) for side in zip(*pairs, strict=True))
    result = student.run(probes.predict_ratings, ratings=ratings, users=users, movies=movies, k=k)
    for prediction in result:
        expect(prediction, "a prediction").is_a("float")
    expect(np.array(result), "the predictions").equals(
        np.array([predicted(ratings, user, movie, k) for user, movie in pairs]),
        looks_like=looks_like,
    )


# 1.4 reconstruct


@task("1.4", points=1)
def test_each_cell_is_a_dot_product(student: Student, rng: np.random.Generator) -> None:
    """Cell (u, m) is the dot product of user u's and movie m's factors, whatever the sizes."""
    by_hand = (
        np.array([[1.0, 0.0], [0.5, 2.0], [0.0, 3.0]]),
        np.array([[4.0, 1.0], [2.0, -1.0], [0.0, 5.0], [1.0, 1.0]]),
    )
    drawn = rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
    for users, movies in (by_hand, drawn):
        expect_table(student, users, movies)
        expect_table(student, users[:1], movies)
        expect_table(student, users, movies[:1])
        expect_table(student, users[:, :1], movies[:, :1])
    for n in (2, 4):  # as many users and movies as factors
        expect_table(student, rng.normal(size=(n, n)), rng.normal(size=(n, n)))


def expect_table(student: Student, user_factors: np.ndarray, movie_factors: np.ndarray) -> None:
    inputs = {"user_factors": user_factors, "movie_factors": movie_factors}
    products = [[float((user * movie).sum()) for movie in movie_factors] for user in user_factors]
    expect(student.run(probes.reconstruct, **inputs), "the predictions").is_a("ndarray").equals(
        np.array(products), looks_like=mistakes.products(np.array(products), **inputs)
    )


# 1.5 observed_rmse


@task("1.5", points=1)
def test_rmse_is_the_root_of_the_mean_square(student: Student, rng: np.random.Generator) -> None:
    """The root of the mean of the squared errors, over the rated cells, as one float."""
    ratings = draw_ratings(rng, n_users=4, n_movies=7, n_rated=3)
    of_one_rating = np.where(np.arange(7) == 2, [4.0], NAN)[None]
    for inputs in (
        {"ratings": ratings, "predictions": rng.uniform(1, 5, size=(4, 7)).round(2)},
        {"ratings": ratings, "predictions": np.full((4, 7), 3)},  # whole numbers
        {"ratings": of_one_rating, "predictions": rng.uniform(1, 3, size=(1, 7)).round(2)},
    ):
        expect_rmse(student.run(probes.observed_rmse, **inputs), **inputs)
        seen = student.run(probes.measure_and_look_back, **inputs)
        expect_rmse(seen["returned"], **inputs)
        for name, before in inputs.items():
            expect_unchanged(seen, name, before)


@task("1.5", points=1)
def test_each_rated_cell_counts_the_same(student: Student, rng: np.random.Generator) -> None:
    """Each rated cell counts once: a user with many ratings counts for more than one with few."""
    by_hand = np.array([[4.0, 2.0, 5.0], [NAN, 1.0, NAN], [NAN, NAN, NAN]])
    # Errors of 1 in the mean, as of 0, 0, 0 and 2, which the root leaves as they are.
    by_hand_too = np.array([[4.0, 2.0, 5.0], [3.0, 3.0, 3.0], [2.0, 2.0, 5.0]])
    ratings = draw_ratings(rng, n_users=6, n_movies=5)
    ratings[2] = NAN
    errors = rng.normal(size=(6, 5))
    errors /= math.sqrt((errors[~np.isnan(ratings)] ** 2).mean())
    for inputs in (
        {"ratings": by_hand, "predictions": by_hand_too},
        {"ratings": ratings, "predictions": np.where(np.isnan(ratings), 3.0, ratings + errors)},
    ):
        expect_rmse(student.run(probes.observed_rmse, **inputs), **inputs)
    size = rng.uniform(1.5, 3)
    larger = np.where(np.isnan(ratings), 3.0, ratings + size * errors)
    result = student.run(probes.observed_rmse, ratings=ratings, predictions=larger)
    require(
        isinstance(result, float | int)
        and any(math.isclose(result, value, rel_tol=1e-5) for value in (size, size**2)),
        "larger errors are not measured as larger",
        returned=result,
        expected=f"{size:.4g}, as each error is {size:.4g} times as large as before",
    )


def expect_rmse(result: object, ratings: np.ndarray, predictions: np.ndarray) -> None:
    cells = zip(predictions.flat, ratings.flat, strict=True)
    squares = [float(p - r) ** 2 for p, r in cells if not math.isnan(r)]
    expect(result, "the error").equals(
        math.sqrt(sum(squares) / len(squares)), looks_like=mistakes.errors(ratings, predictions)
    )


# 1.6 to_implicit


@task("1.6", points=1)
def test_liked_means_four_stars_or_more(student: Student, rng: np.random.Generator) -> None:
    """From 4 stars on, or the threshold given, a movie is liked; below, or unrated, it is not."""
    by_hand = np.array([[4.0, 3.5, NAN], [5.0, NAN, 1.0]])
    drawn = rng.choice([1.0, 2.0, 3.0, 3.5, 4.0, 4.5, 5.0, NAN], size=(5, 7))
    for ratings in (by_hand, drawn):
        expect_liked(student.run(probes.to_implicit, ratings=ratings), ratings, 4.0)
        seen = student.run(probes.like_and_look_back, ratings=ratings)
        expect_liked(seen["returned"], ratings, 4.0)
        expect_unchanged(seen, "ratings", ratings)
    ratings = rng.choice([0.5, 1.5, 2.0, 2.5, 3.5, 4.0, 5.0, NAN], size=(4, 6))
    ratings[0, :] = [2.5, 1.5, NAN, 3.5, 5.0, 2.0]
    for threshold in (2.5, 5.0, 0.0):
        result = student.run(probes.to_implicit_from, ratings=ratings, threshold=threshold)
        expect_liked(result, ratings, threshold)


def expect_liked(result: object, ratings: np.ndarray, threshold: float) -> None:
    liked = np.array(
        [[not math.isnan(stars) and stars >= threshold for stars in row] for row in ratings]
    )
    expect(result, "what users liked").is_a("ndarray").equals(
        liked, looks_like=mistakes.likes(liked, ratings, threshold)
    )


# Inputs and what becomes of them

# Users 1 to 4 are of like taste to user 0, user 5 of opposite; the nearest, 4, left movie 3 out.
SIX_USERS = np.array(
    [
        [5.0, 1.0, 4.0, NAN, 2.0],
        [5.0, 2.0, 4.0, 5.0, NAN],
        [4.0, 3.0, 4.0, 4.0, 3.0],
        [4.0, 2.0, NAN, 1.0, 2.0],
        [5.0, 1.0, 4.0, NAN, 1.0],
        [1.0, 5.0, 2.0, 4.0, 5.0],
    ]
)

# The similarity of the two is 0.02.
HARDLY_ALIKE = np.array([[5.0, 1.0, 3.0, NAN], [3.1, 3.0, 1.0, 5.0]])

# Movie 3 was rated by a user of opposite taste and by one who shares no movie with user 0;
# movie 4 by nobody, 5 by user 0 alone, and 6 by the one who shares no movie.
FOUR_USERS = np.array(
    [
        [5.0, 2.0, 2.0, NAN, NAN, 1.0, NAN],
        [4.0, 1.0, 1.0, NAN, NAN, NAN, NAN],
        [1.0, 5.0, 3.0, 5.0, NAN, NAN, NAN],
        [NAN, NAN, NAN, 3.0, NAN, NAN, 5.0],
    ]
)


def expect_unchanged(seen: dict[str, np.ndarray], name: str, before: np.ndarray) -> None:
    """The array that came in is as it was before the call."""
    changed = ~np.isclose(seen[name], before, equal_nan=True)
    require(
        not changed.any(),
        "the input was changed",
        returned=f"{np.count_nonzero(changed)} of {changed.size} {name} differ after the call",
        expected=f"a new array; the {name} as they were",
        looks_like="wrote into the array that came in, the caller's own data",
    )


def draw_ratings(
    rng: np.random.Generator, n_users: int, n_movies: int, n_rated: int | None = None
) -> np.ndarray:
    """A table of ratings with two decimals, so that no two similarities are the same.

    Each user leaves at least one movie out and has rated `n_rated`, by default 3 or more.
    """
    ratings = np.full((n_users, n_movies), NAN)
    for row in ratings:
        n = rng.integers(3, n_movies) if n_rated is None else n_rated
        row[rng.permutation(n_movies)[:n]] = rng.uniform(1, 5, size=n).round(2)
    return ratings


def draw_pairs(
    rng: np.random.Generator, wanted: Callable[[int, int], bool]
) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Ratings, and up to 8 pairs (user, movie) for which `wanted(liked, disliked)` holds.

    `liked` and `disliked` count the other raters of the movie with a positive and a negative
    similarity to the user; a similarity of about 0 counts as neither.
    """
    while True:
        ratings = draw_ratings(rng, n_users=9, n_movies=6)
        similarity = cosines(centred(ratings))
        pairs = []
        for user, movie in np.ndindex(ratings.shape):
            others = [u for u in range(len(ratings)) if u != user and is_rated(ratings, u, movie)]
            close_to = similarity[user, others]
            if wanted(int((close_to > 1e-6).sum()), int((close_to < -1e-6).sum())):
                pairs.append((user, movie))
        if len(pairs) >= 4:
            chosen = rng.permutation(len(pairs))[:8]
            return ratings, [pairs[i] for i in chosen]
