"""Part 6: similar movies, genres in the factors, implicit feedback, a hybrid."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold, StratifiedKFold, StratifiedShuffleSplit

from exercises.part6 import probes
from grading.checks import Student, expect, require, task

# 6.1


@task("6.1", points=1)
def test_similar_movies_point_the_same_way(student: Student, rng: np.random.Generator) -> None:
    """The k movies with the highest cosine come best first, 5 unless k is given."""
    factors, order = fan(rng, 8)
    while not is_telling(factors, order, slice(0, 3)):
        factors, order = fan(rng, 8)
    target, others = order[0], order[1:]
    dots = factors @ factors[target]
    gaps = -((factors - factors[target]) ** 2).sum(axis=1)
    opposite = np.abs(dots / np.linalg.norm(factors, axis=1))
    n_above = int(np.count_nonzero(dots > 0)) - 1
    looks_like = {
        "the movie itself was hidden with 0, which is more than a cosine below 0": [
            *others[:n_above],
            target,
            *others[n_above:],
        ],
        "the dot product: movies with long factors win, whichever way they point": best(
            dots, without=target
        ),
        "the distance: cosine only asks for the direction": best(gaps, without=target),
        "the sign was lost: who points the opposite way is not similar": best(
            opposite, without=target
        ),
        "the movie itself is in the list": order,
        "worst first": others[::-1],
        "each factor was divided by its length over all movies: each movie needs a length of its "
        "own": by_column(factors, target),
        "the factors were centred first: that is a correlation": by_correlation(factors, target),
        "counted from 1: indices count from 0": [movie + 1 for movie in others],
        "the movie itself was expected last and the best was dropped instead": others[1:],
    }
    for k in (3, 1):
        seen = student.run(probes.similar, movie_factors=factors, movie_idx=target, k=k)
        judge_movies(seen, others[:k], looks_like)
    seen = student.run(probes.similar_by_default, movie_factors=factors, movie_idx=target)
    judge_movies(seen, others[:5], looks_like)
    kinds = seen["types"]
    require(
        set(kinds) == {"int"},
        "wrong type in the list",
        returned=f"a list of {next((kind for kind in kinds if kind != 'int'), 'nothing')}",
        expected="a list of plain Python ints",
    )


@task("6.1", points=1)
def test_similar_movies_leave_the_movie_out(student: Student, rng: np.random.Generator) -> None:
    """The movie itself is never in the list, not even beside its doubles or for a large k."""
    seen = student.run(
        probes.similar, movie_factors=rng.normal(size=(1, 3)).astype("float32"), movie_idx=0, k=2
    )
    require(
        listed(seen) == [],
        "the movie itself is in the list",
        returned=seen["movies"],
        expected="an empty list: there is no other movie",
    )
    while True:
        factors, order = fan(rng, 8)
        target, doubles, rest = order[0], order[1:3], order[3:]
        factors[doubles] = factors[target] * np.array([[1], [2]], dtype="float32")
        if is_telling(factors, order, slice(2, 4)):
            break
    n_above = int(np.count_nonzero(factors[order[1:]] @ factors[target] > 0))
    swapped = np.arange(8)
    for place in (0, 7):  # before and after its doubles
        swapped[[target, place]] = swapped[[place, target]]
        moved = {int(old): int(new) for new, old in enumerate(swapped)}
        for k in (2, 4, 20):
            seen = student.run(
                probes.similar,
                movie_factors=factors[swapped],
                movie_idx=moved[target],
                k=k,
            )
            movies = listed(seen)
            require(
                moved[target] not in movies,
                "the movie itself is in the list",
                returned=movies,
                expected=f"other movies than {moved[target]}",
                looks_like={
                    "dropped the first of the ranking, which was another movie with the same "
                    "direction": k < 20 and len(movies) == k,
                    "hidden with 0, which is more than a cosine below 0": (
                        moved[target] in movies[n_above : n_above + 1]
                    ),
                },
            )
            alike = {moved[movie] for movie in doubles}
            after = [moved[movie] for movie in rest][: max(k - 2, 0)]
            require(
                len(movies) == 2 + len(after),
                "wrong number of movies",
                returned=movies,
                expected=f"{2 + len(after)} movies for k={k} and {len(factors) - 1} other movies",
            )
            require(
                set(movies[:2]) == alike and movies[2:] == after,
                "wrong movies or order",
                returned=movies,
                expected=sorted(alike) + after,
            )
        swapped[[target, place]] = swapped[[place, target]]


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
    require(
        movies == order[1:4],
        "wrong movies or order",
        returned=movies,
        expected=order[1:4],
        looks_like={
            f"movie {nobody} has no direction: 0 divided by its length 0 is NaN, "
            "and NaN sorts as the largest": nobody in movies
        },
    )
    unchanged(
        seen["movie_factors"],
        factors,
        "movie_factors",
        "worked in place: what belongs to the model must stay as it is",
    )
    require(
        seen["trainable"],
        "movie_factors can no longer be trained",
        returned="requires_grad is False afterwards",
        expected="True, as before: look at the factors without changing the table",
        looks_like={"switched off for the table itself: detach() gives another view of it": True},
    )


def judge_movies(seen: dict[str, Any], movies: list[int], looks_like: dict[str, list[int]]) -> None:
    """The list of indices; each mistake is a ranking of which the first ones are in the list."""
    found = listed(seen)
    require(
        found == movies,
        "wrong movies or order",
        returned=found,
        expected=movies,
        looks_like={
            mistake: found == ranking[: len(movies)] for mistake, ranking in looks_like.items()
        },
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


def by_correlation(factors: np.ndarray, target: int) -> list[int]:
    centred = factors - factors.mean(axis=1, keepdims=True)
    lengths = np.maximum(np.linalg.norm(centred, axis=1), 1e-12)
    return best(centred @ centred[target] / lengths, without=target)


def by_column(factors: np.ndarray, target: int) -> list[int]:
    """By the dot product of factors that have length 1 over all movies."""
    scaled = factors / np.linalg.norm(factors, axis=0)
    return best(scaled @ scaled[target], without=target)


def best(scores: np.ndarray, without: int) -> list[int]:
    return [movie for movie in np.argsort(-scores).tolist() if movie != without]


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
    world = {"movie_factors": factors, "has_genre": has_genre}
    seen = student.run(probes.genre_auc_by_default, **world)
    expect(seen["auc"], "the AUC").is_a("float").equals(
        of_seed_0,
        tolerance=TOLERANCE,
        looks_like={
            "the folds were not shuffled": in_order,
            **fold_mistakes(factors, has_genre, seed=0),
        },
    )
    seen = student.run(probes.genre_auc, **world, seed=seed)
    expect(seen["auc"], "the AUC").is_a("float").equals(
        of_seed,
        tolerance=TOLERANCE,
        looks_like={
            "the seed makes no difference": of_seed_0,
            "the folds were not shuffled": in_order,
            **fold_mistakes(factors, has_genre, seed),
        },
    )


@task("6.2", points=1)
def test_auc_standardises_within_each_fold(student: Student, rng: np.random.Generator) -> None:
    """Factors are standardised, with the scaling learned on each fold's training part alone."""
    factors, spoilt, has_genre = where_scaling_matters(rng)
    for inputs, mistakes in (
        (factors, {"the factors were not standardised": "nothing"}),
        (
            spoilt,
            {
                "the scaling was learned on all movies, also on the tested ones": "everything",
                "each part was scaled by itself, also the tested one": "each part",
            },
        ),
    ):
        seen = student.run(probes.genre_auc_by_default, movie_factors=inputs, has_genre=has_genre)
        expect(seen["auc"], "the AUC").is_a("float").equals(
            auc(inputs, has_genre, shuffled(0)),
            tolerance=TOLERANCE,
            looks_like={
                mistake: auc(inputs, has_genre, shuffled(0), scale_on=scale_on)
                for mistake, scale_on in mistakes.items()
            },
        )
        unchanged(
            seen["movie_factors"],
            inputs,
            "movie_factors",
            "standardised in place: what belongs to the model must stay as it is",
        )
        unchanged(seen["has_genre"], has_genre, "has_genre", "worked in place")


