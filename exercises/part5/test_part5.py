"""Part 5: scores of all movies, top-N lists, ranking metrics, newcomers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from exercises.part5 import probes
from grading.checks import Student, expect, require, task
from grading.checks.show import show

FLOATS = ("float32", "float64")

# 5.1


@task("5.1", points=1)
def test_scores_are_the_predictions_for_every_movie(
    student: Student, rng: np.random.Generator
) -> None:
    """The scores are the model's predictions of this user for every movie, in order of index."""
    users, movies = normal(rng, 8, 3), normal(rng, 5, 3)
    user_biases, movie_biases, mean = normal(rng, 8), normal(rng, 5), 3.5
    dots = users @ movies.T
    predictions = dots + user_biases[:, None] + movie_biases + mean
    for user_idx in (3, 0, 6):
        scores = student.run(
            probes.biased_scores,
            user_factors=users,
            movie_factors=movies,
            user_biases=user_biases,
            movie_biases=movie_biases,
            mean=mean,
            user_idx=user_idx,
        )
        expect(scores, "the scores").is_a("Tensor").equals(
            predictions[user_idx],
            looks_like={
                "the dot products alone: the model also has biases and a mean": dots[user_idx],
                "the model's mean is missing": predictions[user_idx] - mean,
                "the user's bias is missing": predictions[user_idx] - user_biases[user_idx],
                "the scores of user 0: which user was asked for?": predictions[0],
                "every user's score of one movie: users and movies changed places": predictions[
                    :, min(user_idx, 4)
                ],
                "users and movies changed places in the call of the model": (
                    predictions[:5, min(user_idx, 4)]
                ),
                "every user's scores: one user was asked for": predictions,
                "a column: one number per movie is enough": predictions[user_idx][:, None],
                "a row inside another list: one number per movie is enough": predictions[user_idx][
                    None
                ],
                "the last movie has no score: indices run from 0 to n_movies − 1": predictions[
                    user_idx
                ][:-1],
                "movie 0 has no score: indices run from 0 to n_movies − 1": predictions[user_idx][
                    1:
                ],
                "clipped to the stars: all that is above 5 would be tied": predictions[
                    user_idx
                ].clip(1, 5),
                "the best scores first: position i must stay the score of movie i": np.sort(
                    predictions[user_idx]
                )[::-1],
            },
        )


@task("5.1", points=1)
def test_scores_come_from_the_model_itself(student: Student, rng: np.random.Generator) -> None:
    """The model is asked, whatever it computes, and once for all movies: the scores are its own."""
    users = normal(rng, 4, 2)
    for n_movies in (9, 1):
        movies = normal(rng, n_movies, 2)
        seen = student.run(
            probes.distance_scores, user_factors=users, movie_factors=movies, user_idx=2
        )
        expected = 5 - ((movies - users[2]) ** 2).sum(axis=1)
        expect(seen["scores"], "the scores").is_a("Tensor").equals(
            expected,
            looks_like={
                "the dot products of the embeddings: this model scores in another way": (
                    movies @ users[2]
                ),
                "one number without a list around it: one movie still needs shape [1]": expected[0],
                "a 0-d tensor: one movie still needs shape [1]": expected[:1].reshape(()),
            },
        )
        require(
            n_movies == 1 or seen["n_calls"] < n_movies,
            "the model was called for each movie",
            returned=f"{seen['n_calls']} calls of the model for {n_movies} movies",
            expected="one call, model(user_idx, movie_idx), with the indices of all movies",
            looks_like={
                "a loop in Python: the model takes many pairs at once, and that is hundreds of "
                "times as fast": True
            },
        )


@task("5.1", points=1)
def test_scores_carry_no_gradients(student: Student, rng: np.random.Generator) -> None:
    """The scores carry no gradients, and afterwards the model can be trained as before."""
    users, movies = normal(rng, 3, 2), normal(rng, 6, 2)
    seen = student.run(
        probes.scores_and_gradients, user_factors=users, movie_factors=movies, user_idx=1
    )
    expect(seen["scores"], "the scores").is_a("Tensor").equals(movies @ users[1])
    require(
        seen["requires_grad"] is False,
        "the scores carry gradients",
        returned="scores with requires_grad=True",
        expected="scores that remember nothing of how they were computed",
        looks_like={
            "predicted as in training: PyTorch recorded every step for a backward pass": True
        },
    )
    require(
        seen["recording"],
        "gradients are switched off for good",
        returned="no gradients anywhere after the call",
        expected="gradients switched off during the prediction only",
        looks_like={"switched gradients off and not on again: training would fail now": True},
    )
    require(
        seen["trainable"] == [False, True],
        "the model cannot be trained as before",
        returned=f"requires_grad is {seen['trainable']} for the users' and the movies' table",
        expected="[False, True], as before the call",
        looks_like={
            "froze the model's weights instead of only not recording": not any(seen["trainable"]),
            "made all weights trainable: some may have been frozen before": all(seen["trainable"]),
        },
    )
    expect(seen["scores_later"], "the scores after more training").equals(
        -movies @ users[1],
        looks_like={"the scores of the first call: the model has learned since": movies @ users[1]},
    )


