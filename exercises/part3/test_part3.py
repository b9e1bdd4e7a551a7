"""Part 3: two embedding tables, a dot product, biases."""

from typing import Any

import numpy as np

from exercises.part3 import mistakes, probes
from grading.checks import Student, expect, require, task
from grading.checks.show import show

N_USERS, N_MOVIES, N_FACTORS, BATCH = 6, 8, 3, 4
TABLES = ("user_embedding", "movie_embedding")


# 3.1 MatrixFactorization.__init__


@task("3.1", points=1)
def test_model_has_two_tables(student: Student, rng: np.random.Generator) -> None:
    """The model is an nn.Module with one row of factors per user and another table for movies."""
    n_users, n_movies = (int(n) for n in rng.choice(np.arange(5, 30, 2), size=2, replace=False))
    found = student.run(probes.tables, n_users=n_users, n_movies=n_movies, n_factors=3)
    require(found["is_module"], "not a PyTorch model", expected="a subclass of nn.Module")
    users, movies = (weight_of(found, name) for name in TABLES)
    signs = mistakes.table_shapes(users.shape, movies.shape, n_users, n_movies)
    expect(users, "user_embedding.weight").has_shape(n_users, 3, looks_like=signs)
    expect(movies, "movie_embedding.weight").has_shape(n_movies, 3, looks_like=signs)
    for name in TABLES:
        expect_different_rows(found, name)


@task("3.1", points=1)
def test_32_factors_unless_told_otherwise(student: Student, rng: np.random.Generator) -> None:
    """Without n_factors, each user and each movie gets 32 numbers."""
    n_users, n_movies = (int(n) for n in rng.choice(np.arange(5, 30), size=2, replace=False))
    found = student.run(probes.default_tables, n_users=n_users, n_movies=n_movies)
    for name in TABLES:
        columns = weight_of(found, name).shape[-1]
        require(
            columns == 32,
            "wrong number of factors",
            returned=f"{columns} columns in {name}",
            expected="32 columns",
        )
        expect_different_rows(found, name)


@task("3.1", points=1)
def test_factors_start_small(student: Student, rng: np.random.Generator) -> None:
    """Both tables start as draws from a normal distribution with mean 0 and std 0.1."""
    n_users, n_movies = (int(n) for n in rng.permutation([300, 360]))
    found = student.run(probes.tables, n_users=n_users, n_movies=n_movies, n_factors=40)
    for name in TABLES:
        expect_normal(weight_of(found, name), name)
    numbers = [np.ravel(weight_of(found, name))[:12_000] for name in TABLES]
    require(
        np.corrcoef(*numbers)[0, 1] < 0.5,
        "wrong initial values: both tables hold the same numbers",
        returned=f"{show(numbers[0])} in both",
        expected="users and movies drawn independently of each other",
        looks_like="the same seed was set in front of both draws",
    )


@task("3.1", points=1)
def test_every_factor_can_learn(student: Student, rng: np.random.Generator) -> None:
    """All rows of both tables are parameters that an optimizer will train."""
    pulls = draw_pulls(rng, user_embedding=(5, 3), movie_embedding=(7, 3))
    found = student.run(probes.learning_tables, n_users=5, n_movies=7, n_factors=3, pulls=pulls)
    for name in pulls:
        weight_of(found, name)
        expect_learning(found, name)
        padding_idx, max_norm = found[name]["padding_idx"], found[name]["max_norm"]
        require(
            padding_idx is None,
            "a row that never learns",
            returned=f"{name} with padding_idx={padding_idx}",
            expected="every row belongs to a user or a movie and learns",
            looks_like="padding_idx, as used for texts: it cuts one row off from learning",
        )
        require(
            max_norm is None,
            "a table that changes when it is read",
            returned=f"{name} with max_norm={max_norm}",
            expected="a table without max_norm: learning alone changes its rows",
        )
        expect_a_step(found, name, pulls)


# 3.2 MatrixFactorization.forward


@task("3.2", points=1)
def test_forward_is_one_dot_product_per_pair(student: Student, rng: np.random.Generator) -> None:
    """Each prediction is the dot product of one user's and one movie's factors."""
    inputs = draw_clear_pairs(rng)
    dots = dot_products(**inputs)
    for probe in (probes.forward, probes.forward_in_eval_mode):
        prediction = student.run(probe, **inputs)
        looks_like = mistakes.dot_products(prediction, dots, **inputs)
        expect(prediction, "the predictions").is_a("Tensor").equals(dots, looks_like=looks_like)


