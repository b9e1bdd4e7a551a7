"""Part 7: two towers, in-batch negatives, histories and attention."""

from typing import Any

import numpy as np

from exercises.part7 import mistakes, probes
from grading.checks import Student, expect, require, task

N_HIDDEN = 13  # of the towers that the probes build

# 7.1


@task("7.1", points=1)
def test_towers_have_small_tables_and_keep_the_features(
    student: Student, rng: np.random.Generator
) -> None:
    """Two embedding tables of std 0.1, the features as a buffer, and layers of the sizes asked."""
    n_users, n_movies = rng.integers(300, 500, 2).tolist()
    features = rng.normal(size=(n_movies, 5)).astype("float32")
    for probe, options, n_factors, n_hidden in (
        (probes.tower_tables, {"n_factors": 11, "n_hidden": 23}, 11, 23),
        (probes.tower_tables_by_default, {}, 32, 64),
    ):
        found = student.run(probe, n_users=n_users, features=features, **options)
        rows = {"user_embedding": n_users, "movie_embedding": n_movies}
        expect_tables(found, rows, n_factors, std=0.1)
        kept = found["kept"].get("movie_features")
        require(
            kept is not None,
            "the features are not kept with the model",
            returned="a model without a buffer movie_features",
            expected='the features as a buffer: register_buffer("movie_features", …)',
            looks_like={
                "the features became a weight: training would change what is known": (
                    list(features.shape) in found["others"]
                ),
                "a plain attribute: it stays behind where the model is moved or saved": True,
            },
        )
        expect(kept, "movie_features").equals(features)
        expect_hidden_layers(found["others"], n_hidden)


@task("7.1", points=1)
def test_each_tower_has_a_hidden_layer_with_relu(
    student: Student, rng: np.random.Generator
) -> None:
    """Users, movies and features go through a linear layer, ReLU and another linear layer."""
    order = rng.permutation(121)  # where on a straight line each row stands
    line = np.linspace(-30, 30, 121)[order][:, None]
    straight = (rng.normal(size=4) * line + rng.normal(size=4)).astype("float32")
    alike = np.repeat(rng.normal(size=(1, 4)).astype("float32"), 121, axis=0)
    known = (rng.normal(size=5) * line + rng.normal(size=5)).astype("float32")
    rows = list(range(121))
    tables = {"user_embedding": straight, "movie_embedding": alike}
    found = student.run(probes.user_vectors, features=known, tables=tables, user_idx=rows)
    expect_hidden_layer(found, "the users' vectors", order)
    found = student.run(probes.movie_vectors, features=known, tables=tables, movie_idx=rows)
    expect_hidden_layer(found, "the vectors of movies with other features", order)
    tables = {"user_embedding": alike, "movie_embedding": straight}
    same = np.repeat(known[:1], 121, axis=0)
    found = student.run(probes.movie_vectors, features=same, tables=tables, movie_idx=rows)
    expect_hidden_layer(found, "the vectors of movies with other embeddings", order)


@task("7.1", points=1)
def test_the_movie_tower_looks_at_features_beside_the_embedding(
    student: Student, rng: np.random.Generator
) -> None:
    """A movie's vector depends on each number of its own embedding and on each of its features."""
    n_factors, n_features = 4, 5
    own, known, twins = families(rng, n_factors, n_features)
    place = rng.permutation(len(own))  # where each movie stands in the tables
    tables = {"user_embedding": own[:5], "movie_embedding": np.empty_like(own)}
    features = np.empty_like(known)
    tables["movie_embedding"][place], features[place] = own, known
    asked = rng.permutation(len(own))
    found = student.run(
        probes.movie_vectors, features=features, tables=tables, movie_idx=place[asked].tolist()
    )
    expect(found, "the movies' vectors").is_a("Tensor").has_shape(len(own), n_factors).is_finite()
    vectors = np.empty_like(found)
    vectors[asked] = found
    expect_families(vectors, twins, n_factors, n_features)


@task("7.1", points=1)
def test_forward_is_the_dot_product_of_the_towers_and_all_of_them_learn(
    student: Student, rng: np.random.Generator
) -> None:
    """One prediction per pair, and gradients for the rows that were used and for every layer."""
    features = rng.normal(size=(11, 5)).astype("float32")
    tables = {
        "user_embedding": rng.normal(size=(9, 4)).astype("float32"),
        "movie_embedding": rng.normal(size=(11, 4)).astype("float32"),
    }
    for n in (1, 6):
        pairs = {
            "user_idx": rng.choice(9, n, replace=False).tolist(),
            "movie_idx": rng.choice(11, n, replace=False).tolist(),
        }
        found = student.run(probes.tower_scores, features=features, tables=tables, **pairs)
        users, movies = found["user_vectors"], found["movie_vectors"]
        expect(users, "the users' vectors").is_a("Tensor").has_shape(n, 4)
        expect(movies, "the movies' vectors").is_a("Tensor").has_shape(n, 4)
        expect(found["scores"], "the predictions").is_a("Tensor").equals(
            (users * movies).sum(axis=1), looks_like=mistakes.dot_products(users, movies)
        )
    found = student.run(probes.tower_gradients, features=features, tables=tables, **pairs)
    for name, idx in (("user_embedding", "user_idx"), ("movie_embedding", "movie_idx")):
        expect_learning(found[name], name, pairs[idx], each=False)  # a ReLU may block a few
    expect_all_learn(found["without"])


