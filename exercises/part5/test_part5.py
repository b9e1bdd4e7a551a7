"""Part 5: scores of all movies, top-N lists, ranking metrics, newcomers."""

from typing import Any

import numpy as np

from exercises.part5 import mistakes, probes
from exercises.part5.mistakes import dcg, hits, ideal_dcg, ids_of, ridge
from grading.checks import Student, expect, require, task
from grading.checks.show import show

FLOATS = ("float32", "float64")

# 5.1


@task("5.1", points=1)
def test_scores_are_the_predictions_for_every_movie(
    student: Student, rng: np.random.Generator
) -> None:
    """The scores are the model's predictions for this user and every movie, in order of index."""
    users, movies = normal(rng, 8, 3), normal(rng, 5, 3)
    inputs = {"user_factors": users, "movie_factors": movies}
    biases = {"user_biases": normal(rng, 8), "movie_biases": normal(rng, 5), "mean": 3.5}
    biases["movie_biases"][0] += 6  # a score above 5 stars
    dots = users @ movies.T
    predictions = dots + biases["user_biases"][:, None] + biases["movie_biases"] + biases["mean"]
    for user_idx in (3, 0, 6):
        scores = student.run(probes.biased_scores, **inputs, **biases, user_idx=user_idx)
        expect(scores, "the scores").is_a("Tensor").equals(
            predictions[user_idx],
            looks_like=mistakes.scores(user_idx, predictions, dots, **biases),
        )


@task("5.1", points=1)
def test_scores_come_from_the_model_itself(student: Student, rng: np.random.Generator) -> None:
    """The scores are what the model itself computes, in one call for all movies."""
    users = normal(rng, 4, 2)
    for n_movies in (9, 1):
        movies = normal(rng, n_movies, 2)
        movies[0] = users[2] + 3  # a score below 1 star
        inputs = {"user_factors": users, "movie_factors": movies, "user_idx": 2}
        seen = student.run(probes.distance_scores, **inputs)
        right = 5 - ((movies - users[2]) ** 2).sum(axis=1)
        expect(seen["scores"], "the scores").is_a("Tensor").equals(
            right, looks_like=mistakes.distances(right, dots=movies @ users[2])
        )
        require(
            n_movies == 1 or seen["n_calls"] < n_movies,
            "the model was called for each movie",
            returned=f"{seen['n_calls']} calls of the model for {n_movies} movies",
            expected="one call, model(user_idx, movie_idx), with the indices of all movies",
            looks_like="a loop in Python: the model takes many pairs at once, and that is "
            "hundreds of times as fast",
        )


@task("5.1", points=1)
def test_scores_carry_no_gradients(student: Student, rng: np.random.Generator) -> None:
    """The scores carry no gradients, and afterwards the model can be trained as before."""
    users, movies = normal(rng, 3, 2), normal(rng, 6, 2)
    inputs = {"user_factors": users, "movie_factors": movies, "user_idx": 1}
    seen = student.run(probes.scores_and_gradients, **inputs)
    right, trainable = movies @ users[1], seen["trainable"]
    expect(seen["scores"], "the scores").is_a("Tensor").equals(right)
    require(
        seen["requires_grad"] is False,
        "the scores carry gradients",
        returned="scores with requires_grad=True",
        expected="scores that remember nothing of how they were computed",
        looks_like="predicted as in training: PyTorch recorded every step for a backward pass",
    )
    require(
        seen["recording"],
        "gradients are switched off for good",
        returned="no gradients anywhere after the call",
        expected="gradients switched off during the prediction only",
        looks_like="switched gradients off and not on again: training would fail now",
    )
    require(
        trainable == [False, True],
        "the model cannot be trained as before",
        returned=f"requires_grad is {trainable} for the users' and the movies' table",
        expected="[False, True], as before the call",
        looks_like=mistakes.trainable(trainable),
    )
    first = {"the scores of the first call: the model has learned since": right}
    expect(seen["scores_later"], "the scores after more training").equals(-right, looks_like=first)


# 5.2


@task("5.2", points=1)
def test_recommend_ranks_the_best_first(student: Student, rng: np.random.Generator) -> None:
    """The n movies with the highest predictions come best first, as raw ids with their ratings."""
    world = draw_world(rng, n_users=4, n_movies=11)
    scores, movie_ids, row = world["scores"], world["movie_ids"], 2
    user_id = world["user_ids"][row]
    ranking = np.argsort(-scores[row])  # rows of movies, best first
    hidden = movie_ids[ranking[-1]]  # whether hidden or not, it is not among the best
    rated = histories(user_id, {user_id: [hidden]})
    for n in (4, 1):
        found = recommendations(student.run(probes.recommend, **world, **rated, n=n))
        wrong = mistakes.rankings(found["movie_id"], row, hidden, n, **world)
        judge(found, ids_of(movie_ids, ranking[:n]), scores[row, ranking[:n]], wrong)