# 5.2


@task("5.2", points=1)
def test_recommend_ranks_the_best_first(student: Student, rng: np.random.Generator) -> None:
    """The n movies with the highest predictions come best first, as raw ids with their ratings."""
    scores = distinct_scores(rng, 4, 11)
    user_ids, movie_ids = raw_ids(rng, 4), raw_ids(rng, 11)
    row = 2
    ranking = np.argsort(-scores[row])  # rows of movies, best first
    hidden = movie_ids[ranking[-1]]  # whether hidden or not, it is not among the best
    for n in (4, 1):
        found = recommendations(
            student.run(
                probes.recommend,
                scores=scores,
                user_ids=user_ids,
                movie_ids=movie_ids,
                **histories(user_ids[row], {user_ids[row]: [hidden]}),
                n=n,
            )
        )
        best = ids_of(movie_ids, ranking[:n])
        another = any(
            found["movie_id"]
            == [movie for movie in ids_of(movie_ids, np.argsort(-theirs)) if movie != hidden][:n]
            for theirs in scores[[0, 1, 3]]
        )
        judge(
            found,
            best,
            scores[row, ranking[:n]],
            looks_like={
                "rows of the model's table instead of raw ids: translate them back": (
                    ranking[:n].tolist()
                ),
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
                "another user's favourites": another,
            },
        )


@task("5.2", points=1)
def test_recommend_hides_what_the_user_has_rated(
    student: Student, rng: np.random.Generator
) -> None:
    """No movie that this user has rated is recommended; other users' ratings change nothing."""
    scores = distinct_scores(rng, 3, 12)
    user_ids, movie_ids = raw_ids(rng, 3), raw_ids(rng, 12)
    row, n = 1, 5
    ranking = np.argsort(-scores[row])
    favourite = ids_of(movie_ids, ranking)
    mine = [favourite[1], favourite[6], favourite[0], favourite[1]]  # one of them twice
    theirs = [favourite[2], favourite[6], favourite[4]]
    found = recommendations(
        seen := student.run(
            probes.recommend,
            scores=scores,
            user_ids=user_ids,
            movie_ids=movie_ids,
            **histories(
                user_ids[row],
                {user_ids[2]: theirs[:2], user_ids[row]: mine, user_ids[0]: theirs[2:]},
            ),
            n=n,
        )
    )
    unseen = np.array([place for place in ranking if movie_ids[place] not in mine])
    judge(
        found,
        ids_of(movie_ids, unseen[:n]),
        scores[row, unseen[:n]],
        looks_like={
            "nothing was hidden: movies that the user has rated are in the list. "
            "Were raw ids compared with raw ids?": favourite[:n],
            "hidden after the list was cut to n: the list became too short": [
                movie_id for movie_id in favourite[:n] if movie_id not in mine
            ],
            "hid what anybody has rated, not only this user": [
                movie_id for movie_id in favourite if movie_id not in mine + theirs
            ][:n],
            "hid what the other users have rated": [
                movie_id for movie_id in favourite if movie_id not in theirs
            ][:n],
            "only the movies that the user has rated": [
                movie_id for movie_id in favourite if movie_id in mine
            ][:n],
            "only one of the user's ratings was hidden": [
                movie_id for movie_id in favourite if movie_id != mine[0]
            ][:n],
        },
    )
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
        looks_like={"seen movies were taken out of movie_index itself": True},
    )