@task("3.2", points=1)
def test_forward_of_one_pair(student: Student, rng: np.random.Generator) -> None:
    """A batch of one pair gives a batch of one prediction."""
    # Positive, so that the product lies above 5 stars.
    drawn = rng.integers(2, 10, size=(2, N_FACTORS)).astype("float64").tolist()
    for user, movie in (([1.0, 0.0, 2.0], [3.0, 5.0, 1.0]), drawn):
        prediction = student.run(probes.forward_of_one_pair, user=user, movie=movie)
        expect(prediction, "the prediction").is_a("Tensor").equals(
            np.multiply(user, movie).sum(keepdims=True), looks_like=mistakes.one_pair(user, movie)
        )


@task("3.2", points=1)
def test_gradients_reach_the_factors(student: Student, rng: np.random.Generator) -> None:
    """A prediction passes its gradient on to the rows it used, and to no others."""
    inputs = factors(rng) | {"user_idx": [5, 0, 5, 2], "movie_idx": [7, 3, 0, 3]}
    found = student.run(probes.gradients, **inputs)
    for name, gradient in gradients_of_dot_products(**inputs).items():
        expect_gradient(found, name, gradient)


@task("3.2", points=1)
def test_forward_changes_nothing(student: Student, rng: np.random.Generator) -> None:
    """Asking twice gives the same predictions and leaves factors and indices as they were."""
    inputs = factors(rng) | pairs(rng)
    found = student.run(probes.forward_twice, **inputs)
    tables = {"user_factors": "user_embedding.weight", "movie_factors": "movie_embedding.weight"}
    for name, before in inputs.items():
        problem = f"a prediction changed {tables.get(name, name)}"
        expect(found[name], name).unchanged(np.asarray(before), problem)
    first = np.asarray(found["first"])
    expect(found["second"], "the second predictions").equals(first)
    dots = dot_products(**inputs)
    before = {"the predictions for pairs that were asked for before": float(first.sum())}
    for name, expected, looks_like in (("first", dots, {}), ("of_fewer_pairs", dots[1:], before)):
        expect(found[name], "the predictions").is_a("Tensor")
        # Which prediction belongs to which pair is another check's concern.
        expect(float(np.sum(found[name])), "the sum of the predictions").equals(
            float(expected.sum()), tolerance=1e-4, looks_like=looks_like
        )


# 3.3 BiasedMatrixFactorization


@task("3.3", points=1)
def test_model_has_bias_tables_of_zeros(student: Student, rng: np.random.Generator) -> None:
    """Beside the factors there is one bias per user and one per movie, all 0 at the start."""
    biases = {"user_bias": (5, 1), "movie_bias": (7, 1)}
    embeddings = {"user_embedding": (5, 3), "movie_embedding": (7, 3)}
    pulls = draw_pulls(rng, **biases, **embeddings)
    found = student.run(probes.biased_tables, n_users=5, n_movies=7, n_factors=3, pulls=pulls)
    for name, shape in biases.items():
        bias = weight_of(found, name)
        looks_like = mistakes.bias_shapes(bias.shape, shape)
        expect(bias, f"{name}.weight").has_shape(*shape, looks_like=looks_like)
        require(
            not bias.any(),
            "wrong initial values",
            returned=f"{name}.weight that begins {', '.join(f'{b:.3g}' for b in bias[:3, 0])}",
            expected=f"{name}.weight with 0 in every row",
            looks_like=mistakes.initial_biases(bias),
        )
        expect_learning(found, name)
        expect_a_step(found, name, pulls)
    for name, shape in embeddings.items():
        weight = weight_of(found, name)
        not_passed_on = "n_factors was not passed on: the tables have the default of 32 columns"
        signs = {not_passed_on: weight.shape[-1] == 32}
        expect(weight, f"{name}.weight").has_shape(*shape, looks_like=signs)


@task("3.3", points=1)
def test_global_mean_is_a_buffer(student: Student, rng: np.random.Generator) -> None:
    """The global mean is a buffer, saved with the model but not trained, and 0 unless given."""
    mean = round(float(rng.uniform(2, 4)), 2)
    found = student.run(probes.global_mean, n_users=5, n_movies=7, mean=mean)
    value = found["value"]
    require(value is not None, "there is no global_mean", expected="a buffer named global_mean")
    require(
        found["is_buffer"],
        "global_mean is not a buffer",
        returned="a parameter" if found["is_trained"] else f"a plain attribute, {value!r:.40}",
        expected="a registered buffer",
        looks_like="a parameter: the optimizer would move the mean"
        if found["is_trained"]
        else "a plain attribute: it is not saved and does not move to the GPU with the model",
    )
    require(
        found["is_saved"],
        "global_mean is not saved with the model",
        returned="a state_dict() without global_mean",
        expected="a state_dict() with global_mean",
        looks_like="a buffer that was asked not to be saved (persistent=False)",
    )
    for key, name, expected, looks_like in (
        ("value", "global_mean (value)", mean, mistakes.means(mean)),
        ("default", "global_mean (default)", 0.0, mistakes.means(0.0)),
        ("loaded", "global_mean after load_state_dict() with twice of it", 2 * mean, {}),
    ):
        expect(np.ravel(found[key]), name).equals(np.array([expected]), looks_like=looks_like)