@task("5.2", points=1)
def test_recommend_hides_what_the_user_has_rated(
    student: Student, rng: np.random.Generator
) -> None:
    """No movie that this user has rated is recommended; other users' ratings change nothing."""
    world = draw_world(rng, n_users=3, n_movies=12)
    scores, user_ids, movie_ids = world.values()
    row, n = 1, 5
    ranking = np.argsort(-scores[row])
    favourites = ids_of(movie_ids, ranking)
    mine = [favourites[place] for place in (1, 6, 0, 1)]  # one of them twice
    theirs = [favourites[place] for place in (2, 6, 4)]
    rated = {user_ids[2]: theirs[:2], user_ids[row]: mine, user_ids[0]: theirs[2:]}
    seen = student.run(probes.recommend, **world, **histories(user_ids[row], rated), n=n)
    found = recommendations(seen)
    unseen = [place for place in ranking if movie_ids[place] not in mine][:n]
    wrong = mistakes.hidings(favourites, mine, theirs, n)
    judge(found, ids_of(movie_ids, unseen), scores[row, unseen], wrong)
    require(
        seen["ratings_unchanged"],
        "the ratings were changed",
        returned="ratings that differ from those that were passed in",
        expected="ratings as they were: work on a copy",
    )
    require(
        seen["indices_unchanged"],
        "an index was changed",
        returned="a user_index or movie_index that differs from the one that was passed in",
        expected="both as they were: the next call needs them",
        looks_like="seen movies were taken out of movie_index itself",
    )


@task("5.2", points=1)
def test_recommend_hides_also_where_all_scores_are_negative(
    student: Student, rng: np.random.Generator
) -> None:
    """A rated movie stays hidden even if every prediction is far below 0."""
    world = draw_world(rng, n_users=2, n_movies=10)
    world["scores"] -= 20_000
    scores, user_ids, movie_ids = world.values()
    row, n = 1, 6
    ranking = np.argsort(-scores[row])
    mine = ids_of(movie_ids, ranking[[1, 4]])
    rated = histories(user_ids[row], {user_ids[row]: mine})
    found = recommendations(student.run(probes.recommend, **world, **rated, n=n))
    unseen = [place for place in ranking if movie_ids[place] not in mine]
    right = ids_of(movie_ids, unseen)
    wrong = mistakes.low_scores(found["movie_id"], mine, right, n)
    judge(found, right[:n], scores[row, unseen[:n]], wrong)


@task("5.2", points=1)
def test_recommend_breaks_ties_by_lower_movie_id(
    student: Student, rng: np.random.Generator
) -> None:
    """Among equal predictions the movie with the lower movie_id comes first."""
    levels = rng.integers(2, 5, size=(2, 39)).astype("float64")  # many ties on three levels
    levels[:, [5, 20]] = 4.0  # the rated ones would stand in the list, were they not hidden
    user_ids = raw_ids(rng, 2)
    movie_ids = raw_ids(rng, 39)
    row, n = 0, 30
    mine = [movie_ids[5], movie_ids[20]]
    world = {"scores": levels, "user_ids": user_ids, "movie_ids": movie_ids}
    rated = histories(user_ids[row], {user_ids[row]: mine, user_ids[1]: movie_ids[8:11]})
    found = recommendations(student.run(probes.recommend, **world, **rated, n=n))
    score_of = dict(zip(movie_ids, levels[row].tolist(), strict=True))
    unseen = [movie for movie in movie_ids if movie not in mine]
    right = sorted(unseen, key=lambda movie: (-score_of[movie], movie))[:n]
    wrong = mistakes.ties(found["movie_id"], score_of, mine, n)
    judge(found, right, np.array([score_of[movie] for movie in right]), wrong)