@task("5.2", points=1)
def test_recommend_hides_also_where_all_scores_are_negative(
    student: Student, rng: np.random.Generator
) -> None:
    """A rated movie stays hidden also where every prediction is far below 0."""
    scores = distinct_scores(rng, 2, 10) - 20_000
    user_ids, movie_ids = raw_ids(rng, 2), raw_ids(rng, 10)
    row, n = 1, 6
    ranking = np.argsort(-scores[row])
    mine = ids_of(movie_ids, ranking[[1, 4]])
    found = recommendations(
        student.run(
            probes.recommend,
            scores=scores,
            user_ids=user_ids,
            movie_ids=movie_ids,
            **histories(user_ids[row], {user_ids[row]: mine}),
            n=n,
        )
    )
    unseen = np.array([place for place in ranking if movie_ids[place] not in mine])
    judge(
        found,
        ids_of(movie_ids, unseen[:n]),
        scores[row, unseen[:n]],
        looks_like={
            "hidden with a number that is better than these scores: "
            "what is below every score?": found["movie_id"][:2] in (mine, mine[::-1]),
            "clipped to the stars before ranking: all these movies are tied": found["movie_id"]
            == sorted(ids_of(movie_ids, unseen))[:n],
        },
    )


@task("5.2", points=1)
def test_recommend_breaks_ties_by_lower_movie_id(
    student: Student, rng: np.random.Generator
) -> None:
    """Among equal predictions the movie with the lower movie_id comes first."""
    levels = rng.integers(2, 5, size=(2, 39)).astype("float64")  # many ties on three levels
    user_ids = raw_ids(rng, 2)
    movie_ids = sorted(rng.choice(np.arange(50, 3000), 39, replace=False).tolist())
    row, n = 0, 30
    mine = [movie_ids[5], movie_ids[20]]
    found = recommendations(
        student.run(
            probes.recommend,
            scores=levels,
            user_ids=user_ids,
            movie_ids=movie_ids,
            **histories(user_ids[row], {user_ids[row]: mine, user_ids[1]: movie_ids[8:11]}),
            n=n,
        )
    )
    places = [place for place in range(39) if movie_ids[place] not in mine]
    score = levels[row]
    unseen = sorted(places, key=lambda place: (-score[place], movie_ids[place]))
    higher_first = sorted(places, key=lambda place: (-score[place], -movie_ids[place]))
    as_text = sorted(places, key=lambda place: (-score[place], str(movie_ids[place])))
    judge(
        found,
        ids_of(movie_ids, unseen[:n]),
        score[unseen[:n]],
        looks_like={
            "among equal scores the higher movie_id comes first": ids_of(
                movie_ids, higher_first[:n]
            ),
            "sorted the ids as text, where '1000' comes before '99'": ids_of(
                movie_ids, as_text[:n]
            ),
            "the scores are in order, and movies with equal scores in any order": (
                len(found["movie_id"]) == n
                and [score[movie_ids.index(m)] for m in found["movie_id"] if m in movie_ids]
                == score[unseen[:n]].tolist()
            ),
        },
    )


@task("5.2", points=1)
def test_recommend_gives_as_many_as_there_are(student: Student, rng: np.random.Generator) -> None:
    """There are min(n, unseen) rows with n=10 by default, and none for who has seen everything."""
    scores = distinct_scores(rng, 3, 13)
    worst = scores[0].argmin()  # unseen, so that the first n of all movies never hold all unseen
    scores[0, [0, worst]] = scores[0, [worst, 0]]
    user_ids, movie_ids = raw_ids(rng, 3), raw_ids(rng, 13)
    few, nothing, everything = user_ids
    world = {"scores": scores, "user_ids": user_ids, "movie_ids": movie_ids}
    rated = {few: movie_ids[3:], everything: movie_ids[::-1]}

    found = recommendations(student.run(probes.recommend, **world, **histories(few, rated), n=5))
    unseen = np.argsort(-scores[0, :3])
    masked = found["movie_id"][:3] == ids_of(movie_ids, unseen) and len(found["movie_id"]) == 5
    judge(
        found,
        ids_of(movie_ids, unseen),
        scores[0, unseen],
        looks_like={
            "the hidden movies came back at the end: 3 are left, so the list has 3 rows": masked
        },
    )

    inputs = {**world, **histories(nothing, rated)}
    found = recommendations(student.run(probes.recommend_by_default, **inputs))
    ranking = np.argsort(-scores[1])[:10]
    judge(found, ids_of(movie_ids, ranking), scores[1, ranking], looks_like={})

    found = recommendations(student.run(probes.recommend, **inputs, n=40))
    ranking = np.argsort(-scores[1])
    judge(found, ids_of(movie_ids, ranking), scores[1, ranking], looks_like={})

    inputs = {**world, **histories(everything, rated)}
    found = recommendations(student.run(probes.recommend, **inputs, n=4))
    expect(found["movie_id"], "the recommendations for who has seen everything").equals([])


