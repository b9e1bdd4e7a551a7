"""Part 6: similar movies, genres in the factors, implicit feedback, a hybrid."""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold

from exercises.part6 import mistakes, probes
from exercises.part6.mistakes import auc, by_column, by_correlation, shuffled
from grading.checks import Student, expect, require, task
from grading.checks.show import show

# 6.1


@task("6.1", points=1)
def test_similar_movies_point_the_same_way(student: Student, rng: np.random.Generator) -> None:
    """The k movies with the highest cosine come best first, 5 unless k is given."""
    factors, order = fan(rng, 8)
    while not is_telling(factors, order, slice(0, 3)):
        factors, order = fan(rng, 8)
    target, others = order[0], order[1:]
    inputs = {"movie_factors": factors, "movie_idx": target}
    for k in (3, 1):
        seen = student.run(probes.similar, **inputs, k=k)
        expect_movies(listed(seen), others[:k], mistakes.rankings(factors, order, k))
    seen = student.run(probes.similar_by_default, **inputs)
    expect_movies(listed(seen), others[:5], mistakes.rankings(factors, order, 5))
    kinds = seen["types"]
    require(
        set(kinds) == {"int"},
        "wrong type in the list",
        returned=f"a list of {next((kind for kind in kinds if kind != 'int'), 'nothing')}",
        expected="a list of plain Python ints",
    )


@task("6.1", points=1)
def test_similar_movies_leave_the_movie_out(student: Student, rng: np.random.Generator) -> None:
    """The movie itself is never in the list, not even with duplicates of it or for a large k."""
    alone = rng.normal(size=(1, 3)).astype("float32")
    movies = listed(student.run(probes.similar, movie_factors=alone, movie_idx=0, k=2))
    require(
        movies == [],
        "the movie itself is in the list",
        returned=movies,
        expected="an empty list: there is no other movie",
    )
    while True:
        factors, order = fan(rng, 8)
        target, doubles, rest = order[0], order[1:3], order[3:]
        factors[doubles] = factors[target] * np.array([[1], [2]], dtype="float32")
        if is_telling(factors, order, slice(2, 4)):
            break
    n_above = int(np.count_nonzero(factors[order[1:]] @ factors[target] > 0))
    for place in (0, 7):  # before and after its duplicates
        swapped = np.arange(8)
        swapped[[target, place]] = place, target
        moved = {int(old): new for new, old in enumerate(swapped)}
        itself, alike = moved[target], {moved[movie] for movie in doubles}
        for k in (2, 4, 20):
            inputs = {"movie_factors": factors[swapped], "movie_idx": itself, "k": k}
            movies = listed(student.run(probes.similar, **inputs))
            require(
                itself not in movies,
                "the movie itself is in the list",
                returned=movies,
                expected=f"other movies than {itself}",
                looks_like=mistakes.itself(movies, itself, k, n_above),
            )
            after = [moved[movie] for movie in rest][: k - 2]
            require(
                len(movies) == 2 + len(after),
                "wrong number of movies",
                returned=movies,
                expected=f"{2 + len(after)} movies for k={k} and {len(factors) - 1} other movies",
            )
            in_order = sorted(movies[:2]) + movies[2:]  # of two doubles, either may come first
            require(
                in_order == sorted(alike) + after,
                "wrong movies or order",
                returned=movies,
                expected=sorted(alike) + after,
            )


@task("6.1", points=1)
def test_similar_movies_survive_a_movie_of_zeros(
    student: Student, rng: np.random.Generator
) -> None:
    """A movie whose factors are all 0 is similar to none, and the factors are left as they were."""
    while True:
        factors, order = fan(rng, 9)
        target, nobody = order[0], order[-1]
        factors[nobody] = 0
        if is_telling(factors, order, slice(0, 3)):
            break
    seen = student.run(probes.similar, movie_factors=factors, movie_idx=target, k=3)
    movies = listed(seen)
    no_direction = (
        f"movie {nobody} has no direction: 0 divided by its length 0 is NaN, "
        "and NaN sorts as the largest"
    )
    expect_movies(movies, order[1:4], {no_direction: nobody in movies})
    in_place = "worked in place: what belongs to the model must stay as it is"
    expect(seen["movie_factors"], "movie_factors").unchanged(factors, looks_like=in_place)
    require(
        seen["trainable"],
        "movie_factors can no longer be trained",
        returned="requires_grad is False afterwards",
        expected="True, as before: look at the factors without changing the table",
        looks_like="switched off for the table itself: detach() gives another view of it",
    )