@task("5.2", points=1)
def test_recommend_gives_as_many_as_there_are(student: Student, rng: np.random.Generator) -> None:
    """There are min(n, unseen) rows, n=10 by default, and none if the user has seen everything."""
    world = draw_world(rng, n_users=3, n_movies=13)
    scores, (few, nothing, everything), movie_ids = world.values()
    worst = scores[0].argmin()  # unseen, so that the first n of all movies never hold all unseen
    scores[0, [0, worst]] = scores[0, [worst, 0]]
    rated = {few: movie_ids[3:], everything: movie_ids[::-1]}

    found = recommendations(student.run(probes.recommend, **world, **histories(few, rated), n=5))
    unseen = np.argsort(-scores[0, :3])
    right = ids_of(movie_ids, unseen)
    masked = found["movie_id"][:3] == right and len(found["movie_id"]) == 5
    came_back = "the hidden movies came back at the end: 3 are left, so the list has 3 rows"
    judge(found, right, scores[0, unseen], {came_back: masked})

    inputs = {**world, **histories(nothing, rated)}
    found = recommendations(student.run(probes.recommend_by_default, **inputs))
    ranking = np.argsort(-scores[1])[:10]
    judge(found, ids_of(movie_ids, ranking), scores[1, ranking])

    found = recommendations(student.run(probes.recommend, **inputs, n=40))
    ranking = np.argsort(-scores[1])
    judge(found, ids_of(movie_ids, ranking), scores[1, ranking])

    inputs = {**world, **histories(everything, rated)}
    found = recommendations(student.run(probes.recommend, **inputs, n=4))
    expect(found["movie_id"], "the recommendations for a user who has seen everything").equals([])


@task("5.2", points=1)
def test_recommend_refuses_what_it_cannot_answer(
    student: Student, rng: np.random.Generator
) -> None:
    """An unknown user is a KeyError and an n below 1 a ValueError, each naming the value."""
    user_ids, movie_ids = raw_ids(rng, 3), raw_ids(rng, 6)
    scores = distinct_scores(rng, 3, 6)
    world = {"scores": scores, "user_ids": user_ids, "movie_ids": movie_ids}
    rated = {user_ids[0]: movie_ids[:2], user_ids[1]: movie_ids[1:2]}
    for stranger in (7777, -1):
        inputs = {**world, **histories(stranger, rated)}
        refusal = student.run(probes.refused_recommend, **inputs, n=3)
        needed = f"KeyError for user {stranger}, whom user_index lacks"
        must_be_refused(refusal, needed, "an unknown user got a list: whose is it?")
        expect(refusal, "a user_id that user_index lacks").raises("KeyError", naming=stranger)
    inputs = {**world, **histories(user_ids[2], rated)}  # who has rated nothing
    ratings = recommendations(student.run(probes.recommend, **inputs, n=6))["predicted_rating"]
    expect(ratings, "the column predicted_rating").has_shape(6)
    theirs = scores[2].tolist()
    require(
        sorted(ratings.tolist()) == sorted(theirs),
        "not the predictions for this user",
        returned=f"predicted_rating {show(ratings)}",
        expected=f"the predictions {show(theirs)} for user {user_ids[2]}, best first",
    )
    for n in (0, -3):
        inputs = {**world, **histories(user_ids[1], rated)}
        refusal = student.run(probes.refused_recommend, **inputs, n=n)
        must_be_refused(refusal, f"ValueError for n={n}", mistakes.low_n(n))
        expect(refusal, "an n below 1").raises("ValueError", naming=n)


def must_be_refused(
    refusal: dict[str, Any], expected: str, looks_like: dict[str, bool] | str
) -> None:
    """No list came back: if one did, its length says enough about it."""
    recommended = (refusal.get("returned") or {}).get("recommended")
    if isinstance(recommended, dict) and "index" in recommended:
        length = len(recommended["index"])
        require(
            False,
            "no error where one is needed",
            returned=f"a list of {length} movie{'' if length == 1 else 's'}",
            expected=expected,
            looks_like=looks_like,
        )


def recommendations(seen: dict[str, Any]) -> dict[str, Any]:
    """The two columns of the student's frame: `movie_id` as a list, `predicted_rating` as given."""
    found = seen["recommended"]
    if not (isinstance(found, dict) and found.keys() == {"columns", "dtypes", "index", "values"}):
        expect(found, "the recommendations").is_a("DataFrame")
    expect(found["columns"], "the columns").equals(["movie_id", "predicted_rating"])
    ids, ratings = found["values"]["movie_id"], found["values"]["predicted_rating"]
    if len(ids):
        ids = np.asarray(ids) if all(type(movie_id) is int for movie_id in ids) else ids
        expect(ids, "the column movie_id").has_dtype("int64", "int32")
    return {"movie_id": [int(movie_id) for movie_id in ids], "predicted_rating": ratings}