@task("3.3", points=2)
def test_biased_forward_adds_four_terms(student: Student, rng: np.random.Generator) -> None:
    """A prediction is the sum of the global mean, both biases and the dot product."""
    inputs = biased_factors(rng) | pairs(rng)
    for probe in (probes.biased_forward, probes.biased_forward_when_loaded):
        prediction = student.run(probe, **inputs)
        shapes = mistakes.biased_shapes(prediction, BATCH)
        values = mistakes.four_terms(prediction, dot_products(**inputs), **inputs)
        expect(prediction, "the predictions").is_a("Tensor").has_shape(
            BATCH, looks_like=shapes
        ).equals(four_terms(**inputs), looks_like=values)


@task("3.3", points=1)
def test_biased_forward_of_one_pair(student: Student, rng: np.random.Generator) -> None:
    """A batch of one pair gives a batch of one prediction, with biases too."""
    inputs = biased_factors(rng) | {"user_idx": [5], "movie_idx": [7]}
    prediction = student.run(probes.biased_forward, **inputs)
    total = four_terms(**inputs)
    expect(prediction, "the prediction").is_a("Tensor").equals(
        total, looks_like=mistakes.one_biased_pair(total)
    )


@task("3.3", points=1)
def test_gradients_reach_the_biases(student: Student, rng: np.random.Generator) -> None:
    """A prediction passes its gradient on to the biases and to the factors."""
    inputs = biased_factors(rng) | {"user_idx": [5, 0, 5, 2], "movie_idx": [7, 3, 0, 3]}
    found = student.run(probes.biased_gradients, **inputs)
    gradients = gradients_of_biases(**inputs) | gradients_of_dot_products(**inputs)
    for name, gradient in gradients.items():
        expect_gradient(found, name, gradient)


# Inputs and answers