def expect_movies(movies: list[int], expected: list[int], looks_like: dict[str, Any]) -> None:
    expect(movies, "the similar movies").equals(
        expected, problem="wrong movies or order", looks_like=looks_like
    )


def listed(seen: dict[str, Any]) -> list[int]:
    """The student's list, with whole numbers of any type as int."""
    expect(seen["movies"], "the similar movies").is_a("list")
    numbers = [np.asarray(movie) for movie in seen["movies"]]
    require(
        all(number.ndim == 0 and number.dtype.kind in "iu" for number in numbers),
        "wrong type in the list",
        returned=seen["movies"],
        expected="a list of movie indices",
    )
    return [int(number) for number in numbers]


def fan(rng: np.random.Generator, n_movies: int) -> tuple[np.ndarray, list[int]]:
    """Factors that spread like a fan, and the movies by angle from the first one.

    The farther from the first, the longer the factors, up to the opposite direction: cosine,
    dot product and distance order them differently.
    """
    angles = np.linspace(0, 0.97 * np.pi, n_movies) * rng.choice([-1, 1], n_movies)
    lengths = np.concatenate([[1.5], np.linspace(0.4, 4, n_movies - 1)])
    plane = np.linalg.qr(rng.normal(size=(4, 4)))[0][:2]  # two directions of four factors
    fanned = (lengths[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)) @ plane
    rows = rng.permutation(n_movies)  # where each movie of the fan stands
    factors = np.empty((n_movies, 4), dtype="float32")
    factors[rows] = fanned
    return factors, rows.tolist()


def is_telling(factors: np.ndarray, order: list[int], places: slice) -> bool:
    """Whether the rankings of two mistakes show in these places; chance may hide them."""
    rankings = (by_correlation(factors, order[0]), by_column(factors, order[0]))
    return all(ranking[places] != order[1:][places] for ranking in rankings)


# 6.2

TOLERANCE = 0.005  # another solver may rank two movies the other way round


@task("6.2", points=1)
def test_auc_is_a_mean_over_shuffled_folds(student: Student, rng: np.random.Generator) -> None:
    """The mean ROC AUC over scikit-learn's 5 stratified folds, shuffled with the seed (or 0)."""
    factors, has_genre = where_folds_matter(rng)
    of_seed_0 = auc(factors, has_genre, shuffled(0))
    in_order = auc(factors, has_genre, StratifiedKFold(5))
    seed, of_seed = 0, of_seed_0
    while min(abs(of_seed - of_seed_0), abs(of_seed - in_order)) < 0.015:
        seed += 1
        of_seed = auc(factors, has_genre, shuffled(seed))
    inputs = {"movie_factors": factors, "has_genre": has_genre}
    unshuffled = {"the folds were not shuffled": in_order}
    wrong = unshuffled | mistakes.folds_and_measures(factors, has_genre, seed=0)
    expect_auc(student.run(probes.genre_auc_by_default, **inputs), of_seed_0, wrong)
    wrong = unshuffled | mistakes.folds_and_measures(factors, has_genre, seed)
    wrong = {"the seed makes no difference": of_seed_0} | wrong
    expect_auc(student.run(probes.genre_auc, **inputs, seed=seed), of_seed, wrong)


@task("6.2", points=1)
def test_auc_standardises_within_each_fold(student: Student, rng: np.random.Generator) -> None:
    """Factors are standardised, with the scaling learned on each fold's training part alone."""
    factors, spoilt, has_genre = where_scaling_matters(rng)
    in_place = "standardised in place: what belongs to the model must stay as it is"
    for given in (factors, spoilt):
        seen = student.run(probes.genre_auc_by_default, movie_factors=given, has_genre=has_genre)
        wrong = mistakes.scalings(given, has_genre, is_spoilt=given is spoilt)
        expect_auc(seen, auc(given, has_genre, shuffled(0)), wrong)
        expect(seen["movie_factors"], "movie_factors").unchanged(given, looks_like=in_place)
        expect(seen["has_genre"], "has_genre").unchanged(has_genre, looks_like="worked in place")


@task("6.2", points=1)
def test_auc_of_a_rare_genre(student: Student, rng: np.random.Generator) -> None:
    """Folds are stratified, so that each has a movie of the genre however rare it is."""
    factors, has_genre, right = where_strata_matter(rng)
    seen = student.run(probes.genre_auc_by_default, movie_factors=factors, has_genre=has_genre)
    expect(seen["auc"], "the AUC").is_a("float").is_finite(
        looks_like="a fold had no movie of the genre: stratified folds share them out"
    ).equals(right, tolerance=TOLERANCE)