@task("5.2", points=1)
def test_recommend_refuses_what_it_cannot_answer(
    student: Student, rng: np.random.Generator
) -> None:
    """An unknown user is a KeyError and an n below 1 a ValueError, each naming the value."""
    user_ids, movie_ids = raw_ids(rng, 3), raw_ids(rng, 6)
    world = {
        "scores": distinct_scores(rng, 3, 6),
        "user_ids": user_ids,
        "movie_ids": movie_ids,
    }
    rated = {user_ids[0]: movie_ids[:2], user_ids[1]: movie_ids[1:2]}
    for stranger in (7777, -1):
        inputs = {**world, **histories(stranger, rated)}
        refusal = student.run(probes.refused_recommend, **inputs, n=3)
        must_be_refused(
            refusal,
            f"KeyError for user {stranger}, whom user_index lacks",
            {"an unknown user got a list: whose is it?": True},
        )
        expect(refusal, "a user_id that user_index lacks").raises("KeyError", naming=stranger)
    inputs = {**world, **histories(user_ids[2], rated)}  # who has rated nothing
    ratings = recommendations(student.run(probes.recommend, **inputs, n=6))["predicted_rating"]
    expect(ratings, "the column predicted_rating").has_shape(6)
    theirs = world["scores"][2].tolist()
    require(
        sorted(ratings.tolist()) == sorted(theirs),
        "not the predictions for this user",
        returned=f"predicted_rating {show(ratings)}",
        expected=f"the predictions {show(theirs)} for user {user_ids[2]}, best first",
    )
    for n in (0, -3):
        inputs = {**world, **histories(user_ids[1], rated)}
        refusal = student.run(probes.refused_recommend, **inputs, n=n)
        must_be_refused(
            refusal,
            f"ValueError for n={n}",
            {
                "n = 0 was taken for an empty list, or for no n at all": n == 0,
                "an n below 0 was taken as if nothing were wrong with it": n < 0,
            },
        )
        expect(refusal, "an n below 1").raises("ValueError", naming=n)


def must_be_refused(refusal: dict[str, Any], expected: str, looks_like: dict[str, bool]) -> None:
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
    looks_like: dict[str, Any],
) -> None:
    """The ids first, then the ratings. A mistake is named by its ids or by whether it is there."""
    require(
        found["movie_id"] == movie_ids,
        "wrong movies or order",
        returned=found["movie_id"],
        expected=movie_ids,
        looks_like={
            mistake: sign if isinstance(sign, bool) else sign == found["movie_id"]
            for mistake, sign in looks_like.items()
        },
    )
    expect(found["predicted_rating"], "the column predicted_rating").has_dtype(*FLOATS).equals(
        ratings,
        looks_like={"the ratings are not in the order of their movies": np.sort(ratings)},
    )


# 5.3


@task("5.3", points=1)
def test_precision_divides_by_k(student: Student, rng: np.random.Generator) -> None:
    """Precision is the relevant among the first k, divided by k also where fewer are listed."""

    def oracle(recommended: Sequence[int], relevant: Sequence[int], k: int) -> float:
        return hits(recommended, relevant, k) / k

    cases = [([42, 7, 9001], [9001, 42, 13, 5], 5), ([8, 3, 5], [8, 5], 1), ([], [4], 2)]
    for recommended, relevant, k in [*cases, *ranked_lists(rng)]:
        value = student.run(probes.precision, recommended=recommended, relevant=relevant, k=k)
        found = hits(recommended, relevant, k)
        expect(value, "the precision").equals(
            oracle(recommended, relevant, k),
            looks_like={
                "divided by how many were recommended: an empty place is a miss": found
                / max(len(recommended[:k]), 1),
                "divided by the number relevant: that is recall": found / len(relevant),
                "looked beyond the first k": hits(recommended, relevant, len(recommended)) / k,
                "looked at one item too few: a slice leaves its end out": hits(
                    recommended, relevant, k - 1
                )
                / k,
                "the number of hits: divide it by k": float(found),
            },
        )