def judge(
    found: dict[str, Any],
    movie_ids: list[int],
    ratings: np.ndarray,
    looks_like: dict[str, Any] | None = None,
) -> None:
    """The ids first, then the ratings."""
    expect(found["movie_id"], "the movies").equals(
        movie_ids, problem="wrong movies or order", looks_like=looks_like
    )
    mixed_up = {"the ratings are not in the order of their movies": np.sort(ratings)}
    expect(found["predicted_rating"], "the column predicted_rating").has_dtype(*FLOATS).equals(
        ratings, looks_like=mixed_up
    )


# 5.3


@task("5.3", points=1)
def test_precision_divides_by_k(student: Student, rng: np.random.Generator) -> None:
    """Precision is the number of hits among the first k, divided by k even if fewer are listed."""
    cases = [([42, 7, 9001], [9001, 42, 13, 5], 5), ([8, 3, 5], [8, 5], 1), ([], [4], 2)]
    for case in listed(*cases) + ranked_lists(rng):
        expect(student.run(probes.precision, **case), "the precision").equals(
            hits(**case) / case["k"], looks_like=mistakes.precisions(**case)
        )


@task("5.3", points=1)
def test_recall_divides_by_the_number_relevant(student: Student, rng: np.random.Generator) -> None:
    """Recall is the number of hits among the first k, divided by how many are relevant."""
    cases = [
        ([42, 7, 9001], [9001, 42, 13, 5], 5),
        ([8, 3, 5, 1], [1, 8, 6, 4, 3], 2),
        ([8, 3], [8, 4], 1),
    ]
    for case in listed(*cases, ([], [4, 6], 2)) + ranked_lists(rng):
        expect(student.run(probes.recall, **case), "the recall").equals(
            hits(**case) / len(case["relevant"]), looks_like=mistakes.recalls(**case)
        )


@task("5.3", points=1)
def test_ndcg_discounts_by_rank(student: Student, rng: np.random.Generator) -> None:
    """A hit at rank r gains 1 / log2(r + 1); the ideal has hits at the first min(k, relevant)."""
    cases = [
        ([8, 3, 5], [3, 8, 1, 5], 3),  # the best list possible: 1.0
        ([42, 7, 9001, 5], [7, 5, 13], 4),  # (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/2)
        ([42, 7], [42, 13], 5),
        ([42, 7], [13, 42], 1),
        ([2, 9, 4, 6], [6, 9], 3),
        ([], [4, 6], 2),
    ]
    for case in listed(*cases) + ranked_lists(rng):
        ideal = ideal_dcg(min(case["k"], len(case["relevant"])))
        expect(student.run(probes.ndcg, **case), "the nDCG").equals(
            dcg(**case) / ideal, looks_like=mistakes.ndcgs(**case)
        )


@task("5.3", points=1)
def test_metrics_at_the_edges(student: Student, rng: np.random.Generator) -> None:
    """With nothing relevant each metric is 0.0; a k below 1 is a ValueError."""
    for k in (1, int(rng.integers(2, 20))):
        recommended = rng.choice(np.arange(100, 130), k, replace=False).tolist()
        relevant = [recommended[-1]]
        seen = student.run(probes.metrics_in_turn, recommended=recommended, relevant=relevant, k=k)
        for name in ("recommended", "relevant"):
            require(
                seen[f"{name}_unchanged"],
                f"{name} was changed",
                returned=f"another {name} after the metrics than before",
                expected=f"{name} as it was: it belongs to the caller",
            )
        expect(seen["values"], "precision, recall and nDCG, twice").equals(
            [1 / k, 1.0, float(1 / np.log2(k + 1))] * 2
        )
    for probe, name in (
        (probes.precision, "the precision"),
        (probes.recall, "the recall"),
        (probes.ndcg, "the nDCG"),
    ):
        value = student.run(probe, recommended=[42, 7, 9001], relevant=[], k=2)
        expect(value, f"{name} without relevant items").equals(
            0.0, looks_like={"NaN from dividing 0 by 0: nothing relevant gives 0.0": float("nan")}
        )
    for k in (0, -3):
        refusals = student.run(probes.refused_metrics, recommended=[42, 7], relevant=[7, 13], k=k)
        for metric, refusal in refusals.items():
            expect(refusal, f"a k below 1 in {metric}").raises("ValueError", naming=k)