def expect_auc(seen: dict[str, Any], right: float, wrong: dict[str, float]) -> None:
    expect(seen["auc"], "the AUC").is_a("float").equals(
        right, tolerance=TOLERANCE, looks_like=wrong
    )


def blurred_genre(
    rng: np.random.Generator, n_of_genre: int = 40, n_factors: int = 8
) -> tuple[np.ndarray, np.ndarray]:
    """Factors of 120 movies that weakly predict a genre of some of them."""
    has_genre = np.zeros(120, dtype=bool)
    has_genre[rng.choice(120, n_of_genre, replace=False)] = True
    factors = rng.normal(size=(120, n_factors)).astype("float32")
    factors[has_genre, :2] += 0.5
    return factors, has_genre


def where_folds_matter(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Factors and a genre for which each mistake has an AUC of its own.

    By chance two of them may be equal: then a mistake would not show, or would look like another.
    With so few factors the penalty makes no difference; another check shows whether it is there.
    """
    while True:
        factors, has_genre = blurred_genre(rng, n_of_genre=30, n_factors=4)
        right = auc(factors, has_genre, shuffled(0))
        if shows(mistakes.aucs(factors, has_genre), right):
            in_order = auc(factors, has_genre, StratifiedKFold(5))
            if shows(mistakes.folds_and_measures(factors, has_genre, seed=0).values(), in_order):
                return factors, has_genre


def where_scaling_matters(
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factors that need a scaling, the same with one movie that spoils it, and a genre."""
    while True:
        factors, has_genre = blurred_genre(rng)
        factors[:, 0] = (has_genre + rng.normal(scale=0.2, size=len(has_genre))) / 1000
        factors[:, 1:] *= 1000  # what predicts the genre is small, and the rest is large
        spoilt = factors.copy()
        spoilt[rng.choice(np.flatnonzero(~has_genre)), 0] = -10  # makes all others look the same
        right, leaked = (
            auc(spoilt, has_genre, shuffled(0), scale_on=scale_on)
            for scale_on in ("training part", "everything")
        )
        if shows([leaked], right) and shows(mistakes.aucs(spoilt, has_genre), right):
            return factors, spoilt, has_genre


def where_strata_matter(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """Factors, a genre that plain folds do not share out, and the AUC of stratified ones.

    All factors are multiples of one vector, and the movies of the genre lie between `above` others
    and all the rest: every model ranks alike, and only which movies are in which fold matters.
    """
    plain = [test for _, test in KFold(5, shuffle=True, random_state=0).split(np.zeros(60))]
    while True:
        place = np.zeros(60)
        of_genre = rng.choice(np.concatenate(plain[:2]), 5, replace=False)  # none in other folds
        above = rng.choice(np.concatenate(plain[2:]), rng.integers(8, 17), replace=False)
        place[of_genre], place[above] = 1, 2
        factors = np.outer(place, [1.0, 0.5, 2.0]).astype("float32")
        has_genre, right = place == 1, 1 - len(above) / 55
        if shows(mistakes.unnamed_aucs(factors, has_genre), right):
            return factors, has_genre, right


def shows(wrong: Iterable[float], right: float) -> bool:
    """Whether each wrong AUC differs from the right one by more than is tolerated."""
    return all(abs(one - right) > 2 * TOLERANCE for one in wrong)


# 6.3


@task("6.3", points=1)
def test_negatives_are_unseen_and_equally_likely(
    student: Student, rng: np.random.Generator
) -> None:
    """Each row gets an unseen movie of its own user, every such movie equally likely."""
    few = np.ones((12, 8), dtype=bool)
    left = sorted(((np.array([0, 1, 2, 6]) + rng.integers(8)) % 8).tolist())  # uneven gaps
    few[1, left] = False
    few[2:] = False
    few[3:, rng.choice(left)] = True  # a popular movie is as likely as the others
    known = int(rng.choice(np.delete(np.arange(8), left)))
    few[2, known] = True
    user_idx = [1] * 1600 + [2] * 400
    inputs = {"user_idx": user_idx, "seen": few, "seed": draw_seed(rng)}
    movies = student.run(probes.negatives, **inputs)["movies"]
    expect(movies, "the movies").is_a("Tensor").has_shape(2000).has_dtype("int64")
    expect_unseen(movies, user_idx, few)
    counts = np.bincount(movies[:1600], minlength=8)[left]
    # A fair draw gives each 400, give or take 17; beyond 6 times that it is not fair.
    require(
        bool((np.abs(counts - 400) < 104).all()),
        "some unseen movies are drawn more often than others",
        returned=f"movies {left} were drawn {counts.tolist()} times",
        expected="each about 400 times in 1600 draws",
        looks_like=mistakes.unfair_draws(counts, left),
    )
    counts = np.delete(np.bincount(movies[1600:], minlength=8), known)
    require(
        bool((np.abs(counts - 400 / 7) < 42).all()),  # of 400 draws, give or take 7
        "some unseen movies are drawn more often than others",
        returned=f"the 7 unseen movies were drawn {counts.tolist()} times",
        expected="each about 57 times in 400 draws",
        looks_like={
            "only what nobody in the batch has seen is drawn: each user has unseen movies of their "
            "own": np.count_nonzero(counts) == len(left),
        },
    )

    seen = rng.random((9, 8)) < 0.5
    seen[:, 0], seen[:, 7] = np.arange(9) % 2, np.arange(1, 10) % 2  # nobody saw all or nothing
    seen[8] = True  # except one who is not asked for
    for user_idx in ([3, 6, 0, 2, 3, 7, 1], [2]):
        inputs = {"user_idx": user_idx, "seen": seen, "seed": draw_seed(rng)}
        drawn = student.run(probes.negatives, **inputs)
        movies = drawn["movies"]
        movies_of_one = len(user_idx) == 1 and np.shape(movies) == ()
        bare = {"a bare squeeze(), which also takes the batch where it has one row": movies_of_one}
        expect(movies, "the movies").is_a("Tensor").has_shape(
            len(user_idx), looks_like=bare
        ).has_dtype("int64")
        expect_unseen(movies, user_idx, seen)
        noted = "noted the drawn movies as seen: they were only drawn"
        expect(drawn["seen"], "seen").unchanged(seen, looks_like=noted)


@task("6.3", points=1)
def test_negatives_come_from_the_generator(student: Student, rng: np.random.Generator) -> None:
    """All randomness is the generator's; a user who has seen every movie is a ValueError."""
    seen = rng.random((29, 9)) < 0.3
    seen[:, 0], seen[:, 4] = True, False
    seen[11] = np.arange(9) != 4  # one movie is left
    user_idx = [11, *rng.integers(0, 29, size=39).tolist()]
    inputs = {"user_idx": user_idx, "seen": seen, "seed": draw_seed(rng)}
    drawn = student.run(probes.repeated_negatives, **inputs)
    for movies in drawn.values():
        expect(movies, "the movies").is_a("Tensor").has_shape(40)
        expect_unseen(movies, user_idx, seen)
    require(
        np.array_equal(drawn["first"], drawn["again"]),
        "the generator does not decide the draw",
        returned="other movies from a generator with the same seed",
        expected="the same movies from a generator with the same seed",
        looks_like="drew from another source of randomness than the generator",
    )
    require(
        not np.array_equal(drawn["first"], drawn["second"]),
        "the generator is not used up",
        returned="the same 40 movies in two draws in a row",
        expected="new movies in each draw",
        looks_like="set the generator back to a seed, or made a new one in each call",
    )
    others = rng.permutation(29).tolist()
    full = others.pop()
    seen[full] = True
    for place in (2, 0):
        asked = others[:3]
        asked.insert(place, full)
        inputs = {"user_idx": asked, "seen": seen, "seed": draw_seed(rng)}
        refusal = student.run(probes.refused_negatives, **inputs)
        expect(refusal, f"user_idx {full}, who has seen every movie").raises(
            "ValueError", naming=full
        )


@task("6.3", points=1)
def test_bpr_loss_is_stable(student: Student, rng: np.random.Generator) -> None:
    """The loss is the mean of −log σ(positive − negative), also where they are far apart."""
    close = rng.normal(size=7), rng.normal(size=7)
    far = np.array([500.0, -500, 2, 30, -1]), np.array([-500.0, 500, 1, 0, 20])
    for positive, negative in ((s.astype("float32") for s in scores) for scores in (close, far)):
        seen = student.run(probes.bpr_loss, positive=positive, negative=negative)
        gap = positive.astype("float64") - negative
        right = np.array(np.logaddexp(0, -gap).mean())
        expect(seen["loss"], "the loss").is_a("Tensor").equals(
            right, looks_like=mistakes.bpr_losses(gap)
        )
        slopes = -np.exp(-np.logaddexp(0, gap)) / len(gap)  # σ(gap) − 1, whose exp cannot overflow
        for sign, gradient in zip((1, -1), seen["gradients"], strict=True):
            require(
                gradient is not None,
                "no gradient reaches the scores",
                returned="a loss without gradients",
                expected="a loss that can be minimised: stay with tensors",
            )
            expect(gradient, "the gradient").equals(sign * slopes)


def expect_unseen(movies: np.ndarray, user_idx: list[int], seen: np.ndarray) -> None:
    """Every drawn movie is one that its row's user has not seen."""
    n_movies = seen.shape[1]
    require(
        bool(((movies >= 0) & (movies < n_movies)).all()),
        "no such movie",
        returned=movies,
        expected=f"indices from 0 to {n_movies - 1}",
    )
    already = seen[user_idx, movies]
    first = int(np.argmax(already))
    require(
        not already.any(),
        "a movie that its user has seen",
        returned=f"movie {int(movies[first])} for user {user_idx[first]}",
        expected=f"one of {np.flatnonzero(~seen[user_idx[first]]).tolist()}",
        looks_like=mistakes.seen_movies(movies, user_idx, seen),
    )


def draw_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 2**31))


