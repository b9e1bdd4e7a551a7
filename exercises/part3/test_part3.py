"""Part 3: two embedding tables, a dot product, biases."""

from typing import Any

import numpy as np

from exercises.part3 import probes
from grading.checks import Student, expect, require, task
from grading.checks.show import show

N_USERS, N_MOVIES, N_FACTORS, BATCH = 6, 8, 3, 4
TABLES = ("user_embedding", "movie_embedding")
ALL_ALIKE = "every number is the same: rows that start alike cannot learn different tastes"


# 3.1 MatrixFactorization.__init__


@task("3.1", points=1)
def test_model_has_two_tables(student: Student, rng: np.random.Generator) -> None:
    """The model is an nn.Module with one row of factors per user and another table for movies."""
    n_users, n_movies = (int(n) for n in rng.choice(np.arange(5, 30, 2), size=2, replace=False))
    found = student.run(probes.tables, n_users=n_users, n_movies=n_movies, n_factors=3)
    require(found["is_module"], "not a PyTorch model", expected="a subclass of nn.Module")
    users = weight_of(found, "user_embedding")
    movies = weight_of(found, "movie_embedding")
    mistakes = {
        "the numbers of users and movies are swapped": (users.shape, movies.shape)
        == ((n_movies, 3), (n_users, 3)),
        "one table for both: users and movies each need their own": (
            users.shape == (n_users + n_movies, 3)
        ),
        "rows and columns are swapped: a table has a row per user or movie, and looks rows up": (
            3 in (len(users), len(movies))
        ),
        "one row too many: indices run from 0 to n − 1, so n rows are enough": (
            len(users) == n_users + 1 or len(movies) == n_movies + 1
        ),
    }
    expect(users, "user_embedding.weight").has_shape(n_users, 3, looks_like=mistakes)
    expect(movies, "movie_embedding.weight").has_shape(n_movies, 3, looks_like=mistakes)
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
        weight = np.asarray(weight_of(found, name), dtype="float64")
        expect(weight, f"{name}.weight").is_finite()
        mean, std = weight.mean(), weight.std()
        # 12,000 draws: the bounds lie more than six standard errors away.
        require(
            0.095 < std < 0.105,
            "wrong initial values",
            returned=f"std {std:.3g} in {name}: an untrained prediction is typically "
            f"{std**2 * weight.shape[1] ** 0.5:.2g} away from 0",
            expected="std 0.1",
            looks_like={
                "normal_(…, 0.1) gives the mean: the std has to be given by its name, std=0.1": (
                    0.95 < std < 1.05 and 0.05 < mean < 0.15
                ),
                "PyTorch's own initial values, with std 1: is this table drawn anew?": (
                    0.95 < std < 1.05
                ),
                "0.1 taken as the variance: the std is its square root": 0.3 < std < 0.33,
                "0.1 squared: the std itself is 0.1": 0.0095 < std < 0.0105,
                "evenly spread between −0.1 and 0.1, which is not a normal": 0.055 < std < 0.06,
                ALL_ALIKE: std < 1e-6,
            },
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
    numbers = [np.ravel(weight_of(found, name))[:12_000] for name in TABLES]
    require(
        np.corrcoef(*numbers)[0, 1] < 0.5,
        "wrong initial values: both tables hold the same numbers",
        returned=f"{show(numbers[0])} in both",
        expected="users and movies drawn independently of each other",
        looks_like={"the same seed was set in front of both draws": True},
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
            looks_like={"padding_idx, as used for texts: it cuts one row off from learning": True},
        )
        require(
            max_norm is None,
            "a table that changes when it is read",
            returned=f"{name} with max_norm={max_norm}",
            expected="a table without max_norm: learning alone changes its rows",
        )
        expect_a_step(found, name, pulls)


# 3.2 MatrixFactorization.forward


@task("3.2", points=2)
def test_forward_is_one_dot_product_per_pair(student: Student, rng: np.random.Generator) -> None:
    """Each prediction is the dot product of one user's and one movie's factors."""
    inputs = draw_clear_pairs(rng)
    users = inputs["user_factors"][inputs["user_idx"]]
    movies = inputs["movie_factors"][inputs["movie_idx"]]
    products = users * movies
    dots = products.sum(axis=1)
    swapped = (
        inputs["user_factors"][inputs["movie_idx"]] * inputs["movie_factors"][inputs["user_idx"]]
    )
    users_twice = inputs["user_factors"][[inputs["user_idx"], inputs["movie_idx"]]]
    movies_twice = inputs["movie_factors"][[inputs["user_idx"], inputs["movie_idx"]]]
    lengths = np.linalg.norm(users, axis=1) * np.linalg.norm(movies, axis=1)
    for probe in (probes.forward, probes.forward_in_eval_mode):
        prediction = student.run(probe, **inputs)
        expect(prediction, "the predictions").is_a("Tensor").equals(
            dots,
            looks_like={
                "summed over the batch (dim=0) instead of over the factors": products.sum(axis=0),
                "summed over everything: one number for the whole batch, not one per pair": (
                    np.asarray(products.sum())
                ),
                "multiplied but not added up: a dot product is one number per pair": products,
                "every user of the batch against every movie of the batch, not pair by pair": (
                    users @ movies.T
                ),
                "the sum kept its dimension: [batch, 1] instead of [batch]": dots[:, None],
                "sorted: the predictions belong in the order of the pairs": np.sort(dots)[::-1],
                "the mean over the factors instead of their sum": products.mean(axis=1),
                "users looked up by movie_idx and movies by user_idx": swapped.sum(axis=1),
                "user_embedding looked up twice: movies have a table of their own": (
                    users_twice.prod(axis=0).sum(axis=1)
                ),
                "movie_embedding looked up twice: users have a table of their own": (
                    movies_twice.prod(axis=0).sum(axis=1)
                ),
                "a user's factors multiplied with themselves": (users**2).sum(axis=1),
                "a movie's factors multiplied with themselves": (movies**2).sum(axis=1),
                "the sum of the factors, without the products": (users + movies).sum(axis=1),
                "divided by the root of the number of factors": dots / N_FACTORS**0.5,
                "a cosine: the lengths of the vectors belong to the prediction": dots / lengths,
                "cut off at 1 and 5: a prediction outside still has to learn": dots.clip(1, 5),
                "squeezed into the range of the stars by a sigmoid": squeezed(prediction, dots),
            },
        )


@task("3.2", points=1)
def test_forward_of_one_pair(student: Student, rng: np.random.Generator) -> None:
    """A batch of one pair gives a batch of one prediction."""
    # Positive, so that the product lies above 5 stars.
    drawn = rng.integers(2, 10, size=(2, N_FACTORS)).astype("float64").tolist()
    for user, movie in (([1.0, 0.0, 2.0], [3.0, 5.0, 1.0]), drawn):
        products = np.multiply(user, movie)
        prediction = student.run(probes.forward_of_one_pair, user=user, movie=movie)
        expect(prediction, "the prediction").is_a("Tensor").equals(
            products.sum(keepdims=True),
            looks_like={
                "the batch dimension is gone: a bare squeeze() also removes a batch of one": (
                    np.asarray(products.sum())
                ),
                "the sum kept its dimension: [batch, 1] instead of [batch]": (
                    products.sum(keepdims=True)[None]
                ),
                "summed over the batch (dim=0) instead of over the factors": products,
            },
        )


@task("3.2", points=2)
def test_gradients_reach_the_factors(student: Student, rng: np.random.Generator) -> None:
    """A prediction passes its gradient on to the rows it used, and to no others."""
    inputs = factors(rng) | {"user_idx": [5, 0, 5, 2], "movie_idx": [7, 3, 0, 3]}
    found = student.run(probes.gradients, **inputs)
    for_users, for_movies = gradients_of_dot_products(**inputs)
    expect_gradient(found, "user_embedding", for_users)
    expect_gradient(found, "movie_embedding", for_movies)


@task("3.2", points=1)
def test_forward_changes_nothing(student: Student, rng: np.random.Generator) -> None:
    """Asking twice gives the same predictions and leaves factors and indices as they were."""
    inputs = factors(rng) | pairs(rng)
    found = student.run(probes.forward_twice, **inputs)
    for name, called in (
        ("user_factors", "user_embedding.weight"),
        ("movie_factors", "movie_embedding.weight"),
        ("user_idx", "user_idx"),
        ("movie_idx", "movie_idx"),
    ):
        require(
            np.array_equal(found[name], inputs[name]),
            f"a prediction changed {called}",
            returned=found[name],
            expected=np.asarray(inputs[name]),
        )
    first = np.asarray(found["first"])
    expect(found["second"], "the second predictions").equals(first)
    dots = inputs["user_factors"][inputs["user_idx"]] * inputs["movie_factors"][inputs["movie_idx"]]
    for name, expected in (("first", dots), ("of_fewer_pairs", dots[1:])):
        expect(found[name], "the predictions").is_a("Tensor")
        # Which prediction belongs to which pair is another check's concern.
        expect(float(np.sum(found[name])), "the sum of the predictions").equals(
            float(expected.sum()),
            tolerance=1e-4,
            looks_like={
                "the predictions for pairs that were asked for before": (
                    float(first.sum()) if name == "of_fewer_pairs" else None
                ),
            },
        )


# 3.3 BiasedMatrixFactorization


@task("3.3", points=1)
def test_model_has_bias_tables_of_zeros(student: Student, rng: np.random.Generator) -> None:
    """Beside the factors there is one bias per user and one per movie, all 0 at the start."""
    shapes = {
        "user_bias": (5, 1),
        "movie_bias": (7, 1),
        "user_embedding": (5, 3),
        "movie_embedding": (7, 3),
    }
    pulls = draw_pulls(rng, **shapes)
    found = student.run(probes.biased_tables, n_users=5, n_movies=7, n_factors=3, pulls=pulls)
    for name, rows in (("user_bias", 5), ("movie_bias", 7)):
        bias = weight_of(found, name)
        expect(bias, f"{name}.weight").has_shape(
            rows,
            1,
            looks_like={
                "the numbers of users and movies are swapped": len(bias) == 12 - rows,
                "a bias is one number per row, not one per factor": bias.shape == (rows, 3),
            },
        )
        require(
            not bias.any(),
            "wrong initial values",
            returned=f"{name}.weight that begins {', '.join(f'{b:.3g}' for b in bias[:3, 0])}",
            expected=f"{name}.weight with 0 in every row",
            looks_like={
                # 5 draws with std 0.1, as for the factors, stay below.
                "PyTorch's own initial values: a bias has to start at 0": abs(bias).max() > 0.45,
                "small random values, which factors need: a bias has to start at 0": (
                    bias.std() > 0
                ),
            },
        )
        expect_learning(found, name)
        expect_a_step(found, name, pulls)
    for name, rows in (("user_embedding", 5), ("movie_embedding", 7)):
        weight = weight_of(found, name)
        expect(weight, f"{name}.weight").has_shape(
            rows,
            3,
            looks_like={
                "n_factors was not passed on: the tables have the default of 32 columns": (
                    weight.shape[-1] == 32
                )
            },
        )


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
        looks_like={
            "a parameter: the optimizer would move the mean": found["is_trained"],
            "a plain attribute: it is not saved and does not move to the GPU with the model": (
                not found["is_trained"]
            ),
        },
    )
    require(
        found["is_saved"],
        "global_mean is not saved with the model",
        returned="a state_dict() without global_mean",
        expected="a state_dict() with global_mean",
        looks_like={"a buffer that was asked not to be saved (persistent=False)": True},
    )
    for name, given in (("value", mean), ("default", 0.0)):
        expect(np.ravel(found[name]), f"global_mean ({name})").equals(
            np.array([given]),
            looks_like={
                "the global_mean that was given is not used": np.zeros(1),
                "cut to a whole number": np.array([int(given)]),
            },
        )
    expect(
        np.ravel(found["loaded"]), "global_mean after load_state_dict() with twice of it"
    ).equals(np.array([2 * mean]))