def expect_tables(found: dict[str, Any], rows: dict[str, int], n_factors: int, std: float) -> None:
    """The embedding tables that training changes: their names, sizes and small numbers."""
    tables = found["tables"]
    for name, n_rows in rows.items():
        require(
            f"{name}.weight" in tables,
            f"there is no {name} that can be trained",
            returned=f"a model with {', '.join(tables) or 'no table'}",
            expected=f"{name} as an nn.Embedding",
        )
        table = tables[f"{name}.weight"]
        expect(table, name).has_shape(n_rows, n_factors)
        found_std, mean = float(table.std()), float(table.mean())
        require(
            0.8 * std < found_std < 1.2 * std and abs(mean) < 0.4 * std,
            f"{name} does not start small",
            returned=f"mean {mean:.2g} and std {found_std:.2g}",
            expected=f"mean 0 and std {std}",
            looks_like=mistakes.small_table(table, std),
        )


def expect_hidden_layers(shapes: list[list[int]], n_hidden: int) -> None:
    """Two layers into `n_hidden` units and two out of them, one for each tower."""
    matrices = [shape for shape in shapes if len(shape) == 2]
    into, out = ([shape[side] for shape in matrices].count(n_hidden) for side in (0, 1))
    require(
        into >= 2 and out >= 2,
        "the towers have other layers",
        returned=f"{into} layers into {n_hidden} units and {out} out of them",
        expected=f"two towers, each with a layer into n_hidden={n_hidden} units and one out",
        looks_like={
            "nothing is registered: layers must be attributes of the model": not matrices,
            "one tower for both: users and movies need networks of their own": into == out == 1,
        },
    )


def expect_hidden_layer(vectors: np.ndarray, name: str, order: np.ndarray) -> None:
    """For inputs along a line, each hidden unit may change the slope of the vectors once."""
    expect(vectors, name).is_a("Tensor").has_shape(len(order), 4).is_finite()
    along = np.empty_like(vectors)
    along[order] = vectors
    n_bends = int(np.count_nonzero(mistakes.bends(along)))
    require(
        0 < n_bends <= 2 * N_HIDDEN and along.min() < 0,
        f"{name} do not come out of a hidden layer with ReLU",
        returned=f"for inputs along a line, a change of slope at {n_bends} of {len(along) - 2} "
        f"points; the smallest number is {along.min():.2g}",
        expected=f"1 to {2 * N_HIDDEN} such points, as {N_HIDDEN} units with ReLU give, and "
        "negative numbers too",
        looks_like=mistakes.hidden_layer(along, N_HIDDEN),
    )