# 6.4


@task("6.4", points=1)
def test_hybrid_has_three_small_tables(student: Student, rng: np.random.Generator) -> None:
    """Three embedding tables of std 0.1 are trained, of 32 factors by default; genres are kept."""
    n_users, n_movies, n_genres, n_factors = (int(n) for n in rng.integers(19, 90, size=4) + 20)
    genres = rng.random((n_movies, n_genres)) < 0.2
    names = [f"{name}_embedding.weight" for name in ("genre", "movie", "user")]
    for columns, probe, options in (
        (n_factors, probes.hybrid_tables, {"n_factors": n_factors}),
        (32, probes.hybrid_tables_by_default, {}),
    ):
        found = student.run(probe, n_users=n_users, genres=genres, **options)
        weights = found["weights"]
        require(
            sorted(weights) == names,
            "wrong trained weights",
            returned=sorted(weights),
            expected=names,
            looks_like=mistakes.weights(weights, names, genres),
        )
        for name, rows in zip(names, (n_genres, n_movies, n_users), strict=True):
            table = weights[name]
            expect(table, name).has_shape(rows, columns)
            std, mean = float(table.std()), float(table.mean())
            require(
                0.08 < std < 0.12 and abs(mean) < 0.04,
                f"{name} does not start small",
                returned=f"mean {mean:.2g} and std {std:.2g}",
                expected="mean 0 and std 0.1",
                looks_like=mistakes.starts(mean, std),
            )
        require(
            len(found["kept"]) > 0,
            "the genres are not kept with the model",
            returned="a model without buffers",
            expected="the genres as a buffer: register_buffer",
            looks_like="a plain attribute: it stays behind where the model is moved or saved",
        )