@task("6.2", points=1)
def test_auc_of_a_rare_genre(student: Student, rng: np.random.Generator) -> None:
    """Folds are stratified, so that each has a movie of the genre however rare it is."""
    factors, has_genre, right = where_strata_matter(rng)
    seen = student.run(probes.genre_auc_by_default, movie_factors=factors, has_genre=has_genre)
    expect(seen["auc"], "the AUC").is_a("float").is_finite(
        looks_like={"a fold had no movie of the genre: stratified folds share them out": True}
    ).equals(right, tolerance=TOLERANCE)


def blurred_genre(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Factors of 120 movies that tell a genre of 40 of them a little."""
    has_genre = np.zeros(120, dtype=bool)
    has_genre[rng.choice(120, 40, replace=False)] = True
    factors = rng.normal(size=(120, 8)).astype("float32")
    factors[has_genre, :2] += 0.5
    return factors, has_genre


def where_folds_matter(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Factors and a genre for which each mistake has an AUC of its own.

    Chance may make two of them the same, and then a mistake would not show or look like another.
    """
    while True:
        factors, has_genre = blurred_genre(rng)
        right = auc(factors, has_genre, shuffled(0))
        if shows(mistakes(factors, has_genre), right):
            in_order = auc(factors, has_genre, StratifiedKFold(5))
            if shows(fold_mistakes(factors, has_genre, seed=0).values(), in_order):
                return factors, has_genre


def where_scaling_matters(
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factors that need a scaling, the same with one movie that spoils it, and a genre."""
    while True:
        factors, has_genre = blurred_genre(rng)
        factors[:, 0] = (has_genre + rng.normal(scale=0.2, size=len(has_genre))) / 1000
        factors[:, 1:] *= 1000  # what tells the genre is small, and the rest is large
        spoilt = factors.copy()
        spoilt[rng.choice(np.flatnonzero(~has_genre)), 0] = -10  # makes all others look the same
        right, leaked = (
            auc(spoilt, has_genre, shuffled(0), scale_on=scale_on)
            for scale_on in ("training part", "everything")
        )
        if shows([leaked], right) and shows(mistakes(spoilt, has_genre), right):
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
        if shows(unnamed_mistakes(factors, has_genre), right):
            return factors, has_genre, right


def shows(wrong: Iterable[float], right: float) -> bool:
    """Whether each wrong AUC differs from the right one by more than is tolerated."""
    return all(abs(one - right) > 2 * TOLERANCE for one in wrong)


def mistakes(factors: np.ndarray, has_genre: np.ndarray) -> Iterator[float]:
    """The AUCs of seed 0 with one mistake each, one by one: each takes a while.

    Those that chance often brings close to the right one come first.
    """
    yield auc(factors, has_genre, shuffled(0), scale_on="each part")
    yield auc(factors, has_genre, StratifiedKFold(10, shuffle=True, random_state=0))
    yield from unnamed_mistakes(factors, has_genre)
    yield auc(factors, has_genre, StratifiedKFold(5))
    yield from fold_mistakes(factors, has_genre, seed=0).values()


def unnamed_mistakes(factors: np.ndarray, has_genre: np.ndarray) -> Iterator[float]:
    """Those of seed 0 that a check catches without naming them."""
    yield auc(factors, has_genre, shuffled(0), over_folds=np.median)
    yield auc(factors, has_genre, shuffled(0), metric=average_precision_score)
    yield auc(factors, has_genre, StratifiedShuffleSplit(n_splits=5, test_size=0.2, random_state=0))


def fold_mistakes(factors: np.ndarray, has_genre: np.ndarray, seed: int) -> dict[str, float]:
    """What would come out if something about the folds or the measure were another."""
    folds = shuffled(seed)
    return {
        "accuracy: what would 'never' score?": auc(factors, has_genre, folds, metric=accuracy),
        "the AUC of yes and no: it needs how sure the model is": auc(
            factors, has_genre, folds, metric=auc_of_answers
        ),
        "scored on the movies that it was trained on": auc(
            factors, has_genre, folds, on_training=True
        ),
        "the folds were not stratified": auc(
            factors, has_genre, KFold(5, shuffle=True, random_state=seed)
        ),
        "turned around: 1 − AUC": 1 - auc(factors, has_genre, folds),
    }


Metric = Callable[[np.ndarray, np.ndarray], float]


def roc_auc(has_genre: np.ndarray, logits: np.ndarray) -> float:
    """How often a movie of the genre is ranked above another; ties count half."""
    gaps = logits[has_genre][:, None].astype(float) - logits[~has_genre]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0))) if has_genre.any() else float("nan")


def auc_of_answers(has_genre: np.ndarray, logits: np.ndarray) -> float:
    return roc_auc(has_genre, logits > 0)


def accuracy(has_genre: np.ndarray, logits: np.ndarray) -> float:
    return float(np.mean((logits > 0) == has_genre))


def shuffled(seed: int) -> StratifiedKFold:
    return StratifiedKFold(5, shuffle=True, random_state=seed)


def auc(
    factors: np.ndarray,
    has_genre: np.ndarray,
    folds: StratifiedKFold | KFold | StratifiedShuffleSplit,
    metric: Metric = roc_auc,
    scale_on: str = "training part",
    on_training: bool = False,
    over_folds: Callable[[list[float]], np.floating] = np.mean,
) -> float:
    """The mean (or what `over_folds` takes) of `metric` over folds, written out."""
    scores = []
    for training, test in folds.split(factors, has_genre):
        test = training if on_training else test
        scales = {
            "training part": (factors[training], factors[training]),
            "everything": (factors, factors),
            "each part": (factors[training], factors[test]),
            "nothing": (np.array([[-1.0], [1.0]]),) * 2,  # mean 0 and std 1
        }
        train_inputs, test_inputs = (
            (factors[part].astype("float64") - scale.mean(axis=0)) / scale.std(axis=0)
            for part, scale in zip((training, test), scales[scale_on], strict=True)
        )
        *weights, intercept = logistic_regression(train_inputs, has_genre[training])
        scores.append(metric(has_genre[test], test_inputs @ weights + intercept))
    return float(over_folds(scores))


def logistic_regression(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights, then intercept, as scikit-learn has them (penalty ½‖w‖²), by Newton's method."""
    return fitted(inputs.tobytes(), inputs.shape, labels.tobytes())


@functools.lru_cache(maxsize=1000)  # several mistakes ask for the same, and so does a whole class
def fitted(content: bytes, shape: tuple[int, int], answers: bytes) -> np.ndarray:
    inputs, labels = np.frombuffer(content).reshape(shape), np.frombuffer(answers, dtype=bool)
    design = np.column_stack([inputs, np.ones(len(inputs))])
    penalty = np.diag([1.0] * inputs.shape[1] + [0.0])
    weights = np.zeros(len(penalty))
    for _ in range(8):
        chances = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (chances - labels) + penalty @ weights
        curvature = (design.T * (chances * (1 - chances))) @ design + penalty
        weights -= np.linalg.solve(curvature, gradient)
    return weights


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
    movies = student.run(probes.negatives, user_idx=user_idx, seen=few, seed=draw_seed(rng))[
        "movies"
    ]
    expect(movies, "the movies").is_a("Tensor").has_shape(2000).has_dtype("int64")
    must_be_unseen(movies, user_idx, few)
    counts = np.bincount(movies[:1600], minlength=8)[left]
    # A fair draw gives each 400, give or take 17; beyond 6 times that it is not fair.
    require(
        bool((np.abs(counts - 400) < 104).all()),
        "some unseen movies are drawn more often than others",
        returned=f"movies {left} were drawn {counts.tolist()} times",
        expected="each about 400 times in 1600 draws",
        looks_like={
            "every row of a user got the same movie": np.count_nonzero(counts) == 1,
            "some unseen movies are never drawn": bool((counts == 0).any()),
            "took the next unseen movie after a random one: a movie after a gap comes too often": (
                as_after_gaps(counts, left)
            ),
        },
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
    seen[8] = True  # but for one who is not asked for
    for user_idx in ([3, 6, 0, 2, 3, 7, 1], [2]):
        drawn = student.run(probes.negatives, user_idx=user_idx, seen=seen, seed=draw_seed(rng))
        movies = drawn["movies"]
        movies_of_one = len(user_idx) == 1 and np.shape(movies) == ()
        bare = {"a bare squeeze(), which also takes the batch where it has one row": movies_of_one}
        expect(movies, "the movies").is_a("Tensor").has_shape(
            len(user_idx), looks_like=bare
        ).has_dtype("int64")
        must_be_unseen(movies, user_idx, seen)
        unchanged(
            drawn["seen"],
            seen,
            "seen",
            "noted the drawn movies as seen: they were only drawn",
        )


@task("6.3", points=1)
def test_negatives_come_from_the_generator(student: Student, rng: np.random.Generator) -> None:
    """All randomness is the generator's; a user who has seen every movie is a ValueError."""
    seen = rng.random((29, 9)) < 0.3
    seen[:, 0], seen[:, 4] = True, False
    seen[11] = np.arange(9) != 4  # one movie is left
    user_idx = [11, *rng.integers(0, 29, size=39).tolist()]
    drawn = student.run(
        probes.repeated_negatives, user_idx=user_idx, seen=seen, seed=draw_seed(rng)
    )
    for movies in drawn.values():
        expect(movies, "the movies").is_a("Tensor").has_shape(40)
        must_be_unseen(movies, user_idx, seen)
    require(
        np.array_equal(drawn["first"], drawn["again"]),
        "the generator does not decide the draw",
        returned="other movies from a generator with the same seed",
        expected="the same movies from a generator with the same seed",
        looks_like={"drew from another source of randomness than the generator": True},
    )
    require(
        not np.array_equal(drawn["first"], drawn["second"]),
        "the generator is not used up",
        returned="the same 40 movies in two draws in a row",
        expected="new movies in each draw",
        looks_like={"set the generator back to a seed, or made a new one in each call": True},
    )
    others = rng.permutation(29).tolist()
    full = others.pop()
    seen[full] = True
    for place in (2, 0):
        asked = others[:3]
        asked.insert(place, full)
        refusal = student.run(
            probes.refused_negatives, user_idx=asked, seen=seen, seed=draw_seed(rng)
        )
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
        losses = np.logaddexp(0, -gap)
        with np.errstate(over="ignore", divide="ignore"):
            sigmoid = 1 / (1 + np.exp(-gap))
        expect(seen["loss"], "the loss").is_a("Tensor").equals(
            np.array(losses.mean()),
            looks_like={
                "the sum: the loss is the mean": np.array(losses.sum()),
                "one loss per pair: their mean is missing": losses,
                "the sign: a loss falls where positive is above negative": np.array(-losses.mean()),
                "positive and negative changed places": np.array(np.logaddexp(0, gap).mean()),
                "the log is missing": np.array(-sigmoid.mean()),
                "1 − σ instead of −log σ": np.array(1 - sigmoid.mean()),
                "the mean was taken before the log of the sigmoid": np.array(
                    np.logaddexp(0, -gap.mean())
                ),
                "the log of a sigmoid that has become 0: it needs one function for both": (
                    np.array(np.inf)
                ),
                **{
                    f"{small:g} was added inside the log, which cuts far differences off": (
                        np.array(-np.log(sigmoid + small).mean())
                    )
                    for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
                },
                **{
                    f"the differences were cut off at {limit}": np.array(
                        np.logaddexp(0, -gap.clip(-limit, limit)).mean()
                    )
                    for limit in (10, 20, 30, 50, 80, 100)
                },
                "shape [1]: a loss is a single number": losses.mean(keepdims=True),
            },
        )
        expected = (sigmoid - 1) / len(gap)
        for sign, gradient in zip((1, -1), seen["gradients"], strict=True):
            require(
                gradient is not None,
                "no gradient reaches the scores",
                returned="a loss without gradients",
                expected="a loss that can be minimised: stay with tensors",
            )
            expect(gradient, "the gradient").equals(sign * expected)


def must_be_unseen(movies: np.ndarray, user_idx: list[int], seen: np.ndarray) -> None:
    """Every drawn movie is one that its row's user has not seen."""
    n_movies = seen.shape[1]
    inside = bool(((movies >= 0) & (movies < n_movies)).all())
    require(
        inside,
        "no such movie",
        returned=movies,
        expected=f"indices from 0 to {n_movies - 1}",
    )
    already = seen[user_idx, movies]
    by_chance = seen[user_idx].mean()  # the share of seen ones among movies drawn at random
    many, share = len(user_idx) > 1000, already.mean()
    rows = np.arange(len(user_idx))
    by_row = len(seen) >= len(user_idx) and not seen[rows, movies].any()
    first = int(np.argmax(already))
    require(
        not already.any(),
        "a movie that its user has seen",
        returned=f"movie {int(movies[first])} for user {user_idx[first]}",
        expected=f"one of {np.flatnonzero(~seen[user_idx[first]]).tolist()}",
        looks_like={
            "row i of seen was used for row i of the batch instead of for user i": by_row,
            "drew from the movies that the user has seen": len(user_idx) > 1 and already.all(),
            "drew any movie, seen or not": many and abs(share / by_chance - 1) < 0.15,
            "drew again where the movie was seen, but only once or so: the next may be seen, too": (
                many and share < by_chance
            ),
        },
    )


def as_after_gaps(counts: np.ndarray, left: list[int]) -> bool:
    """Whether each movie came as often as it and the gap before it would be hit by chance."""
    gaps = np.diff([left[-1] - 8, *left])
    return bool((np.abs(counts - gaps * 200) < 104).all())


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
        flags_trained = any(
            name not in names and np.shape(weight) == genres.shape
            for name, weight in weights.items()
        )
        require(
            sorted(weights) == names,
            "wrong trained weights",
            returned=sorted(weights),
            expected=names,
            looks_like={
                "the genres became a weight: training would change which genres a movie has": (
                    flags_trained
                ),
                "a genre table is missing: genres need vectors of their own": (
                    sorted(weights) == names[1:]
                ),
                "nothing is registered: layers must be attributes of the model": not weights,
            },
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
                looks_like={
                    "PyTorch's own start with std 1": 0.8 < std < 1.2,
                    "started at zero: users and movies would never leave it": std == 0,
                    "uniform between 0 and 1": 0.25 < std < 0.33 and mean > 0.3,
                },
            )
        require(
            len(found["kept"]) > 0,
            "the genres are not kept with the model",
            returned="a model without buffers",
            expected="the genres as a buffer: register_buffer",
            looks_like={
                "a plain attribute: it stays behind where the model is moved or saved": True
            },
        )


@task("6.4", points=1)
def test_hybrid_adds_the_genres_to_the_movie(student: Student, rng: np.random.Generator) -> None:
    """A movie's factors are its own plus the sum of its genres', and the user's dot product."""
    genres, weights = hybrid(rng)
    users, own, of_genre = (weights[f"{name}_embedding"] for name in ("user", "movie", "genre"))
    summed, count = genres @ of_genre, genres.sum(axis=1, keepdims=True)
    mean = own + summed / np.maximum(count, 1)
    user_idx, movie_idx = [2, 0, 3, 2], [4, 0, 1, 3]
    mistakes = {
        "the mean of the genres: the task asks for their sum": mean,
        "the mean of the genres, which divides 0 by 0 where there are none": np.where(
            count > 0, mean, np.nan
        ),
        "the genres are missing": own,
        "the movie's own embedding is missing": summed,
        "only the first genre counts": own
        + np.where(genres.any(axis=1)[:, None], of_genre[genres.argmax(axis=1)], 0),
        "all genres count, not only the movie's": own + of_genre.sum(axis=0),
        "the genres that the movie does not have were added": own + ~genres @ of_genre,
        "brought to length 1: the length says how sure the model is": (own + summed)
        / np.linalg.norm(own + summed, axis=1, keepdims=True),
        "flags were used as row numbers: a flag says whether, not which": (
            own + count * of_genre[1] + (genres.shape[1] - count) * of_genre[0]
        ),
    }
    vectors = student.run(
        probes.hybrid_movie_factors, genres=genres, weights=weights, movie_idx=movie_idx
    )
    expect(vectors, "the movies' factors").is_a("Tensor").equals(
        (own + summed)[movie_idx],
        looks_like={
            **{mistake: factors[movie_idx] for mistake, factors in mistakes.items()},
            "beside each other instead of added": np.hstack([own, summed])[movie_idx],
        },
    )
    for rows in ([0, 1, 2, 3], [1]):
        picked_users, picked_movies = ([idx[row] for row in rows] for idx in (user_idx, movie_idx))
        predictions = student.run(
            probes.hybrid_predictions,
            genres=genres,
            weights=weights,
            user_idx=picked_users,
            movie_idx=picked_movies,
        )
        products = users[picked_users] * (own + summed)[picked_movies]
        expect(predictions, "the predictions").is_a("Tensor").equals(
            products.sum(axis=1),
            looks_like={
                **{
                    mistake: (users[picked_users] * factors[picked_movies]).sum(axis=1)
                    for mistake, factors in mistakes.items()
                },
                "a bare squeeze(), which also takes the batch where it is one pair": (
                    products.sum(axis=1).squeeze()
                ),
                "summed over the batch (dim=0) instead of over the factors": products.sum(axis=0),
                "one number for the whole batch: one prediction per pair": np.array(products.sum()),
                "the products are not summed": products,
                "every user with every movie: one prediction per pair": (
                    users[picked_users] @ (own + summed)[picked_movies].T
                ),
            },
        )


@task("6.4", points=1)
def test_hybrid_knows_a_new_movie_by_its_genres(student: Student, rng: np.random.Generator) -> None:
    """A movie without ratings is told by its genres, and all three tables learn."""
    genres, weights = hybrid(rng)
    weights["movie_embedding"][[1, 2]] = 0  # new movies with other genres
    users, own, of_genre = (weights[f"{name}_embedding"] for name in ("user", "movie", "genre"))
    user_idx, movie_idx = [3, 3], [1, 2]
    predictions = student.run(
        probes.hybrid_predictions,
        genres=genres,
        weights=weights,
        user_idx=user_idx,
        movie_idx=movie_idx,
    )
    expect(predictions, "the predictions").equals(
        (genres @ of_genre)[movie_idx] @ users[3],
        looks_like={"the genres are missing: both movies are the same": np.zeros(2)},
    )

    user_idx, movie_idx = [3, 0, 3], [1, 4, 0]
    gradients = student.run(
        probes.hybrid_gradients,
        genres=genres,
        weights=weights,
        user_idx=user_idx,
        movie_idx=movie_idx,
    )
    expected = {name: np.zeros_like(table) for name, table in weights.items()}
    np.add.at(expected["user_embedding"], user_idx, (own + genres @ of_genre)[movie_idx])
    np.add.at(expected["movie_embedding"], movie_idx, users[user_idx])
    expected["genre_embedding"] += genres[movie_idx].T @ users[user_idx]
    for name, gradient in gradients.items():
        require(
            gradient is not None,
            f"no gradient reaches {name}",
            returned="a table that will never learn",
            expected=f"a gradient for the rows of {name} that were used",
            looks_like={"its weights were taken out of the recording, as .data or detach do": True},
        )
        expect(gradient, f"the gradient of {name}").equals(expected[name])


def hybrid(rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Five movies with none to three of six genres, and tables of three factors."""
    genres = np.zeros((5, 6), dtype=bool)
    for movie, count in ((0, 0), (1, 1), (2, 2), (3, 3), (4, 2)):
        genres[movie, rng.choice(6, count, replace=False)] = True
    sizes = {"user_embedding": 4, "movie_embedding": 5, "genre_embedding": 6}
    return genres, {
        name: rng.normal(size=(rows, 3)).astype("float32") for name, rows in sizes.items()
    }


# Side effects


def unchanged(value: np.ndarray, before: np.ndarray, name: str, mistake: str) -> None:
    """What was passed in is as it was before the call."""
    require(
        np.array_equal(value, before),
        f"{name} was changed",
        returned=value,
        expected=before,
        looks_like={mistake: True},
    )