@task("5.3", points=1)
def test_recall_divides_by_the_number_relevant(student: Student, rng: np.random.Generator) -> None:
    """Recall is the relevant among the first k, divided by how many are relevant."""
    cases = [
        ([42, 7, 9001], [9001, 42, 13, 5], 5),
        ([8, 3, 5, 1], [1, 8, 6, 4, 3], 2),
        ([8, 3], [8, 4], 1),
    ]
    for recommended, relevant, k in [*cases, ([], [4, 6], 2), *ranked_lists(rng)]:
        value = student.run(probes.recall, recommended=recommended, relevant=relevant, k=k)
        found = hits(recommended, relevant, k)
        expect(value, "the recall").equals(
            found / len(relevant),
            looks_like={
                "divided by the smaller of k and the number relevant": found
                / min(k, len(relevant)),
                "divided by k: that is precision": found / k,
                "divided by how many were recommended": found / max(len(recommended[:k]), 1),
                "looked beyond the first k": hits(recommended, relevant, len(recommended))
                / len(relevant),
                "the number of hits: divide it by the number relevant": float(found),
            },
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
    for recommended, relevant, k in [*cases, *ranked_lists(rng)]:
        value = student.run(probes.ndcg, recommended=recommended, relevant=relevant, k=k)
        n_ideal = min(k, len(relevant))
        gain, ideal = dcg(recommended, relevant, k), ideal_dcg(n_ideal)
        late_gain = dcg(recommended, relevant, k, discount=one_later)
        late_ideal = ideal_dcg(n_ideal, discount=one_later)
        found = hits(recommended, relevant, k)
        expect(value, "the nDCG").equals(
            gain / ideal,
            looks_like={
                "not divided by the ideal list: that is DCG": gain,
                "the ideal list has hits at all k ranks, also where fewer are relevant": (
                    gain / ideal_dcg(k)
                ),
                "the ideal list is longer than k": gain / ideal_dcg(len(relevant)),
                "the ideal list only has the hits that were found, not all that there were": (
                    gain / ideal_dcg(found) if found else -1.0
                ),
                "looked beyond the first k": dcg(recommended, relevant, len(recommended)) / ideal,
                "discounted by 1 / r instead of by 1 / log2(r + 1)": dcg(
                    recommended, relevant, k, discount=float
                )
                / ideal_dcg(min(k, len(relevant)), discount=float),
                "ranks counted from 0: log2(1) is 0, and a hit there gains infinitely much": (
                    float("nan")
                ),
                "ranks start at 1: the first gains 1 / log2(2) = 1": late_gain / late_ideal,
                "ranks start at 1, also in the list: its first gains 1 / log2(2) = 1": (
                    late_gain / ideal
                ),
                "ranks start at 1, also in the ideal list: its first gains 1 / log2(2) = 1": (
                    gain / late_ideal
                ),
                "the ideal list has one hit too few: does a range end too early?": (
                    gain / ideal_dcg(n_ideal - 1) if n_ideal > 1 else -1.0
                ),
                "the ideal list has one hit too many": gain / ideal_dcg(n_ideal + 1),
            },
        )


@task("5.3", points=1)
def test_metrics_at_the_edges(student: Student, rng: np.random.Generator) -> None:
    """With nothing relevant each metric is 0.0; 1 is the lowest k, and others are a ValueError."""
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


def hits(recommended: Sequence[int], relevant: Sequence[int], k: int) -> int:
    return len(set(recommended[:k]) & set(relevant))


def dcg(
    recommended: Sequence[int],
    relevant: Sequence[int],
    k: int,
    discount: Callable[[int], float] = lambda rank: np.log2(rank + 1),
) -> float:
    ranks = (rank for rank, item in enumerate(recommended[:k], start=1) if item in relevant)
    return float(sum(1 / discount(rank) for rank in ranks))


def one_later(rank: int) -> float:
    """The discount of the rank behind."""
    return np.log2(rank + 2)


def ideal_dcg(n_hits: int, **options: Any) -> float:
    return dcg(range(n_hits), range(n_hits), n_hits, **options)


def ranked_lists(rng: np.random.Generator) -> list[tuple[list[int], list[int], int]]:
    """Some lists of ids, ranked and relevant, with k below and above their lengths."""
    lists = []
    for n_recommended, n_relevant, k in ((9, 4, 6), (5, 8, 3), (4, 3, 7)):
        ids = rng.choice(np.arange(100, 130), n_recommended + 4, replace=False).tolist()
        relevant = rng.choice(ids, n_relevant, replace=False).tolist()
        lists.append((ids[:n_recommended], relevant, k))
    return lists


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
        seen = student.run(
            probes.fold_in,
            movie_factors=factors,
            residuals=residuals,
            regularization=regularization,
        )
        expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
            ridge(factors, residuals, regularization),
            tolerance=1e-4,
            looks_like={
                "λ was added to every cell instead of to the diagonal": solved(
                    factors, residuals, regularization * np.ones((n_factors, n_factors))
                ),
                "there is no penalty: λ is missing": ridge(factors, residuals, 0),
                "λ is always 1: where does regularization come in?": ridge(factors, residuals, 1),
                "λ was squared": ridge(factors, residuals, regularization**2),
                "λ was taken away from the diagonal instead of added": ridge(
                    factors, residuals, -regularization
                ),
                "λ was multiplied by the number of ratings": ridge(
                    factors, residuals, regularization * m
                ),
                "the weighted sum of the movies' factors: the system was not solved": (
                    factors.T @ residuals
                ),
                "multiplied by the matrix instead of solving for it": (
                    (factors.T @ factors + regularization * np.eye(n_factors))
                    @ (factors.T @ residuals)
                ),
                "a column: a newcomer has one number per factor": ridge(
                    factors, residuals, regularization
                )[:, None],
                "a single number: one factor still needs shape [1]": ridge(
                    factors, residuals, regularization
                ).squeeze(),
                "the residuals were centred: what the newcomer's mean says is theirs, too": ridge(
                    factors, residuals - residuals.mean(), regularization
                ),
            },
        )