@task("6.4", points=1)
def test_hybrid_adds_the_genres_to_the_movie(student: Student, rng: np.random.Generator) -> None:
    """A movie's factors are its own plus the sum of its genres'; predictions are dot products."""
    model = hybrid(rng)
    genres, (users, own, of_genre) = model["genres"], model["weights"].values()
    summed = genres @ of_genre
    user_idx, movie_idx = [2, 0, 3, 2], [4, 0, 1, 3]
    wrong = mistakes.movie_factors(genres, own, of_genre)
    wrong_rows = {mistake: factors[movie_idx] for mistake, factors in wrong.items()}
    beside = {"beside each other instead of added": np.hstack([own, summed])[movie_idx]}
    vectors = student.run(probes.hybrid_movie_factors, **model, movie_idx=movie_idx)
    expect(vectors, "the movies' factors").is_a("Tensor").equals(
        (own + summed)[movie_idx], looks_like=wrong_rows | beside
    )
    for rows in ([0, 1, 2, 3], [1]):
        pairs = {
            "user_idx": [user_idx[row] for row in rows],
            "movie_idx": [movie_idx[row] for row in rows],
        }
        picked_users, picked_movies = users[pairs["user_idx"]], (own + summed)[pairs["movie_idx"]]
        picked_wrong = {mistake: factors[rows] for mistake, factors in wrong_rows.items()}
        predictions = student.run(probes.hybrid_predictions, **model, **pairs)
        expect(predictions, "the predictions").is_a("Tensor").equals(
            (picked_users * picked_movies).sum(axis=1),
            looks_like=mistakes.predictions(picked_users, picked_movies, picked_wrong),
        )