def families(
    rng: np.random.Generator, n_factors: int, n_features: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Embeddings, features and family numbers of 6 families.

    The first two of a family are the same; each other one differs from them in a single number,
    first in those of the embedding, then in the features.
    """
    n = 2 + n_factors + n_features
    own = np.repeat(rng.normal(size=(6, 1, n_factors)), n, axis=1)
    known = np.repeat(rng.normal(size=(6, 1, n_features)), n, axis=1)
    for number in range(n_factors):
        own[:, 2 + number, number] += 2
    for number in range(n_features):
        known[:, 2 + n_factors + number, number] += 2
    flat = [one.reshape(6 * n, -1).astype("float32") for one in (own, known)]
    return flat[0], flat[1], np.repeat(np.arange(6), n)


def expect_families(
    vectors: np.ndarray, family: np.ndarray, n_factors: int, n_features: int
) -> None:
    by_family = vectors.reshape(family.max() + 1, -1, vectors.shape[1])
    gaps = np.abs(by_family - by_family[:, :1]).max(axis=(0, 2))
    require(
        gaps[1] < 1e-5,
        "two movies with the same embedding and the same features have different vectors",
        returned=by_family[0, :2],
        expected="the same vector twice",
        looks_like="by the place in the batch, not by movie_idx",
    )
    of_embedding, of_features = gaps[2 : 2 + n_factors], gaps[2 + n_factors :]
    for changes, name, mistake in (
        (of_features, "features", "the features are missing: they go in beside the embedding"),
        (of_embedding, "embedding", "the embedding is missing: it goes in beside the features"),
    ):
        require(
            bool((changes > 1e-5).all()),
            f"a movie's {name} do not all matter",
            returned=f"{np.count_nonzero(changes <= 1e-5)} of {len(changes)} have no effect",
            expected="a vector that each of them changes",
            looks_like={mistake: not (changes > 1e-5).any()},
        )


def expect_learning(
    gradient: np.ndarray | None, name: str, rows: list[int], each: bool = True
) -> None:
    """Of a table only the rows that were used get a gradient: each of them, or some."""
    used = [] if gradient is None else np.flatnonzero(np.abs(gradient).max(axis=1) > 0).tolist()
    require(
        used == sorted(rows) if each else bool(used) and set(used) <= set(rows),
        f"{name} does not learn from the rows that were used",
        returned=f"gradients for the rows {used}",
        expected=f"gradients for the rows {sorted(rows)}",
        looks_like={"its numbers were taken out of the recording, as .data or detach do": not used},
    )


def expect_all_learn(without: list[str]) -> None:
    """Every weight beside the tables has a gradient."""
    require(
        without == [],
        "weights that never learn",
        returned=f"no gradient for {', '.join(map(str, without))}",
        expected="a gradient for every weight of the model",
        looks_like="a layer that is not used",
    )


# 7.2


@task("7.2", points=1)
def test_the_batchs_own_movies_compete_for_each_user(
    student: Student, rng: np.random.Generator
) -> None:
    """The mean cross-entropy of each row, its own movie on the diagonal; stable for any score."""
    for n, scale in ((5, 1.0), (4, 10.0)):
        users, movies, movie_idx = draw_batch(rng, n, scale)
        scores = mistakes.batch_scores(users, movies, movie_idx)
        found = student.run(
            probes.in_batch_softmax_uncorrected,
            user_vectors=users,
            movie_vectors=movies,
            movie_idx=movie_idx,
        )
        expect_loss(
            found, mistakes.cross_entropy(scores), mistakes.softmax_loss(users, movies, scores)
        )
        expect_gradients(found, users, movies, scores)


@task("7.2", points=1)
def test_log_popularity_is_subtracted_from_each_column(
    student: Student, rng: np.random.Generator
) -> None:
    """Each column's score loses the log-popularity of its movie; None changes nothing."""
    users, movies, movie_idx = draw_batch(rng, 5)
    log_popularity = rng.uniform(-6, -0.3, 9).astype("float32")
    given = {"user_vectors": users, "movie_vectors": movies, "movie_idx": movie_idx}
    for popularity in (log_popularity, None):
        scores = mistakes.batch_scores(users, movies, movie_idx, popularity)
        found = student.run(probes.in_batch_softmax, **given, log_popularity=popularity)
        looks_like = mistakes.corrected_loss(users, movies, movie_idx, log_popularity)
        expect_loss(found, mistakes.cross_entropy(scores), looks_like)
        expect_gradients(found, users, movies, scores)
        require(
            popularity is None or np.array_equal(found["log_popularity"], log_popularity),
            "log_popularity was changed",
            returned=found["log_popularity"],
            expected=log_popularity,
        )


@task("7.2", points=1)
def test_the_same_movie_is_no_negative_of_itself(
    student: Student, rng: np.random.Generator
) -> None:
    """Where a movie is twice in the batch, each of its rows competes with the other movies only."""
    users, movies, _ = draw_batch(rng, 6)
    one, two, three = rng.choice(9, 3, replace=False).tolist()
    movie_idx = [one, two, one, three, two, one]
    log_popularity = rng.uniform(-6, -0.3, 9).astype("float32")
    for first in range(len(movie_idx)):  # the vectors of a movie are the same in all its rows
        movies[first] = movies[movie_idx.index(movie_idx[first])]
    for popularity in (None, log_popularity):
        scores = mistakes.batch_scores(users, movies, movie_idx, popularity)
        found = student.run(
            probes.in_batch_softmax,
            user_vectors=users,
            movie_vectors=movies,
            movie_idx=movie_idx,
            log_popularity=popularity,
        )
        looks_like = mistakes.loss_with_doubles(users, movies, movie_idx, popularity)
        expect_loss(found, mistakes.cross_entropy(scores), looks_like)
        expect_gradients(found, users, movies, scores)


def draw_batch(
    rng: np.random.Generator, n: int, scale: float = 1.0
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Vectors of n users and of n movies out of 9."""
    users, movies = (scale * rng.normal(size=(2, n, 3))).astype("float32")
    while scale > 1 and (users @ movies.T).max() < 100:  # of which exp has no float32
        users, movies = np.round(scale * rng.normal(size=(2, n, 3))).astype("float32")
    return users, movies, rng.choice(9, n, replace=False).tolist()


def expect_loss(found: dict[str, Any], loss: float, looks_like: mistakes.Table) -> None:
    expect(found["loss"], "the loss").is_a("Tensor").equals(
        np.array(loss), tolerance=1e-4, looks_like=looks_like
    )


def expect_gradients(
    found: dict[str, Any], users: np.ndarray, movies: np.ndarray, scores: np.ndarray
) -> None:
    """The loss pulls on the vectors of both sides."""
    right = mistakes.softmax_gradients(users, movies, scores)
    for name, gradient in zip(("user", "movie"), right, strict=True):
        value = found[f"{name}_gradient"]
        require(
            value is not None,
            f"no gradient reaches the {name} vectors",
            returned="a loss from which they cannot learn",
            expected="a gradient for the vectors of both sides",
            looks_like="a plain number, or vectors taken out of the recording",
        )
        expect(value, f"the gradient of the {name} vectors").equals(gradient, tolerance=1e-4)


# 7.3


@task("7.3", points=1)
def test_histories_go_by_time_and_ties_by_movie(student: Student, rng: np.random.Generator) -> None:
    """One row per user, in ascending order; movies by time, ties by `movie_idx`."""
    expect_histories(student, rng, lengths=[4, 6, 3, 5], max_length=7, ties=True)


@task("7.3", points=1)
def test_of_a_long_history_the_latest_movies_count(
    student: Student, rng: np.random.Generator
) -> None:
    """Of the latest `max_length + 1` movies the last is no input, and the first no target."""
    expect_histories(student, rng, lengths=[9, 5, 6, 4], max_length=5)
    ratings = draw_ratings(rng, [53, 3], n_movies=60)
    found = student.run(probes.histories_by_default, ratings=ratings, n_movies=60)
    judge_histories(found, ratings, n_movies=60, max_length=50)


@task("7.3", points=1)
def test_a_user_with_one_rating_has_no_target(student: Student, rng: np.random.Generator) -> None:
    """One rating gives a row of padding; the table of ratings is left as it was."""
    found = expect_histories(student, rng, lengths=[1, 4, 2, 1], max_length=4)
    require(
        found["unchanged"],
        "the ratings were changed",
        returned="a table that differs after the call",
        expected="the table as it was",
        looks_like="sorted in place, the caller's own table",
    )


def expect_histories(
    student: Student,
    rng: np.random.Generator,
    lengths: list[int],
    max_length: int,
    ties: bool = False,
) -> dict[str, Any]:
    ratings = draw_ratings(rng, lengths, n_movies=15, ties=ties)
    found = student.run(probes.histories, ratings=ratings, n_movies=15, max_length=max_length)
    judge_histories(found, ratings, 15, max_length)
    return found


def judge_histories(
    found: dict[str, Any], ratings: dict[str, np.ndarray], n_movies: int, max_length: int
) -> None:
    by_user = mistakes.ordered(ratings, "timestamp", "movie_idx")
    right = mistakes.shifted([*by_user.values()], n_movies, max_length)
    wrong = mistakes.histories(ratings, n_movies, max_length)
    pair = found["pair"]
    expect(pair, "the pair of inputs and targets").is_a("list", "tuple")
    require(
        len(pair) == 2,
        "wrong number of results",
        returned=f"{len(pair)} values",
        expected="two: inputs and targets",
    )
    for value, answer, name in zip(pair, right, ("the inputs", "the targets"), strict=True):
        expect(value, name).is_a("Tensor").has_shape(
            *answer.shape, looks_like=by_shape(pair, wrong)
        )
        expect(value, name).has_dtype("int64")
    side, row, _ = first_difference(pair, right)
    require(
        all(np.array_equal(*one) for one in zip(pair, right, strict=True)),
        f"wrong histories: {('inputs', 'targets')[side]} of row {row}",
        returned=pair[side][row],
        expected=right[side][row],
        looks_like={
            mistake: all(np.array_equal(*one) for one in zip(pair, values, strict=True))
            for mistake, values in wrong.items()
        },
    )


def first_difference(pair: list[np.ndarray], right: list[np.ndarray]) -> list[int]:
    """Side, row and column; zeros if there is none."""
    places = np.argwhere(np.stack(pair) != np.stack(right))
    return [*places[0].tolist()] if len(places) else [0, 0, 0]


def by_shape(pair: list[np.ndarray], wrong: mistakes.Table) -> mistakes.Table:
    """The mistakes that give tensors of these shapes."""
    return {name: [*map(np.shape, pair)] == [*map(np.shape, one)] for name, one in wrong.items()}


def draw_ratings(
    rng: np.random.Generator, lengths: list[int], n_movies: int, ties: bool = False
) -> dict[str, np.ndarray]:
    """Ratings of users, of whom some have none, in no order; with ties, two at each time."""
    users = np.sort(rng.choice(9, len(lengths), replace=False))
    movies = [rng.choice(n_movies, n, replace=False) for n in lengths]
    times = [800_000_000 + 60 * (rng.permutation(n) // (1 + ties)) for n in lengths]
    columns = {
        "user_idx": np.repeat(users, lengths),
        "movie_idx": np.concatenate(movies),
        "timestamp": np.concatenate(times),
    }
    order = rng.permutation(sum(lengths))
    while in_order(columns["user_idx"][order], users[np.array(lengths) > 1]):
        order = rng.permutation(sum(lengths))
    shuffled = {name: values[order].astype("int64") for name, values in columns.items()}
    return shuffled | {"index": rng.permutation(sum(lengths)) + 100}


def in_order(user_idx: np.ndarray, users: np.ndarray) -> bool:
    """Whether these users appear in ascending order."""
    appearance = [user for user in dict.fromkeys(user_idx.tolist()) if user in users]
    return appearance == sorted(appearance)


# 7.4


@task("7.4", points=1)
def test_transitions_are_counted(student: Student, rng: np.random.Generator) -> None:
    """Row i, column j: how often movie j came right after movie i."""
    chances = rng.permutation([0.4, 0.3, 0.1, 0.1, 0.1])  # some steps are taken several times
    walks = [rng.choice(5, 7, p=chances).tolist() for _ in range(3)]
    expect_counts(student, *mistakes.shifted(walks, n_movies=5, max_length=6))


@task("7.4", points=1)
def test_padding_counts_nothing(student: Student, rng: np.random.Generator) -> None:
    """Only positions with a target count, and inputs and targets are left as they were."""
    path = rng.permutation(5).tolist()  # no step is taken twice
    walks = [path[:2], [], path[1:4], path[3:]]
    inputs, targets = mistakes.shifted(walks, n_movies=5, max_length=6)
    found = expect_counts(student, inputs, targets)
    for name, before in (("inputs", inputs), ("targets", targets)):
        require(
            np.array_equal(found[name], before),
            f"the {name} were changed",
            returned=found[name],
            expected=before,
        )


def expect_counts(student: Student, inputs: np.ndarray, targets: np.ndarray) -> dict[str, Any]:
    found = student.run(probes.transition_counts, inputs=inputs, targets=targets, n_movies=5)
    looks_like = mistakes.transition_counts(inputs, targets, 5)
    kinds = ("int64", "int32", "float32", "float64")
    expect(found["counts"], "the counts").is_a("Tensor").has_shape(
        5,
        5,
        looks_like={
            mistake: np.shape(found["counts"]) == np.shape(value)
            for mistake, value in looks_like.items()
        },
    ).has_dtype(*kinds)
    expect(found["counts"].astype("float64"), "the counts").equals(
        mistakes.counts(inputs, targets, 5), looks_like=looks_like
    )
    return found


# 7.5

N_MOVIES, MAX_LENGTH, N_FACTORS = 17, 7, 8  # of the models that the probes build


@task("7.5", points=1)
def test_scores_are_dot_products_with_the_movie_table(
    student: Student, rng: np.random.Generator
) -> None:
    """Two small tables, one with a row for padding, and scores by the movie table itself."""
    n_movies = int(rng.integers(100, 200))
    for probe, options, max_length, n_factors in (
        (probes.next_movie_tables, {"max_length": 90, "n_factors": 14}, 90, 14),
        (probes.next_movie_tables_by_default, {}, 50, 48),
    ):
        found = student.run(probe, n_movies=n_movies, **options)
        rows = {"movie_embedding": n_movies + 1, "position_embedding": max_length}
        expect_tables(without_padding(found), rows, n_factors, std=0.02)
        require(
            found["max_length"] == max_length,
            "the model has no max_length",
            returned=found["max_length"],
            expected=f"{max_length} as the attribute max_length",
        )
    tables, history = draw_tables(rng), draw_history(rng, 3)
    scores = student.run(probes.next_scores, tables=tables, history=history)
    expect_products(scores, tables, n=3)


@task("7.5", points=1)
def test_what_comes_later_changes_nothing_earlier(
    student: Student, rng: np.random.Generator
) -> None:
    """Scores at a position come from it and from all before it, not from what comes later."""
    tables, history = draw_tables(rng), draw_history(rng, 6)
    other = [movie for movie in range(N_MOVIES) if movie not in history]
    changed = [[*history[:place], other[place], *history[place + 1 :]] for place in range(6)]
    before, again, *after = student.run(
        probes.next_scores_of_several, tables=tables, histories=[history, history, *changed]
    )
    for scores in (before, again, *after):
        expect_products(scores, tables, n=6)
    require(
        gap(before, again) < 1e-5,
        "in eval mode, the same history gets other scores each time",
        returned=again[0, 0],
        expected=before[0, 0],
        looks_like="dropout is on in eval mode: F.dropout has to be told the mode",
    )
    changes = np.array(
        [[gap(before[:, p], scores[:, p]) > 1e-5 for p in range(6)] for scores in after]
    )
    right = np.triu(np.ones((6, 6), dtype=bool))
    place, position = (
        np.argwhere(changes != right)[:1].ravel() if (changes != right).any() else (0, 0)
    )
    require(
        np.array_equal(changes, right),
        "positions do not look at what they should",
        returned=f"another movie at position {place} "
        f"{'changes' if changes[place, position] else 'does not change'} the scores at {position}",
        expected="scores at a position that come from it and from all before it",
        looks_like=mistakes.looks(changes),
    )


@task("7.5", points=1)
def test_padding_and_the_rest_of_the_batch_change_nothing(
    student: Student, rng: np.random.Generator
) -> None:
    """A history has the same scores alone and in a batch, padded on the right."""
    tables, lengths = draw_tables(rng), [2, 6, 4]
    histories = np.full((3, 6), N_MOVIES)
    for row, length in enumerate(lengths):
        histories[row, :length] = draw_history(rng, length)
    found = student.run(
        probes.next_scores_of_a_batch, tables=tables, histories=histories, lengths=lengths
    )
    expect(found["together"], "the scores").is_a("Tensor").has_shape(3, 6, N_MOVIES)
    for row, length in enumerate(lengths):
        alone, together = found["alone"][row], found["together"][row : row + 1, :length]
        expect_products(alone, tables, n=length)
        expect_products(together, tables, n=length)
        require(
            gap(alone, together) < 1e-4,
            "padding, or the rest of the batch, changes the scores",
            returned=together[0, 0],
            expected=alone[0, 0],
            looks_like=mistakes.OVER_THE_BATCH,
        )


@task("7.5", points=1)
def test_positions_matter(student: Student, rng: np.random.Generator) -> None:
    """The same movies in another order give other scores, and so does the same movie again."""
    tables, history = draw_tables(rng), draw_history(rng, 4)
    histories = [history, [history[1], history[0], *history[2:]], [history[0]] * 3]
    found = student.run(probes.next_scores_of_several, tables=tables, histories=histories)
    for scores, movies in zip(found, histories, strict=True):
        expect_products(scores, tables, n=len(movies))
    in_order, exchanged, again = found
    mistake = "no positions: attention by itself takes a history for a set"
    require(
        gap(in_order[:, 3], exchanged[:, 3]) > 1e-5,
        "the order of earlier movies makes no difference",
        returned=exchanged[0, 3],
        expected="other scores than in the other order",
        looks_like=mistake,
    )
    require(
        gap(again[:, 1], again[:, 2]) > 1e-5,
        "the same movie again makes no difference",
        returned=again[0, 2],
        expected="other scores at another position",
        looks_like=mistake,
    )
    nowhere = tables | {"position_embedding": np.zeros_like(tables["position_embedding"])}
    by_movie = student.run(
        probes.next_scores_of_several, tables=nowhere, histories=[history[:1], history[1:2]]
    )
    for scores in by_movie:
        expect_products(scores, tables, n=1)
    require(
        gap(*by_movie) > 1e-4,
        "with positions of 0, movies make no difference",
        returned=by_movie[1][0, 0],
        expected="other scores for another movie",
        looks_like="multiplied by the position: it is added",
    )


@task("7.5", points=1)
def test_all_weights_learn_and_heads_layers_and_dropout_are_as_asked(
    student: Student, rng: np.random.Generator
) -> None:
    """The movie table learns as input and as output; dropout acts in training mode alone."""
    tables, history = draw_tables(rng), draw_history(rng, 4)
    histories = np.full((3, 5), N_MOVIES)  # the last one is that of a user with one rating
    histories[0, :4], histories[1, :2] = history, history[:2]
    pull = rng.normal(size=(6, N_MOVIES)).astype("float32")
    pull[:, history] = 0  # so that these movies learn as inputs only
    found = student.run(probes.next_gradients, tables=tables, histories=histories, pull=pull)
    expect_table_learns(found, tables, histories < N_MOVIES, history, pull)
    expect_learning(found["position_embedding"], "position_embedding", [0, 1, 2, 3])
    expect_all_learn(found["without"])
    by_size = student.run(probes.next_movie_sizes, tables=tables, history=history)
    for found in by_size:
        expect_products(found["scores"], tables, n=4)
    expect_sizes(*by_size)
    for dropout in (0.5, 0.0):
        found = student.run(
            probes.next_scores_with_dropout, tables=tables, history=history, dropout=dropout
        )
        for scores in (*found["train"], *found["eval"]):
            expect_products(scores, tables, n=4)
        expect_dropout({mode: gap(*found[mode]) > 1e-5 for mode in ("train", "eval")}, dropout)


def expect_sizes(
    plain: dict[str, Any], with_heads: dict[str, Any], *deeper: dict[str, Any]
) -> None:
    """Two heads give other scores than one, and each layer adds the same number of weights."""
    require(
        gap(plain["scores"], with_heads["scores"]) > 1e-4,
        "n_heads changes nothing",
        returned="the same scores with one head and with two",
        expected="attention with n_heads heads",
    )
    weights = [found["weights"] for found in (plain, *deeper)]
    require(
        0 < weights[1] - weights[0] == weights[2] - weights[1],
        "n_layers does not set the number of layers",
        returned=f"{weights} numbers to train with 1, 2 and 3 layers",
        expected="the same number added by each layer",
        looks_like={"the number of layers is fixed": weights[0] == weights[1]},
    )


def expect_dropout(moves: dict[str, bool], dropout: float) -> None:
    """`moves`: in which mode a second call gives other scores."""
    require(
        moves == {"train": dropout > 0, "eval": False},
        "dropout acts where it should not, or not at all",
        returned=", ".join(
            f"in {mode} mode, a second call gives {'other' if moving else 'the same'} scores"
            for mode, moving in moves.items()
        ),
        expected=f"for dropout={dropout}, "
        + ("other scores in train mode only" if dropout else "the same scores in both modes"),
        looks_like={
            "dropout is on in eval mode, too": moves["eval"],
            "the argument dropout is not used": moves["train"] != (dropout > 0),
        },
    )


def without_padding(found: dict[str, Any]) -> dict[str, Any]:
    """The tables, with a padding row like the others: what it starts with is free."""
    table = found["tables"].get("movie_embedding.weight")
    if isinstance(table, np.ndarray) and table.ndim == 2 and len(table) > 1:
        table[-1] = table[0]
    return found


def draw_tables(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Tables of the size of the probes' models, without the row for padding.

    Their numbers are small, so that attention looks at everything, also where movies are scaled up.
    """
    sizes = {"movie_embedding": N_MOVIES, "position_embedding": MAX_LENGTH}
    return {
        name: rng.normal(scale=0.3, size=(rows, N_FACTORS)).astype("float32")
        for name, rows in sizes.items()
    }


def draw_history(rng: np.random.Generator, length: int) -> list[int]:
    return rng.choice(N_MOVIES, length, replace=False).tolist()


def gap(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference, as a share of the largest number; inf where one is NaN."""
    found = np.abs(one - other).max() / max(np.abs(one).max(), 1e-9)
    return float(found) if np.isfinite(found) else np.inf


def expect_products(scores: Any, tables: dict[str, np.ndarray], n: int) -> None:
    """Scores of one history that are dot products with the movie table, other ones everywhere."""
    expect(scores, "the scores").is_a("Tensor").has_shape(
        1,
        n,
        N_MOVIES,
        looks_like={
            "padding is scored like a movie": np.shape(scores) == (1, n, N_MOVIES + 1),
            "the last position alone: there are scores at each": np.shape(scores) == (1, N_MOVIES),
            "vectors instead of scores": np.shape(scores) == (1, n, N_FACTORS),
        },
    )
    expect(scores, "the scores").is_finite(looks_like=mistakes.NOTHING_SEEN)
    table = tables["movie_embedding"]
    rest = np.abs(mistakes.outside_the_table(np.nan_to_num(scores), table)).max()
    size = np.abs(scores).max()
    require(
        bool(np.isfinite(scores).all() and size > 1e-4 and rest < 1e-3 * size),
        "the scores are not dot products with the movie table",
        returned=scores[0, 0],
        expected="products of a vector with each row of movie_embedding but the padding's",
        looks_like=mistakes.untied(scores, table),
    )


def expect_table_learns(
    found: dict[str, Any],
    tables: dict[str, np.ndarray],
    is_movie: np.ndarray,
    history: list[int],
    pull: np.ndarray,
) -> None:
    """Movies outside of the history learn as outputs, those in it as inputs."""
    table, gradient = tables["movie_embedding"], found["movie_embedding"]
    require(
        gradient is not None,
        "no gradient reaches movie_embedding",
        returned="a table that will never learn",
        expected="a gradient for movie_embedding",
        looks_like="its numbers were taken out of the recording, as .data or detach do",
    )
    require(
        bool(np.isfinite(gradient).all()) and found["not_finite"] == [],
        "the gradient is not finite",
        returned=gradient[0],
        expected="finite numbers, also where a history is nothing but padding",
        looks_like={
            "a row of padding may look at nothing at all: its softmax is NaN, and so is what "
            "flows back": True
        },
    )
    expect(found["scores"], "the scores").has_shape(*is_movie.shape, N_MOVIES)
    vectors = np.linalg.lstsq(table.astype("float64"), found["scores"][is_movie].T, rcond=None)[0]
    others = [movie for movie in range(N_MOVIES) if movie not in history]
    expect(gradient[others], "the gradient of movies that are outputs only").equals(
        (pull.T @ vectors.T)[others],
        tolerance=1e-3,
        looks_like={"detached: the table does not learn from the scores": np.zeros((13, 8))},
    )
    require(
        bool((np.abs(gradient[history]).max(axis=1) > 0).all()),
        "movies do not learn as inputs",
        returned=gradient[history[0]],
        expected="a gradient for each movie of the history",
        looks_like="detached: the table does not learn from the histories",
    )


# 7.6


@task("7.6", points=1)
def test_loss_is_the_mean_over_positions_with_a_target(
    student: Student, rng: np.random.Generator
) -> None:
    """Mean cross-entropy over the positions that have a target, each counting the same."""
    scores = (2 * rng.normal(size=(3, 4, 6))).astype("float32")
    targets = np.full((3, 4), -100)
    targets[0, :4], targets[1, :2] = rng.integers(1, 6, 4), rng.integers(1, 6, 2)
    for rows in ([0, 1, 2], [1]):
        loss, gradient = mistakes.next_loss(scores[rows], targets[rows])
        found = student.run(probes.next_movie_loss, scores=scores[rows], targets=targets[rows])
        looks_like = mistakes.next_movie_loss(scores[rows], targets[rows])
        expect_loss(found, loss, looks_like)
        expect(found["gradient"], "the gradient of the scores").equals(gradient)


@task("7.6", points=1)
def test_the_best_unseen_movies_come_next(student: Student, rng: np.random.Generator) -> None:
    """The n best unseen by the last position's scores, 10 unless given, ties by lower index."""
    for n, shift in ((3, 0), (12, -9), (30, -40)):
        table = draw_scores(rng, shift)
        history = rng.choice(19, 4, replace=False).tolist()
        given = {"table": table, "max_length": 6, "history": history}
        found = student.run(probes.recommend_next, **given, n=n)
        judge_next(found, table, 6, history, n)
    found = student.run(probes.recommend_next_by_default, **given)
    judge_next(found, table, 6, history, 10)


@task("7.6", points=1)
def test_the_latest_part_of_a_history_counts(student: Student, rng: np.random.Generator) -> None:
    """Only the latest `max_length` movies go in, in eval mode, but all of them count as seen."""
    table, history = draw_long_history(rng, max_length=3, n=5)
    given = {"table": table, "max_length": 3, "history": history}
    for probe, training in (
        (probes.recommend_next, False),
        (probes.recommend_next_after_training, True),
    ):
        found = student.run(probe, **given, n=5)
        judge_next(found, table, 3, history, 5)
        require(
            found["training"] == training,
            "the model is in another mode than before",
            returned=f"training is {found['training']} afterwards",
            expected=f"training is {training}, as before",
        )
        require(
            found["history"] == history,
            "the history was changed",
            returned=found["history"],
            expected=history,
        )
    refused = student.run(probes.refused_history, table=table, max_length=3)
    expect(refused, "an empty history").raises("ValueError")


def draw_scores(rng: np.random.Generator, shift: float = 0) -> np.ndarray:
    """What each of 19 movies says about what comes next: whole numbers, so that there are ties."""
    return (rng.integers(-5, 6, size=(19, 19)) + shift).astype("float32")


def draw_long_history(
    rng: np.random.Generator, max_length: int, n: int
) -> tuple[np.ndarray, list[int]]:
    """Scores below 0 and a history in which no mistake gives the right list."""
    while True:
        table = draw_scores(rng, shift=-9)
        history = rng.choice(19, 8, replace=False).tolist()
        history.append(history[-3])
        table[history[-max_length:], history[0]] = 40  # what was seen long ago would be the best
        right = mistakes.ranked(mistakes.told(table, history[-max_length:]), history)[:n]
        wrong = mistakes.recommended(table, max_length, history, n)
        if [name for name, movies in wrong.items() if movies == right] == [mistakes.FILLED_UP]:
            return table, history


def judge_next(
    found: dict[str, Any], table: np.ndarray, max_length: int, history: list[int], n: int
) -> None:
    scores = mistakes.told(table, history[-max_length:])
    expect(found["movies"], "the movies").equals(
        mistakes.ranked(scores, history)[:n],
        looks_like=mistakes.recommended(table, max_length, history, n),
    )
    kinds = set(found["types"])
    require(
        kinds <= {"int"},
        "wrong type in the list",
        returned=f"a list of {', '.join(sorted(kinds))}",
        expected="a list of plain Python ints",
    )
    expect(found["table"], "the model's weights afterwards").equals(table)