def listed(*cases: tuple[list[int], list[int], int]) -> list[dict[str, Any]]:
    """The inputs of a metric, from ranked ids, relevant ids and k."""
    return [dict(zip(("recommended", "relevant", "k"), case, strict=True)) for case in cases]


def ranked_lists(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Some lists of ids, with k below and above their lengths."""
    lists = []
    for n_recommended, n_relevant, k in ((9, 4, 6), (5, 8, 3), (4, 3, 7)):
        ids = rng.choice(np.arange(100, 130), n_recommended + 4, replace=False).tolist()
        relevant = rng.choice(ids, n_relevant, replace=False).tolist()
        lists.append((ids[:n_recommended], relevant, k))
    return listed(*lists)


# 5.4


@task("5.4", points=1)
def test_fold_in_is_ridge_regression(student: Student, rng: np.random.Generator) -> None:
    """The newcomer's factors solve the ridge regression, with λ on the diagonal."""
    for m, n_factors, regularization, dtype in (
        (7, 3, 0.5, "float32"),
        (9, 4, 2.5, "float64"),
        (8, 1, 1.5, "float32"),
    ):
        factors, residuals = normal(rng, m, n_factors, dtype=dtype), normal(rng, m, dtype=dtype)
        inputs = {
            "movie_factors": factors,
            "residuals": residuals,
            "regularization": regularization,
        }
        seen = student.run(probes.fold_in, **inputs)
        expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
            ridge(**inputs), tolerance=1e-4, looks_like=mistakes.newcomers(**inputs)
        )


@task("5.4", points=1)
def test_fold_in_works_with_few_ratings(student: Student, rng: np.random.Generator) -> None:
    """Fewer ratings than factors are enough, and a newcomer without ratings is at zero."""
    n_factors = 5
    for m in (2, 1, 0):
        inputs = {"movie_factors": normal(rng, m, n_factors), "residuals": normal(rng, m)}
        seen = student.run(probes.fold_in, **inputs, regularization=0.3)
        expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
            ridge(**inputs, regularization=0.3),
            tolerance=1e-4,
            looks_like=mistakes.without_penalty(**inputs),
        )


@task("5.4", points=1)
def test_fold_in_takes_lambda_1_and_leaves_the_movies(
    student: Student, rng: np.random.Generator
) -> None:
    """λ is 1 unless another is given, and the movie factors stay frozen."""
    inputs = {"movie_factors": normal(rng, 6, 2), "residuals": normal(rng, 6)}
    seen = student.run(probes.fold_in_by_default, **inputs)
    expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
        ridge(**inputs, regularization=1),
        tolerance=1e-4,
        looks_like={
            "λ is 0.1 unless given": ridge(**inputs, regularization=0.1),
            "there is no penalty unless λ is given": ridge(**inputs, regularization=0),
        },
    )
    in_place = "worked in place: what belongs to the model must stay as it is"
    for name, before in inputs.items():
        expect(seen[name], name).unchanged(before, f"{name} were changed", in_place)


# Inputs


def normal(rng: np.random.Generator, *sizes: int, dtype: str = "float32") -> np.ndarray:
    return rng.normal(size=sizes).astype(dtype)


def distinct_scores(rng: np.random.Generator, n_users: int, n_movies: int) -> np.ndarray:
    """Predictions between 1 and 5, in eighths, no two of one user the same."""
    return np.stack([1 + rng.permutation(32)[:n_movies] / 8 for _ in range(n_users)])


def raw_ids(rng: np.random.Generator, count: int) -> list[int]:
    """Ascending ids with gaps, none of which is the index of a row."""
    return sorted(rng.choice(np.arange(50, 3000), count, replace=False).tolist())


def draw_world(rng: np.random.Generator, n_users: int, n_movies: int) -> dict[str, Any]:
    """The scores of a model and the raw ids of its rows, without ties."""
    return {
        "scores": distinct_scores(rng, n_users, n_movies),
        "user_ids": raw_ids(rng, n_users),
        "movie_ids": raw_ids(rng, n_movies),
    }


def histories(user_id: int, rated: dict[int, list[int]]) -> dict[str, Any]:
    """A user, the movies that they have rated, and the two columns of the other users' ratings."""
    pairs = [(user, movie) for user, movies in rated.items() for movie in movies if user != user_id]
    others = {"user_id": [user for user, _ in pairs], "movie_id": [movie for _, movie in pairs]}
    return {"user_id": user_id, "rated": rated.get(user_id, []), "others": others}