@task("6.4", points=1)
def test_hybrid_knows_a_new_movie_by_its_genres(student: Student, rng: np.random.Generator) -> None:
    """A movie without ratings gets its factors from its genres, and all three tables learn."""
    model = hybrid(rng)
    weights = model["weights"]
    weights["movie_embedding"][[1, 2]] = 0  # new movies with other genres
    users, own, of_genre = weights.values()
    of_genres = model["genres"] @ of_genre
    pairs = {"user_idx": [3, 3], "movie_idx": [1, 2]}
    predictions = student.run(probes.hybrid_predictions, **model, **pairs)
    expect(predictions, "the predictions").equals(
        of_genres[[1, 2]] @ users[3],
        looks_like={"the genres are missing: both movies are the same": np.zeros(2)},
    )

    user_idx, movie_idx = [3, 0, 3], [1, 4, 0]
    pairs = {"user_idx": user_idx, "movie_idx": movie_idx}
    gradients = student.run(probes.hybrid_gradients, **model, **pairs)
    expected = {name: np.zeros_like(table) for name, table in weights.items()}
    np.add.at(expected["user_embedding"], user_idx, (own + of_genres)[movie_idx])
    np.add.at(expected["movie_embedding"], movie_idx, users[user_idx])
    expected["genre_embedding"] += model["genres"][movie_idx].T @ users[user_idx]
    for name, gradient in gradients.items():
        require(
            gradient is not None,
            f"no gradient reaches {name}",
            returned="a table that will never learn",
            expected=f"a gradient for the rows of {name} that were used",
            looks_like="its weights were taken out of the recording, as .data or detach do",
        )
        expect(gradient, f"the gradient of {name}").equals(expected[name])


def hybrid(rng: np.random.Generator) -> dict[str, Any]:
    """Five movies with none to three of six genres, and tables of three factors."""
    genres = np.zeros((5, 6), dtype=bool)
    for movie, count in ((0, 0), (1, 1), (2, 2), (3, 3), (4, 2)):
        genres[movie, rng.choice(6, count, replace=False)] = True
    sizes = {"user_embedding": 4, "movie_embedding": 5, "genre_embedding": 6}
    tables = {name: rng.normal(size=(rows, 3)).astype("float32") for name, rows in sizes.items()}
    return {"genres": genres, "weights": tables}


# 6.5


@task("6.5", points=1)
def test_bpr_meets_every_like_beside_an_unseen_movie(
    student: Student, rng: np.random.Generator
) -> None:
    """Every liked pair comes once, in batches, each with an unseen movie drawn for it alone."""
    for n_likes, batch_size, sizes in (
        (30, 12, [12, 12, 6]),
        (8, 4, [4, 4]),
        (5, 60, [5]),
        (1, 4, [1]),
    ):
        inputs = likes_of_few(rng, n_likes) | {"batch_size": batch_size, "l2": 0.0, "lr": 0.0}
        found = student.run(probes.bpr_epoch, **inputs, seed=draw_seed(rng))
        for users, _, drawn in expect_batches(found["passed"], inputs, sizes):
            draws = set(zip(users.tolist(), drawn.tolist(), strict=True))
            n_users = len(set(users.tolist()))
            require(
                len(users) < 12 or len(draws) > n_users,
                "a movie was drawn for several pairs at once",
                returned=f"{len(draws)} drawn movies for {len(users)} pairs of {n_users} users",
                expected="a draw for each pair",
                looks_like="one movie for all pairs of a user",
            )
        for name, values in found["inputs"].items():
            expect(values, name).unchanged(inputs[name], looks_like="worked in place")


@task("6.5", points=1)
def test_bpr_order_and_negatives_come_from_the_generator(
    student: Student, rng: np.random.Generator
) -> None:
    """The generator decides the order of the pairs and the negatives; each epoch has new ones."""
    inputs = one_like_each(rng, n_users=29) | {"batch_size": 12}
    found = student.run(probes.bpr_epochs, **inputs, n_epochs=2, seed=draw_seed(rng))
    (first, second), (again, _) = (
        [ordered(expect_batches(passed, inputs, [12, 12, 5])) for passed in found[name]]
        for name in ("epochs", "again")
    )
    in_file = inputs["user_idx"].tolist()
    for what in first:
        require(
            first[what] != second[what],
            f"{what}: the same in two epochs in a row",
            returned=second[what],
            expected="new ones in every epoch",
            looks_like=mistakes.bpr_orders(second[what], first[what], in_file),
        )
        require(
            first[what] == again[what],
            f"{what}: not decided by the generator",
            returned="others from a generator with the same seed",
            expected="the same from a generator with the same seed",
            looks_like="drew from another source of randomness than the generator",
        )
    inputs = likes_of_few(rng, 1) | {"batch_size": 4}
    found = student.run(probes.bpr_epochs, **inputs, n_epochs=8, seed=draw_seed(rng))
    drawn = [int(expect_batches(passed, inputs, [1])[0][2][0]) for passed in found["epochs"]]
    require(
        len(set(drawn)) > 1,  # of 20 unseen movies
        "the drawn movies: the same in every epoch",
        returned=f"movie {drawn[0]} for a single pair in each of 8 epochs",
        expected="new ones in every epoch",
        looks_like="a fixed seed, or the generator set back to one",
    )