@task("3.3", points=2)
def test_biased_forward_adds_four_terms(student: Student, rng: np.random.Generator) -> None:
    """A prediction is the sum of the global mean, both biases and the dot product."""
    inputs = biased_factors(rng) | pairs(rng)
    dots, user_bias, movie_bias = terms(**inputs)
    mean = inputs["mean"]
    total = mean + user_bias + movie_bias + dots
    for probe in (probes.biased_forward, probes.biased_forward_when_loaded):
        prediction = student.run(probe, **inputs)
        is_square = isinstance(prediction, np.ndarray) and prediction.shape == (BATCH, BATCH)
        expect(prediction, "the predictions").is_a("Tensor").has_shape(
            BATCH,
            looks_like={
                "a bias of shape [batch, 1] plus a [batch] broadcasts to [batch, batch]": is_square,
                "the dimension of the bias tables is still there: [batch, 1] instead of [batch]": (
                    isinstance(prediction, np.ndarray) and prediction.shape == (BATCH, 1)
                ),
            },
        ).equals(
            total,
            looks_like={
                "the global mean is missing": total - mean,
                "the user's bias is missing": total - user_bias,
                "the movie's bias is missing": total - movie_bias,
                "both biases are missing": mean + dots,
                "the biases are missing, and so is the mean": dots,
                "the dot product is missing": total - dots,
                "the global mean is added twice": total + mean,
                "the biases are multiplied: each adds on its own": mean
                + user_bias * movie_bias
                + dots,
                "the biases are averaged over the batch: every pair has its own": (
                    mean + user_bias.mean() + movie_bias.mean() + dots
                ),
                "the user's bias was looked up by movie_idx and the movie's by user_idx": (
                    mean
                    + inputs["user_bias"][inputs["movie_idx"], 0]
                    + inputs["movie_bias"][inputs["user_idx"], 0]
                    + dots
                ),
                "the mean that was given at first, not the buffer, which was loaded": total + 1,
                "squeezed into the range of the stars by a sigmoid": squeezed(prediction, total),
                "the biases are subtracted": mean - user_bias - movie_bias + dots,
                "cut off at 1 and 5: a prediction outside still has to learn": total.clip(1, 5),
            },
        )