def factors(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Factors so large that their dot products lie on both sides of 1 to 5 stars."""
    return {
        "user_factors": (2 * rng.normal(size=(N_USERS, N_FACTORS))).astype("float32"),
        "movie_factors": (2 * rng.normal(size=(N_MOVIES, N_FACTORS))).astype("float32"),
    }


def biased_factors(rng: np.random.Generator) -> dict[str, Any]:
    return factors(rng) | {
        "user_bias": rng.normal(size=(N_USERS, 1)).astype("float32"),
        "movie_bias": rng.normal(size=(N_MOVIES, 1)).astype("float32"),
        "mean": round(float(rng.uniform(2, 4)), 2),
    }


def draw_pulls(rng: np.random.Generator, **shapes: tuple[int, int]) -> dict[str, np.ndarray]:
    """For each table a gradient of its own, so that a step moves every number of it."""
    return {name: rng.uniform(1, 2, size=shape).astype("float32") for name, shape in shapes.items()}


def draw_clear_pairs(rng: np.random.Generator) -> dict[str, Any]:
    """Dot products below 1 and above 5 stars, not in descending order."""
    while True:
        inputs = factors(rng) | pairs(rng)
        dots = dot_products(**inputs)
        if dots.min() < 0 and dots.max() > 6 and (np.diff(dots) > 0.1).any():
            return inputs


def pairs(rng: np.random.Generator) -> dict[str, list[int]]:
    """Distinct users and movies; every index is valid in both tables and none meets itself."""
    user_idx = rng.permutation(N_USERS)[:BATCH]
    movie_idx = (user_idx + rng.integers(1, N_USERS)) % N_USERS
    return {"user_idx": user_idx.tolist(), "movie_idx": movie_idx.tolist()}


def dot_products(**inputs: Any) -> np.ndarray:
    users = inputs["user_factors"][inputs["user_idx"]]
    return (users * inputs["movie_factors"][inputs["movie_idx"]]).sum(axis=1)


def four_terms(**inputs: Any) -> np.ndarray:
    """The mean, the user's and the movie's bias and the dot product of each pair, added up."""
    user_bias = inputs["user_bias"][inputs["user_idx"], 0]
    movie_bias = inputs["movie_bias"][inputs["movie_idx"], 0]
    return inputs["mean"] + user_bias + movie_bias + dot_products(**inputs)


def gradients_of_dot_products(
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
    **_: Any,
) -> dict[str, np.ndarray]:
    """The gradient of the sum of the dot products: a row gets the other rows it met."""
    for_users, for_movies = np.zeros_like(user_factors), np.zeros_like(movie_factors)
    for user, movie in zip(user_idx, movie_idx, strict=True):
        for_users[user] += movie_factors[movie]
        for_movies[movie] += user_factors[user]
    return {"user_embedding": for_users, "movie_embedding": for_movies}


def gradients_of_biases(user_idx: list[int], movie_idx: list[int], **_: Any) -> dict[str, Any]:
    """The gradient of the sum of the predictions: how often each bias was added."""
    counts = {
        "user_bias": np.bincount(user_idx, minlength=N_USERS),
        "movie_bias": np.bincount(movie_idx, minlength=N_MOVIES),
    }
    return {name: count[:, None].astype("float64") for name, count in counts.items()}


# Expectations


def weight_of(found: dict[str, Any], name: str) -> np.ndarray:
    """The weight of the table `name`, which must be an nn.Embedding."""
    table = found[name]
    require(table is not None, f"the model has no {name}", expected=f"nn.Embedding as self.{name}")
    if not isinstance(table, dict):
        expect(table, f"self.{name}").is_a("Embedding")
    return table["weight"]


def expect_different_rows(found: dict[str, Any], name: str) -> None:
    weight = weight_of(found, name)
    require(
        np.ptp(weight) > 1e-6,
        "wrong initial values",
        returned=f"{weight.flat[0]:.3g} everywhere in {name}",
        expected="numbers drawn at random",
        looks_like=mistakes.ALL_ALIKE,
    )


def expect_normal(weight: np.ndarray, name: str) -> None:
    """12,000 draws with mean 0 and std 0.1: bounds lie more than six standard errors away."""
    weight = np.asarray(weight, dtype="float64")
    expect(weight, f"{name}.weight").is_finite()
    mean, std = weight.mean(), weight.std()
    require(
        0.095 < std < 0.105,
        "wrong initial values",
        returned=f"std {std:.3g} in {name}: an untrained prediction is typically "
        f"{std**2 * weight.shape[1] ** 0.5:.2g} away from 0",
        expected="std 0.1",
        looks_like=mistakes.spreads(mean, std),
    )
    require(
        abs(mean) < 0.006,
        "wrong initial values",
        returned=f"mean {mean:.3g} in {name}",
        expected="mean 0",
    )
    beyond = np.mean(np.abs(weight) > 2 * std)
    require(
        0.035 < beyond < 0.057,
        "wrong initial values: the std is right, but they are not normal",
        returned=f"{beyond:.1%} of {name} lie more than 2 std from 0",
        expected="4.6%, as in a normal distribution",
        looks_like={"evenly spread (uniform) instead of normal": beyond < 0.001},
    )


def expect_a_step(found: dict[str, Any], name: str, pulls: dict[str, np.ndarray]) -> None:
    """A step of SGD with a learning rate of 0.5 moved each number against its gradient."""
    weight = weight_of(found, name)
    require(weight.size > 0, f"{name} is empty", returned=weight)
    expect(found[name]["moved"], f"how far a training step moved {name}.weight").equals(
        -0.5 * np.resize(pulls[name], weight.shape), tolerance=1e-4
    )


def expect_learning(found: dict[str, Any], name: str) -> None:
    """The table `name` is registered with the model and not frozen."""
    require(
        found[name]["takes_gradient"],
        "a table that does not learn",
        returned=f"{name}.weight with requires_grad=False",
        expected="requires_grad=True",
        looks_like="from_pretrained, which freezes a table unless told not to",
    )
    require(
        found[name]["is_parameter"],
        "a table that the optimizer will not see",
        returned=f"model.parameters() without {name}.weight",
        expected=f"model.parameters() with {name}.weight",
    )


def expect_gradient(found: dict[str, Any], name: str, gradient: np.ndarray) -> None:
    """The predictions' gradient for the table `name`."""
    cut = "the gradient is cut: by .data, detach(), no_grad() or a detour through numpy"
    require(
        found["has_gradient"],
        "predictions that nothing can learn from",
        returned="predictions without a gradient",
        expected="predictions with requires_grad=True",
        looks_like=cut,
    )
    require(
        found[name] is not None,
        f"no gradient reaches {name}",
        returned="None",
        expected=f"a gradient in {name}.weight.grad",
        looks_like=cut,
    )
    expect(found[name], f"{name}.weight.grad").equals(gradient)