def ordered(batches: list[mistakes.Triples]) -> dict[str, list[int]]:
    """The users in the order of their pairs, and the drawn movies in the order of the users."""
    users, _, drawn = (np.concatenate(part) for part in zip(*batches, strict=True))
    return {
        "the order of the pairs": users.tolist(),
        "the drawn movies": drawn[np.argsort(users)].tolist(),
    }


@task("6.5", points=1)
def test_bpr_steps_on_the_loss_and_the_penalty(student: Student, rng: np.random.Generator) -> None:
    """Each batch makes a step on its BPR loss plus the penalty on its rows, in training mode."""
    for has_biases, training in ((False, True), (True, False)):
        likes = one_like_each(rng, n_users=10, has_biases=has_biases)
        inputs = likes | {"batch_size": 4, "l2": 0.3, "lr": 0.25, "training": training}
        found = student.run(probes.bpr_epoch, **inputs, seed=draw_seed(rng))
        batches = expect_batches(found["passed"], inputs, [4, 4, 2])
        modes = [call["training"] for step in found["passed"]["steps"] for call in step]
        require(
            all(modes),
            "not in training mode",
            returned=f"model.training is {modes} for the calls",
            expected="model.training is True for every call",
            looks_like="the model came in eval mode, from validation, and stayed there",
        )
        settings = inputs["weights"], batches, inputs["lr"]
        right = mistakes.bpr_pass(*settings, (inputs["l2"],) * 3)
        wrong = mistakes.bpr_steps(*settings, inputs["l2"])
        expect_weights(found["weights"], right, wrong)


@task("6.5", points=1)
def test_bpr_epoch_returns_the_mean_per_pair(student: Student, rng: np.random.Generator) -> None:
    """It returns the mean BPR loss per pair as a float, without the penalty."""
    inputs = one_like_each(rng, n_users=10) | {"batch_size": 4, "l2": 0.3}
    found = student.run(probes.bpr_epoch, **inputs, lr=0.0, seed=draw_seed(rng))
    batches = expect_batches(found["passed"], inputs, [4, 4, 2])
    weights = inputs["weights"]
    gaps = np.concatenate([mistakes.bpr_gaps(weights, batch) for batch in batches])
    of_type = {
        "a tensor, which keeps its whole graph alive: take the number out of it": isinstance(
            found["returned"], np.ndarray
        )
    }
    expect(found["returned"], "the mean loss").is_a("float", looks_like=of_type).equals(
        float(np.logaddexp(0, -gaps).mean()),
        looks_like=mistakes.bpr_means(weights, batches, inputs["l2"]),
    )


def expect_batches(
    passed: dict[str, Any], inputs: dict[str, Any], sizes: list[int]
) -> list[mistakes.Triples]:
    """The batches that were learned from, one before each step: users, liked and drawn movies."""
    steps, rest = passed["steps"], passed["rest"]
    called = sum(len(calls) for calls in [*steps, rest])
    require(
        called > 0,
        "the model was never called",
        returned="no scores with gradients",
        expected="model(user_idx, movie_idx) for the liked and for the drawn movies",
    )
    require(
        len(steps) > 0,
        "the optimizer never made a step",
        returned="no step",
        expected=f"one step for each of {len(sizes)} batches",
    )
    liked = set(zip(inputs["user_idx"].tolist(), inputs["movie_idx"].tolist(), strict=True))
    scored = [
        [pair for call in calls for pair in zip(call["users"], call["movies"], strict=True)]
        for calls in steps
    ]
    found = [[pair for pair in pairs if pair in liked] for pairs in scored]
    others = [[pair for pair in pairs if pair not in liked] for pairs in scored]
    for pairs, drawn in zip(found, others, strict=True):
        expect_drawn_unseen(drawn, inputs["seen"], n_liked=len(pairs))
    n_found = [len(pairs) for pairs in found]
    require(
        n_found == sizes,
        "wrong batches",
        returned=f"batches of {n_found} liked pairs, each with a step",
        expected=f"batches of {sizes} liked pairs",
        looks_like=mistakes.bpr_sizes(n_found, sizes),
    )
    met = {pair for pairs in found for pair in pairs}
    require(
        met == liked,
        "not every liked pair came once",
        returned=f"{len(met)} different pairs in {sum(sizes)}",
        expected=f"each of the {len(liked)} pairs",
        looks_like="drawn with replacement, or the same batch again and again",
    )
    return [in_step(*pairs) for pairs in zip(found, others, strict=True)]