@task("3.3", points=1)
def test_biased_forward_of_one_pair(student: Student, rng: np.random.Generator) -> None:
    """A batch of one pair gives a batch of one prediction, with biases too."""
    inputs = biased_factors(rng) | {"user_idx": [5], "movie_idx": [7]}
    prediction = student.run(probes.biased_forward, **inputs)
    dots, user_bias, movie_bias = terms(**inputs)
    total = inputs["mean"] + user_bias + movie_bias + dots
    expect(prediction, "the prediction").is_a("Tensor").equals(
        total,
        looks_like={
            "the batch dimension is gone: a bare squeeze() also removes a batch of one": (
                np.asarray(total[0])
            ),
            "the dimension of the bias tables is still there: [batch, 1] instead of [batch]": (
                total[:, None]
            ),
        },
    )


@task("3.3", points=1)
def test_gradients_reach_the_biases(student: Student, rng: np.random.Generator) -> None:
    """A prediction passes its gradient on to the biases and to the factors."""
    inputs = biased_factors(rng) | {"user_idx": [5, 0, 5, 2], "movie_idx": [7, 3, 0, 3]}
    found = student.run(probes.biased_gradients, **inputs)
    counts_of_users = np.bincount(inputs["user_idx"], minlength=N_USERS)[:, None]
    counts_of_movies = np.bincount(inputs["movie_idx"], minlength=N_MOVIES)[:, None]
    expect_gradient(found, "user_bias", counts_of_users.astype("float64"))
    expect_gradient(found, "movie_bias", counts_of_movies.astype("float64"))
    for_users, for_movies = gradients_of_dot_products(**inputs)
    expect_gradient(found, "user_embedding", for_users)
    expect_gradient(found, "movie_embedding", for_movies)


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
        users = inputs["user_factors"][inputs["user_idx"]]
        dots = (users * inputs["movie_factors"][inputs["movie_idx"]]).sum(axis=1)
        if dots.min() < 0 and dots.max() > 6 and (np.diff(dots) > 0.1).any():
            return inputs