@task("5.4", points=1)
def test_fold_in_works_with_few_ratings(student: Student, rng: np.random.Generator) -> None:
    """Fewer ratings than factors are enough, and a newcomer without ratings is at zero."""
    n_factors = 5
    for m in (2, 1, 0):
        factors, residuals = normal(rng, m, n_factors), normal(rng, m)
        seen = student.run(
            probes.fold_in, movie_factors=factors, residuals=residuals, regularization=0.3
        )
        shortest = np.linalg.pinv(factors.astype("float64")) @ residuals
        expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
            ridge(factors, residuals, 0.3),
            tolerance=1e-4,
            looks_like={"there is no penalty: λ is missing": shortest},
        )


@task("5.4", points=1)
def test_fold_in_takes_lambda_1_and_leaves_the_movies(
    student: Student, rng: np.random.Generator
) -> None:
    """λ is 1 unless another is given, and the movie factors stay frozen."""
    factors, residuals = normal(rng, 6, 2), normal(rng, 6)
    seen = student.run(probes.fold_in_by_default, movie_factors=factors, residuals=residuals)
    expect(seen["factors"], "the newcomer's factors").is_a("Tensor").equals(
        ridge(factors, residuals, 1),
        tolerance=1e-4,
        looks_like={
            "λ is 0.1 unless given": ridge(factors, residuals, 0.1),
            "there is no penalty unless λ is given": ridge(factors, residuals, 0),
        },
    )
    for name, before in (("movie_factors", factors), ("residuals", residuals)):
        require(
            np.array_equal(seen[name], before),
            f"{name} were changed",
            returned=seen[name],
            expected=before,
            looks_like={"worked in place: what belongs to the model must stay as it is": True},
        )


def ridge(factors: np.ndarray, residuals: np.ndarray, regularization: float) -> np.ndarray:
    return solved(factors, residuals, regularization * np.eye(factors.shape[1]))


def solved(factors: np.ndarray, residuals: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    wide = factors.astype("float64")
    return np.linalg.solve(wide.T @ wide + penalty, wide.T @ residuals)


# Inputs


def normal(rng: np.random.Generator, *sizes: int, dtype: str = "float32") -> np.ndarray:
    return rng.normal(size=sizes).astype(dtype)


def distinct_scores(rng: np.random.Generator, n_users: int, n_movies: int) -> np.ndarray:
    """Predictions between 1 and 5, in eighths, no two of one user the same."""
    return np.stack([1 + rng.permutation(32)[:n_movies] / 8 for _ in range(n_users)])


def raw_ids(rng: np.random.Generator, count: int) -> list[int]:
    """Ascending ids with gaps, none of which is the index of a row."""
    return sorted(rng.choice(np.arange(50, 3000), count, replace=False).tolist())


def histories(user_id: int, rated: dict[int, list[int]]) -> dict[str, Any]:
    """A user, the movies that they have rated, and the two columns of the other users' ratings."""
    pairs = [(user, movie) for user, movies in rated.items() for movie in movies if user != user_id]
    others = {"user_id": [user for user, _ in pairs], "movie_id": [movie for _, movie in pairs]}
    return {"user_id": user_id, "rated": rated.get(user_id, []), "others": others}


def ids_of(movie_ids: list[int], rows: Sequence[int] | np.ndarray) -> list[int]:
    return [movie_ids[row] for row in rows]