def expect_weights(
    found: dict[str, np.ndarray],
    right: dict[str, np.ndarray],
    wrong: dict[str, dict[str, np.ndarray]],
) -> None:
    """The weights that the model has after the epoch."""
    for name, table in found.items():
        expect(table, name).has_shape(*right[name].shape)
        close = np.isclose(table, right[name], rtol=1e-5, atol=1e-5).all(axis=1)
        row = int(close.argmin())  # the first that differs
        require(
            bool(close.all()),
            "the weights are wrong afterwards",
            returned=f"row {row} of {name} is {show(table[row])}",
            expected=f"{show(right[name][row])}   (tolerance 1e-05)",
            looks_like={
                mistake: all(
                    np.allclose(found[other], values, rtol=1e-5, atol=1e-5)
                    for other, values in tables.items()
                )
                for mistake, tables in wrong.items()
            },
        )


def in_step(liked: list[tuple[int, int]], drawn: list[tuple[int, int]]) -> mistakes.Triples:
    """Each liked pair of a batch beside a movie that was drawn for its user."""
    (users, movies), others = np.array(liked).T, np.array(drawn).reshape(-1, 2).T
    by_user, others = np.argsort(users, kind="stable"), others[:, np.argsort(others[0])]
    require(
        np.array_equal(users[by_user], others[0]),
        "not one drawn movie for each liked one",
        returned=f"movies drawn for the users {others[0].tolist()}",
        expected=f"one for each liked pair, so for the users {users[by_user].tolist()}",
    )
    drawn_for = np.empty_like(movies)
    drawn_for[by_user] = others[1]
    return users, movies, drawn_for


def expect_drawn_unseen(pairs: list[tuple[int, int]], seen: np.ndarray, n_liked: int) -> None:
    """Each user's drawn movie is one that they have not seen; `n_liked` pairs stand beside them."""
    if not pairs:
        return
    users, movies = np.array(pairs).T
    already = seen[users, movies]
    first = int(np.argmax(already))
    require(
        not already.any(),
        "a drawn movie that its user has seen",
        returned=f"movie {int(movies[first])} for user {int(users[first])}",
        expected=f"one of {np.flatnonzero(~seen[users[first]]).tolist()}",
        looks_like=mistakes.bpr_draws(users, movies, seen, n_liked),
    )


def likes_of_few(rng: np.random.Generator, n_likes: int) -> dict[str, Any]:
    """Likes of three users, each of whom has left other movies unseen than the two others."""
    blocks = rng.permutation(60).reshape(3, 20)
    seen = np.ones((4, 60), dtype=bool)
    seen[np.arange(3)[:, None], blocks] = False
    user_idx = np.sort(np.arange(n_likes) % 3)
    movie_idx = np.concatenate(
        [
            rng.choice(np.flatnonzero(seen[user]), np.count_nonzero(user_idx == user), False)
            for user in range(3)
        ]
    )
    return likes(rng, user_idx, movie_idx, seen)


def one_like_each(
    rng: np.random.Generator, n_users: int, has_biases: bool = False
) -> dict[str, Any]:
    """One like of each user, so that the drawn movie of a pair can be told by its user.

    Each has left two movies unseen: one drawn for somebody else seldom is among them.
    """
    seen = np.ones((n_users + 2, 9), dtype=bool)
    user_idx = np.sort(rng.choice(n_users + 2, n_users, replace=False))
    movie_idx, *unseen = np.array([rng.permutation(9)[:3] for _ in user_idx]).T
    seen[user_idx, movie_idx] = True
    for movies in unseen:
        seen[user_idx, movies] = False
    return likes(rng, user_idx, movie_idx, seen, has_biases)


def likes(
    rng: np.random.Generator,
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    seen: np.ndarray,
    has_biases: bool = False,
) -> dict[str, Any]:
    """With weights well away from 0."""
    n_users, n_movies = seen.shape
    shapes = {"user_embedding": (n_users, 4), "movie_embedding": (n_movies, 4)}
    if has_biases:
        shapes |= {"user_bias": (n_users, 1), "movie_bias": (n_movies, 1)}
    weights = {
        name: (rng.uniform(0.3, 1, shape) * rng.choice([-1, 1], shape)).astype("float32")
        for name, shape in shapes.items()
    }
    return {"weights": weights, "user_idx": user_idx, "movie_idx": movie_idx, "seen": seen}