def pairs(rng: np.random.Generator) -> dict[str, list[int]]:
    """Distinct users and movies; every index is valid in both tables and none meets itself."""
    user_idx = rng.permutation(N_USERS)[:BATCH]
    movie_idx = (user_idx + rng.integers(1, N_USERS)) % N_USERS
    return {"user_idx": user_idx.tolist(), "movie_idx": movie_idx.tolist()}


def terms(
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_bias: np.ndarray,
    movie_bias: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
    **_: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dot product, user's bias and movie's bias of each pair."""
    dots = (user_factors[user_idx] * movie_factors[movie_idx]).sum(axis=1)
    return dots, user_bias[user_idx, 0], movie_bias[movie_idx, 0]


def squeezed(prediction: Any, dots: np.ndarray) -> np.ndarray:
    """The mistake of low + range · sigmoid(dot product), with the range that fits best."""
    if not isinstance(prediction, np.ndarray) or prediction.shape != dots.shape:
        return dots
    if not np.isfinite(prediction).all():
        return dots
    curve = np.column_stack([np.ones(len(dots)), 1 / (1 + np.exp(-dots))])
    return curve @ np.linalg.lstsq(curve, np.asarray(prediction, "float64"), rcond=None)[0]


def gradients_of_dot_products(
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
    **_: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of the sum of the dot products: a row gets the other rows it met."""
    for_users, for_movies = np.zeros_like(user_factors), np.zeros_like(movie_factors)
    for user, movie in zip(user_idx, movie_idx, strict=True):
        for_users[user] += movie_factors[movie]
        for_movies[movie] += user_factors[user]
    return for_users, for_movies


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
        looks_like={ALL_ALIKE: True},
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
        looks_like={"from_pretrained, which freezes a table unless told not to": True},
    )
    require(
        found[name]["is_parameter"],
        "a table that the optimizer will not see",
        returned=f"model.parameters() without {name}.weight",
        expected=f"model.parameters() with {name}.weight",
    )


def expect_gradient(found: dict[str, Any], name: str, gradient: np.ndarray) -> None:
    """The predictions' gradient for the table `name`."""
    cut = {"the gradient is cut: by .data, detach(), no_grad() or a detour through numpy": True}
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
