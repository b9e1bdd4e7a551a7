"""Part 4: batches, the training loop, validation, early stopping, a penalty."""

from itertools import pairwise
from typing import Any

import numpy as np

from exercises.part4 import mistakes, probes
from exercises.part4.mistakes import (
    Factors,
    Ratings,
    adam,
    batches_of,
    errors_of,
    gradient,
    lopsided,
    predictions_of,
    sgd,
    squared_rows,
    stopped,
)
from grading.checks import Student, expect, require, task
from grading.checks.show import show

N_USERS, N_MOVIES, N_FACTORS = 5, 7, 3


# 4.1 make_loader


@task("4.1", points=1)
def test_loader_yields_three_tensors(student: Student, rng: np.random.Generator) -> None:
    """A batch is user_idx, movie_idx (int64) and rating (float32), each [batch], last one short."""
    ratings = some_ratings(rng, 10)
    settings = {"batch_size": 4, "shuffle": False, "seed": 0, "n_epochs": 1}
    (epoch,) = epochs_of(student.run(probes.batches, ratings=ratings, **settings))
    dtypes = {"user_idx": "int64", "movie_idx": "int64", "rating": "float32"}
    for batch in epoch:
        for values, (name, dtype) in zip(batch, dtypes.items(), strict=True):
            expect(values, f"the batch's {name}").has_dtype(dtype)
    expect_sizes(epoch, [4, 4, 2])
    rows_of(epoch, ratings)


@task("4.1", points=1)
def test_loader_keeps_the_order(student: Student, rng: np.random.Generator) -> None:
    """With shuffle=False every rating comes once, in the order of the frame, in every epoch."""
    ratings = some_ratings(rng, 22)
    settings = {"batch_size": 8, "shuffle": False, "seed": 3, "n_epochs": 2}
    for epoch in epochs_of(student.run(probes.batches, ratings=ratings, **settings)):
        rows = rows_of(epoch, ratings)
        signs = mistakes.orders(rows, ratings, batch_size=8)
        expect_rows(rows, list(range(22)), "not the order of the frame", signs)


@task("4.1", points=1)
def test_loader_shuffles_every_epoch(student: Student, rng: np.random.Generator) -> None:
    """With shuffle, the default, every epoch has every rating once, in a new order."""
    ratings = some_ratings(rng, 22)
    settings = {"batch_size": 8, "shuffle": True, "seed": 3, "n_epochs": 3}
    epochs = epochs_of(student.run(probes.batches, ratings=ratings, **settings))
    expect_new_orders([rows_of(epoch, ratings) for epoch in epochs], n_rows=22)
    many = some_ratings(rng, 1030)
    (epoch,) = epochs_of(student.run(probes.batches_by_default, ratings=many))
    expect_sizes(epoch, [1024, 6])
    expect_new_orders([rows_of(epoch, many)], n_rows=1030)


@task("4.1", points=1)
def test_loader_is_reproducible(student: Student, rng: np.random.Generator) -> None:
    """The same seed gives the same sequence of epochs, and another seed gives another."""
    ratings = some_ratings(rng, 22)
    seed, other_seed = (int(n) for n in rng.permutation(100)[:2])
    settings = {"batch_size": 8, "seed": seed, "other_seed": other_seed, "n_epochs": 3}
    found = student.run(probes.batches_again, ratings=ratings, **settings)
    first, again, other = (
        [rows_of(epoch, ratings) for epoch in epochs_of(found[name])]
        for name in ("first", "again", "other")
    )
    for number, (once, twice) in enumerate(zip(first, again, strict=True), start=1):
        shared = "the random state that all share: the loader needs a generator of its own"
        expect_rows(twice, once, f"the same seed gives another order in epoch {number}", shared)
    require(
        first != other,
        "two seeds give the same order",
        returned=f"rows {show(other[0])} for seed={seed} and for seed={other_seed}",
        expected="another order for another seed",
        looks_like=mistakes.seeds(first[0], n_rows=22),
    )


@task("4.1", points=1)
def test_loader_serves_batches_of_any_size(student: Student, rng: np.random.Generator) -> None:
    """Batches may hold a single rating, exactly all or more than there are; the frame stays."""
    for n, batch_size, sizes in ((3, 1, [1, 1, 1]), (8, 4, [4, 4]), (5, 60, [5]), (1, 4, [1])):
        ratings = some_ratings(rng, n)
        settings = {"batch_size": batch_size, "shuffle": True, "seed": int(rng.integers(100))}
        found = student.run(probes.batches, ratings=ratings, **settings, n_epochs=1)
        (epoch,) = epochs_of(found)
        expect_sizes(epoch, sizes)
        expect_every_rating(rows_of(epoch, ratings), n_rows=n)
        require(
            found["ratings_unchanged"],
            "the frame was changed",
            returned="a frame that differs from the one that was passed in",
            expected="the frame as it was: it belongs to the caller",
            looks_like="worked in place: on the frame itself, not on a copy",
        )


# 4.2 train_epoch


@task("4.2", points=1)
def test_train_epoch_returns_the_mean_per_rating(
    student: Student, rng: np.random.Generator
) -> None:
    """It returns the mean loss per rating as a float: a short last batch counts for less."""
    inputs = one_pass(rng, lr=0.0)  # the model stays as it is, so that only the mean matters
    found = student.run(probes.train_epoch, **inputs)
    expect_mean_squared(found["returned"], inputs, mistakes.changed_predictions(**inputs))


@task("4.2", points=2)
def test_train_epoch_takes_one_step_per_batch(student: Student, rng: np.random.Generator) -> None:
    """Every batch moves the weights by one optimizer step, on the gradient of that batch alone."""
    inputs = one_pass(rng, lr=0.125)
    found = student.run(probes.train_epoch, **inputs)
    right = sgd(inputs["factors"], batches_of(inputs["ratings"], batch_size=4), lr=0.125)
    expect_factors(found, right, mistakes.steps(found, **inputs))


@task("4.2", points=1)
def test_train_epoch_is_in_training_mode(student: Student, rng: np.random.Generator) -> None:
    """The model is in training mode while it learns, in whichever mode it came."""
    for training in (True, False):
        # The model stays as it is, so that its predictions are known.
        inputs = one_pass(rng, lr=0.0, training=training)
        found = student.run(probes.train_epoch, **inputs)
        stayed = {"the model came in eval mode, from validation, and stayed there": found["calls"]}
        expect_mode(found, True, stayed)
        expect_every_batch(found, inputs)


@task("4.2", points=1)
def test_train_epoch_uses_the_given_loss(student: Student, rng: np.random.Generator) -> None:
    """The loss that is measured and learned from is the loss_fn that was given."""
    inputs = one_long_step(rng, n=9, batch_size=9, lr=0.125, loss="LopsidedLoss")
    found = student.run(probes.train_epoch, **inputs)
    errors = errors_of(inputs["factors"], inputs["ratings"])
    expect(as_number(found["returned"]), "the mean loss").equals(
        lopsided(errors), looks_like=mistakes.other_losses(errors)
    )
    # Every prediction is too low, which costs twice; as a target, it would be too high.
    right = sgd(inputs["factors"], [inputs["ratings"]], lr=2 * 0.125, absolute=True)
    expect_factors(found, right, mistakes.steps_on_other_losses(**inputs))


# 4.3 evaluate


@task("4.3", points=1)
def test_evaluate_returns_the_mean_per_rating(student: Student, rng: np.random.Generator) -> None:
    """It returns the mean of the given loss per rating as a float."""
    inputs = one_pass(rng, training=False)
    expect_mean_squared(student.run(probes.evaluate, **inputs)["returned"], inputs)
    found = student.run(probes.evaluate, **inputs | {"loss": "LopsidedLoss"})
    errors = errors_of(inputs["factors"], inputs["ratings"])
    expect(found["returned"], "the mean loss").equals(
        lopsided(errors), looks_like=mistakes.other_losses(errors)
    )


@task("4.3", points=1)
def test_evaluate_is_in_eval_mode(student: Student, rng: np.random.Generator) -> None:
    """The model is in eval mode while it is measured, and afterwards in the mode it came in."""
    for training in (True, False):
        found = evaluated(student, rng, training=training)
        expect_mode(found, False)
        require(
            found["training"] == training,
            "the model's mode is not restored",
            returned=f"model.training is {found['training']} afterwards",
            expected=f"model.training is {training}, as before",
            looks_like={
                "left in eval mode": training,
                "always set to training mode: it may have come in eval mode": not training,
            },
        )


@task("4.3", points=1)
def test_evaluate_changes_no_weights(student: Student, rng: np.random.Generator) -> None:
    """The model's weights and gradients stay exactly as they were."""
    found = evaluated(student, rng, training=True)
    for name in ("users", "movies"):
        before, after = found["factors_before"][name], found["factors"][name]
        expect(after, f"the factors of the {name}").has_shape(*before.shape)
        row = int((before == after).all(axis=1).argmin())  # the first that differs
        require(
            np.array_equal(before, after),
            f"the factors of the {name} changed",
            returned=f"{name[:-1]} {row} has the factors {show(after[row])}",
            expected=f"{name[:-1]} {row} has the factors {show(before[row])}",
            looks_like={"a step of learning during validation": found["n_backward"] > 0},
        )
    users, movies = found["gradients"]
    untouched = users is not None and np.array_equal(users, found["gradients_before"])
    require(
        movies is None and untouched,
        "the gradients in the model changed",
        returned="other gradients than before",
        expected="the gradients as they were: nothing is learned here",
        looks_like={
            "a backward during validation": found["n_backward"] > 0,
            "gradients were cleared: that belongs to training": not untouched,
        },
    )
    require(
        found["trainable"] == [True, False],
        "other weights are trainable afterwards",
        returned=f"requires_grad is {found['trainable']} for the users' and the movies' table",
        expected="[True, False], as before",
        looks_like=mistakes.trainable(found["trainable"]),
    )


@task("4.3", points=1)
def test_evaluate_records_no_gradients(student: Student, rng: np.random.Generator) -> None:
    """Predictions are made without recording gradients, and recording is possible again later."""
    found = evaluated(student, rng, training=True)
    require(
        not any(call["gradient"] for call in found["calls"]),
        "gradients are recorded",
        returned="predictions with requires_grad=True",
        expected="predictions without a gradient",
        looks_like="eval() alone: it changes how layers behave, not what is recorded",
    )
    require(
        found["grad_enabled"],
        "gradients stay switched off afterwards",
        returned="torch.is_grad_enabled() is False after evaluate",
        expected="True: the next epoch of training needs gradients",
    )


# 4.4 fit


@task("4.4", points=1)
def test_fit_trains_with_adam(student: Student, rng: np.random.Generator) -> None:
    """The weights move as Adam moves them, with the lr and the weight_decay that were given."""
    inputs = training_inputs(rng) | {"epochs": 4, "lr": 0.03, "weight_decay": 0.2}
    found = student.run(probes.fit_with_adam, valid_losses=[5.0, 4.0, 3.0, 2.0], **inputs)
    expect_trained(found, inputs)
    expect_factors(found, adam(**inputs), mistakes.optimizers(found, **inputs), tolerance=1e-4)


@task("4.4", points=1)
def test_fit_returns_the_history(student: Student, rng: np.random.Generator) -> None:
    """It returns one dict per epoch: epoch from 1, train_loss and valid_loss, both mean squared."""
    inputs = training_inputs(rng)
    valid_losses = [round(float(x), 3) for x in rng.uniform([3, 2, 1], [4, 3, 2])]
    # So small a rate hardly moves the weights: the training loss stays that of the start.
    settings = {"valid_losses": valid_losses, "epochs": 3, "patience": 9, "lr": 1e-7}
    found = student.run(probes.fit, **inputs, **settings)
    history = history_of(found)
    expect([entry["epoch"] for entry in history], "the epochs").equals(
        [1, 2, 3], looks_like=mistakes.EPOCHS
    )
    errors = errors_of(**inputs)
    losses = {"train_loss": [float((errors**2).mean())] * 3, "valid_loss": valid_losses}
    for name, right in losses.items():
        wrong = mistakes.reported_losses(name, losses, errors, found["before_training"])
        expect({name: [as_number(entry[name]) for entry in history]}, name).equals(
            {name: right}, tolerance=1e-4, looks_like=wrong
        )


@task("4.4", points=1)
def test_fit_stops_at_the_last_epoch(student: Student, rng: np.random.Generator) -> None:
    """While validation improves it trains for all epochs: 20 of them, with lr 0.005, by default."""
    inputs = training_inputs(rng)
    improving = (2 + np.arange(40)[::-1] / 10).tolist()
    a_little = (1 - 2e-6 * np.arange(6)).tolist()
    for valid_losses, epochs, patience in ((improving, 6, 2), (a_little, 6, 2), (improving, 1, 1)):
        settings = {"valid_losses": valid_losses, "epochs": epochs, "patience": patience}
        found = student.run(probes.fit, **inputs, **settings, lr=0.01)
        tiny = valid_losses is a_little and len(history_of(found)) == 1 + patience
        small = {"a small gain was not counted: any lower loss is better": tiny}
        expect_epochs(found, epochs, small)
    found = student.run(probes.fit_by_default, **inputs, valid_losses=improving)
    expect_epochs(found, 20)
    wrong = {"Adam's own lr of 0.001": adam(**inputs, epochs=20, lr=1e-3)}
    expect_factors(found, adam(**inputs, epochs=20, lr=5e-3), wrong, tolerance=1e-3)


@task("4.4", points=1)
def test_fit_stops_when_patience_is_over(student: Student, rng: np.random.Generator) -> None:
    """It stops after patience epochs in a row without a better validation loss, 3 by default."""
    inputs = training_inputs(rng)
    for patience in (int(rng.integers(2, 5)), 1):
        course = course_of(patience, scale=float(rng.uniform(1, 2)))
        settings = {"valid_losses": course, "epochs": len(course), "patience": patience}
        found = student.run(probes.fit, **inputs, **settings, lr=0.01)
        expect_stop(found, course, patience)
        expect_trained(found, inputs)
    course = [2.0, 1.0, *rng.uniform(1.2, 1.9, size=18).tolist()]
    found = student.run(probes.fit_by_default, **inputs, valid_losses=course)
    expect_stop(found, course, patience=3)


@task("4.4", points=1)
def test_best_weights_come_back_after_an_early_stop(
    student: Student, rng: np.random.Generator
) -> None:
    """When it stops early, the model has the weights of its best epoch."""
    expect_weights_of_best_epoch(student, rng, stops_early=True)


@task("4.4", points=1)
def test_best_weights_come_back_after_all_epochs(
    student: Student, rng: np.random.Generator
) -> None:
    """When the epochs run out, the model has the weights of its best epoch, too."""
    expect_weights_of_best_epoch(student, rng, stops_early=False)


# 4.5 l2_penalty


@task("4.5", points=1)
def test_penalty_is_the_mean_of_the_squared_lengths(
    student: Student, rng: np.random.Generator
) -> None:
    """It is strength times the mean of the squared lengths of the rows that each rating uses."""
    for has_biases, n in ((False, 6), (True, 9), (True, 1)):
        inputs = penalty_inputs(rng, n, has_biases)
        expect_penalty(student.run(probes.l2_penalty, **inputs), inputs)
    inputs = penalty_inputs(rng, 4, has_biases=False) | {"strength": 0.1}
    given = {name: inputs[name] for name in ("factors", "user_idx", "movie_idx")}
    expect_penalty(student.run(probes.l2_penalty_by_default, **given), inputs)


@task("4.5", points=1)
def test_penalty_has_a_gradient_for_the_rows_of_the_batch(
    student: Student, rng: np.random.Generator
) -> None:
    """Its gradient reaches every row that the batch uses, as often as it does, and no other."""
    for has_biases in (False, True):
        inputs = penalty_inputs(rng, 6, has_biases)
        found = student.run(probes.l2_penalty, **inputs)
        expect(found["returned"], "the penalty").is_a("Tensor")
        require(
            found["has_graph"],
            "no gradient comes out of the penalty",
            returned="a tensor without a gradient",
            expected="a tensor that backward can start from",
            looks_like="computed from .data or detached, or without recording gradients",
        )
        require(
            not found["left_gradients"] and not found["changed"],
            "the model was changed",
            returned="other weights or gradients in the model after the call",
            expected="a number to add to the loss; the backward and the step are train_epoch's",
        )
        for table, right in slopes_of_penalty(**inputs).items():
            expect(found["gradients"][table], f"the gradient of {table}").equals(
                right, looks_like=mistakes.penalty_slopes(table, right, inputs)
            )


@task("4.5", points=1)
def test_train_epoch_adds_the_penalty_to_what_it_steps_on(
    student: Student, rng: np.random.Generator
) -> None:
    """train_epoch steps on the loss plus the penalty of the batch, and reports the loss alone."""
    inputs = gentle_pass(rng)
    found = student.run(probes.train_epoch_with_penalty, **inputs, batch_size=9, lr=0.125)
    expect_takes_penalty(found, "train_epoch")
    expect_penalty_calls(found, [inputs["ratings"]])
    # One batch: what the penalty adds to the step is known, whatever the step on the loss is.
    added = {
        name: found["with"]["factors"][name] - found["without"]["factors"][name]
        for name in inputs["factors"]
    }
    right = mistakes.pulled(inputs["pull"], inputs["ratings"], lr=0.125)
    wrong = mistakes.steps_with_penalty(right, found, **inputs, lr=0.125)
    for name, expected in right.items():
        expect(added[name], f"what the penalty adds to the step of the {name}").equals(
            expected,
            looks_like={mistake: values[name] for mistake, values in wrong.items()},
        )
    losses = {name: as_number(found[name]["returned"]) for name in ("with", "without")}
    expect(losses["with"], "the mean loss").equals(
        losses["without"],
        looks_like={
            "the penalty is in the loss that is reported": losses["with"] != losses["without"]
        },
    )
    # Several batches: each has a penalty of its own.
    found = student.run(probes.train_epoch_with_penalty, **inputs, batch_size=4, lr=0.125)
    expect_penalty_calls(found, batches_of(inputs["ratings"], batch_size=4))


@task("4.5", points=1)
def test_fit_trains_with_the_penalty(student: Student, rng: np.random.Generator) -> None:
    """fit trains with the penalty on every batch, and validates without it."""
    inputs = training_inputs(rng)
    # Against the loss, uphill: only a penalty in the step makes the penalty smaller.
    slopes = gradient(**inputs)
    inputs["pull"] = {name: (-50 * np.sign(one)).astype("float32") for name, one in slopes.items()}
    found = student.run(
        probes.fit_with_penalty, **inputs, valid_losses=[3.0, 2.0, 1.0], epochs=3, lr=0.01
    )
    expect_takes_penalty(found, "fit")
    expect_penalty_calls(found, [inputs["ratings"]] * 3)
    values = [call["penalty"] for call in found["calls"]]
    rows = {"users": inputs["ratings"]["user_idx"], "movies": inputs["ratings"]["movie_idx"]}
    first = sum(
        (inputs["pull"][name][idx] * inputs["factors"][name][idx]).sum(axis=1).mean()
        for name, idx in rows.items()
    )
    require(
        values[-1] < values[0],
        "the penalty is not learned from",
        returned=f"penalties of {show(values)}, one per epoch",
        expected="a penalty that falls from epoch to epoch, as it is far larger than the loss",
        looks_like="called, but not added to what the step is taken on",
    )
    expect(values[0], "the penalty of the first batch").equals(float(first), tolerance=1e-4)
    # So small a rate that the weights stay: the losses must be those without a penalty.
    settings = {"valid_losses": [2.5], "epochs": 1, "lr": 1e-9}
    found = student.run(probes.fit_with_penalty, **inputs, **settings)
    plain = student.run(probes.fit_with_penalty, **inputs | {"pull": None}, **settings)
    expect(found["history"], "the history, at a rate of nearly 0").equals(
        plain["history"],
        tolerance=1e-4,
        problem="not the losses that there are without a penalty",
        looks_like="the penalty is in the loss that is reported",
    )


# Inputs


def some_ratings(rng: np.random.Generator, n: int) -> Ratings:
    """An encoded frame of different pairs, with the index labels of a shuffled split."""
    n_movies = max(N_MOVIES, n // N_USERS + 1)
    pairs = rng.permutation(N_USERS * n_movies)[:n]
    return {
        "user_idx": pairs // n_movies,
        "movie_idx": pairs % n_movies,
        "rating": rng.integers(1, 6, size=n).astype("float32"),
        "index": rng.permutation(3 * n)[:n],
    }


def some_factors(rng: np.random.Generator) -> Factors:
    """Numbers well away from 0, where a step of Adam would jump."""
    return {
        name: (rng.uniform(0.3, 1, (n, N_FACTORS)) * rng.choice([-1, 1], (n, N_FACTORS))).astype(
            "float32"
        )
        for name, n in (("users", N_USERS), ("movies", N_MOVIES))
    }


def one_pass(rng: np.random.Generator, n: int = 10, **settings: Any) -> dict[str, Any]:
    """Inputs for one pass over n ratings in batches of 4, unless the settings say otherwise."""
    inputs = {"ratings": some_ratings(rng, n), "factors": some_factors(rng)}
    return inputs | {"batch_size": 4, "loss": "MSELoss", "training": True} | settings


def one_long_step(rng: np.random.Generator, **settings: Any) -> dict[str, Any]:
    """A pass in one batch for LopsidedLoss, whose gradient is longer than 1: a clip would show."""
    length = 0.0
    while length < 1.1:
        inputs = one_pass(rng, **settings)
        # Above every prediction, so that it makes no difference which of them it is compared with.
        inputs["ratings"]["rating"] += 10
        slopes = gradient(inputs["factors"], inputs["ratings"], absolute=True).values()
        length = 2 * float(np.sqrt(sum((slope**2).sum() for slope in slopes)))
    return inputs


def gentle_pass(rng: np.random.Generator) -> dict[str, Any]:
    """Inputs for one pass with a penalty; the gradients are so short that no clip would show."""
    factors, ratings = some_factors(rng), some_ratings(rng, 9)
    missed = rng.uniform(0.1, 0.2, 9) * rng.choice([-1, 1], 9)
    ratings["rating"] = (predictions_of(factors, ratings) + missed).astype("float32")
    # Away from 0, so that the penalty is positive.
    sizes = {name: np.abs(values) / 4 for name, values in some_factors(rng).items()}
    pull = {name: np.sign(factors[name]) * size for name, size in sizes.items()}
    return {"ratings": ratings, "factors": factors, "pull": pull}


def penalty_inputs(rng: np.random.Generator, n: int, has_biases: bool) -> dict[str, Any]:
    """Pairs of which some share a user or a movie, while other rows are in none."""
    sizes = {"users": N_USERS, "movies": N_MOVIES}
    biases = {name: rng.uniform(0.5, 1.5, (size, 1)) for name, size in sizes.items()}
    return {
        "factors": some_factors(rng),
        "biases": {name: b.astype("float32") for name, b in biases.items()} if has_biases else None,
        "user_idx": rng.permutation([0, 0, 0, 3, 1, 1, 0, 3, 1])[:n],
        "movie_idx": rng.permutation([5, 5, 2, 2, 2, 6, 5, 2, 6])[:n],
        "strength": round(float(rng.uniform(0.2, 0.8)), 2),
    }


def training_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """Factors, and ratings without user 0, who is reserved for validation."""
    ratings = some_ratings(rng, 30)
    kept = np.flatnonzero(ratings["user_idx"])[:11]
    return {
        "ratings": {name: values[kept] for name, values in ratings.items()},
        "factors": some_factors(rng),
    }


def course_of(patience: int, scale: float) -> list[float]:
    """Validation losses that tell the ways of counting apart.

    Better twice; almost patience epochs that are worse, each less so; the best; patience epochs
    without a better one, of which the last is just as good; then, too late, a better one again,
    and enough bad ones for every way of counting to stop.
    """
    worse = np.linspace(1.8, 1.4, patience - 1).tolist()
    late = np.linspace(0.9, 0.5, patience).tolist()
    too_late = [0.1, 0.3, *[0.2] * (patience + 3)]
    return [scale * x for x in [2.0, 1.0, *worse, 0.5, *late, *too_late]]


# Shared judgements


def epochs_of(found: dict[str, Any]) -> list[list[list[np.ndarray]]]:
    """The epochs of a loader, each a list of batches of three tensors [batch]."""
    if not found["is_loader"]:
        expect(found["loader"], "the loader").is_a("DataLoader")
    for epoch in found["epochs"]:
        require(len(epoch) > 0, "an epoch without batches", expected="every rating in every epoch")
        for batch in epoch:
            expect(batch, "a batch, its three tensors together,").is_a("list", "tuple")
            require(
                len(batch) == 3,
                "wrong number of tensors in a batch",
                returned=f"{len(batch)}",
                expected="3: user_idx, movie_idx and rating",
            )
            for values, name in zip(batch, ("user_idx", "movie_idx", "rating"), strict=True):
                expect(values, f"the batch's {name}").is_a("Tensor")
                require(
                    values.ndim == 1 and len(values) == len(batch[0]),
                    "wrong shape",
                    returned=f"shape {list(values.shape)} for {name}",
                    expected="shape [batch], the same for all three",
                    looks_like=mistakes.shapes(values),
                )
    return found["epochs"]


def expect_sizes(epoch: list[list[np.ndarray]], expected: list[int]) -> None:
    sizes = [len(batch[0]) for batch in epoch]
    require(
        sizes == expected,
        "wrong batch sizes",
        returned=f"batches of {show(sizes)} ratings",
        expected=f"batches of {show(expected)} ratings",
        looks_like=mistakes.sizes(sizes, expected),
    )


def rows_of(epoch: list[list[np.ndarray]], ratings: Ratings) -> list[int]:
    """The rows of the frame in the order in which an epoch serves them."""
    pairs = zip(ratings["user_idx"].tolist(), ratings["movie_idx"].tolist(), strict=True)
    places = {pair: row for row, pair in enumerate(pairs)}
    rows = []
    for batch in epoch:
        for user, movie, rating in zip(*(values.tolist() for values in batch), strict=True):
            row = places.get((user, movie))
            require(
                row is not None and ratings["rating"][row] == rating,
                "a rating that is not in the frame",
                returned=f"user_idx {user:g}, movie_idx {movie:g}, rating {rating:g}",
                expected="the three values of one row, together",
                looks_like="user, movie and rating come from different rows: shuffled on their "
                "own, or matched by label",
            )
            rows.append(row)
    return rows


def expect_rows(
    rows: list[int], expected: list[int], problem: str, looks_like: dict[str, bool] | str
) -> None:
    require(
        rows == expected,
        problem,
        returned=f"rows {show(rows)}",
        expected=f"rows {show(expected)}",
        looks_like=looks_like,
    )


def expect_every_rating(rows: list[int], n_rows: int, epoch: int = 1) -> None:
    require(
        sorted(rows) == list(range(n_rows)),
        f"epoch {epoch} does not have every rating once",
        returned=f"{len(set(rows))} different ratings in {len(rows)}",
        expected=f"{n_rows} different ratings",
        looks_like=mistakes.repeats(rows, n_rows),
    )


def expect_new_orders(epochs: list[list[int]], n_rows: int) -> None:
    """Every row once in each epoch, and never in the order of the frame or of another epoch."""
    for number, rows in enumerate(epochs, start=1):
        expect_every_rating(rows, n_rows, number)
        require(
            rows != list(range(n_rows)),
            "not shuffled",
            returned=f"rows {show(rows)} in epoch {number}",
            expected="another order than that of the frame",
        )
    for number, (before, after) in enumerate(pairwise(epochs), start=2):
        require(
            before != after,
            "not shuffled anew",
            returned=f"rows {show(after)} in epoch {number - 1} and in epoch {number}",
            expected="another order in every epoch",
            looks_like="shuffled once, or seeded anew at the start of each epoch",
        )


def expect_mean_squared(
    returned: Any, inputs: dict[str, Any], looks_like: dict[str, float] | None = None
) -> None:
    """The mean squared error per rating, as a float."""
    losses = errors_of(inputs["factors"], inputs["ratings"]) ** 2
    expect(returned, "the mean loss").is_a(
        "float",
        looks_like={
            "a tensor, which keeps its whole graph alive: take the number out of it": (
                isinstance(returned, np.ndarray)
            )
        },
    ).equals(
        float(losses.mean()),
        looks_like=mistakes.means(losses, inputs["batch_size"]) | (looks_like or {}),
    )


def expect_factors(
    found: dict[str, Any],
    expected: Factors,
    looks_like: dict[str, Factors],
    tolerance: float = 1e-5,
) -> None:
    """The weights that the model has afterwards."""
    for name in ("users", "movies"):
        weights = found["factors"][name]
        expect(weights, f"the weights of the {name}").has_shape(*expected[name].shape)
        close = np.isclose(weights, expected[name], rtol=tolerance, atol=tolerance)
        row = int(close.all(axis=1).argmin())  # the first that differs
        require(
            bool(close.all()),
            "the weights are wrong afterwards",
            returned=f"{name[:-1]} {row} has the factors {show(weights[row])}",
            expected=f"{name[:-1]} {row} has the factors {show(expected[name][row])}"
            f"   (tolerance {tolerance:g})",
            looks_like={
                text: np.allclose(weights, wrong[name], rtol=tolerance, atol=tolerance)
                for text, wrong in looks_like.items()
            },
        )


def expect_mode(
    found: dict[str, Any], training: bool, looks_like: dict[str, Any] | None = None
) -> None:
    """The model was called, and in this mode for every batch."""
    modes = [call["training"] for call in found["calls"]]
    called = f"model.training is {modes} for the batches"
    require(
        len(modes) > 0 and all(mode == training for mode in modes),
        f"not in {'training' if training else 'eval'} mode",
        returned=called if modes else "the model was never called",
        expected=f"model.training is {training} for every batch",
        looks_like=looks_like,
    )


def evaluated(student: Student, rng: np.random.Generator, training: bool) -> dict[str, Any]:
    inputs = one_pass(rng, training=training)
    found = student.run(probes.evaluate, **inputs)
    require(len(found["calls"]) > 0, "the model was never called", expected="one call per batch")
    expect_every_batch(found, inputs)
    return found | {"factors_before": inputs["factors"]}


def expect_every_batch(found: dict[str, Any], inputs: dict[str, Any]) -> None:
    """The model, which has not changed, was asked about the pairs of every batch."""
    batches = batches_of(inputs["ratings"], inputs["batch_size"])
    for number, batch in enumerate(batches, start=1):
        expected = predictions_of(inputs["factors"], batch)
        require(
            any(is_close(call["prediction"], expected) for call in found["calls"]),
            f"the model was never asked about batch {number}",
            returned=f"predictions {show(found['calls'][0]['prediction'])} in the first call",
            expected=f"model(user_idx, movie_idx) for batch {number}: {show(expected)}",
            looks_like={
                "only the first batch: does something leave the loop early?": (
                    number == 2 and len(found["calls"]) == 1
                ),
            },
        )


def is_close(values: np.ndarray, expected: np.ndarray) -> bool:
    return values.shape == expected.shape and np.allclose(values, expected, rtol=1e-4, atol=1e-5)


def history_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The history that fit returned: a list of dicts with the three keys."""
    history = found["history"]
    expect(history, "the history").is_a("list")
    beside = {"something is returned beside the history": any(type(one) is list for one in history)}
    for entry in history:
        expect(entry, "an entry of the history").is_a("dict", looks_like=beside)
        for key in ("epoch", "train_loss", "valid_loss"):
            require(
                key in entry,
                f"no {key} in the history",
                returned=f"keys {', '.join(entry)}",
                expected="keys epoch, train_loss, valid_loss",
            )
    return history


def expect_trained(found: dict[str, Any], inputs: dict[str, Any]) -> None:
    """The first epoch met the batch of train_loader, with the weights from the start."""
    require(
        found["n_epochs"] > 0,
        "nothing was learned from train_loader",
        returned="a model that has never met a batch of train_loader",
        expected="training on train_loader, validation on valid_loader",
        looks_like="the two loaders have changed places",
    )
    expected, (seen,) = predictions_of(inputs["factors"], inputs["ratings"]), found["met"]
    require(
        is_close(seen, expected),
        "the first epoch does not begin with the model as it came",
        returned=f"predictions {show(seen)}",
        expected=f"model(user_idx, movie_idx) for the batch of train_loader: {show(expected)}",
    )


def as_number(value: Any) -> Any:
    """A tensor of one number counts as that number: its type is judged by 4.2 and 4.3."""
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def expect_penalty(found: dict[str, Any], inputs: dict[str, Any]) -> None:
    """A scalar tensor with the right value."""
    returned = found["returned"]
    number = {"a plain number: it has no gradient to learn from": isinstance(returned, float)}
    expect(returned, "the penalty").is_a("Tensor", looks_like=number).has_shape(
        looks_like={
            "one number per rating: take their mean": returned.shape == inputs["user_idx"].shape
        }
    )
    squared = squared_rows(**{name: inputs[name] for name in inputs if name != "strength"})
    expect(as_number(returned), "the penalty").equals(
        float(inputs["strength"] * sum(squared.values()).mean()),
        looks_like=mistakes.penalties(**inputs),
    )


def slopes_of_penalty(
    factors: Factors,
    biases: Factors | None,
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    strength: float,
) -> dict[str, np.ndarray]:
    """The gradient of each table, by hand."""
    found = {}
    for kind, idx in (("user", user_idx), ("movie", movie_idx)):
        n_used = np.bincount(idx, minlength=len(factors[f"{kind}s"]))
        slope = 2 * strength * n_used[:, None] / len(idx)
        found[f"{kind}_embedding"] = slope * factors[f"{kind}s"]
        if biases:
            found[f"{kind}_bias"] = slope * biases[f"{kind}s"]
    return found


def expect_takes_penalty(found: dict[str, Any], name: str) -> None:
    call = {
        "train_epoch": "train_epoch(model, loader, optimizer, loss_fn, penalty=None)",
        "fit": "fit(model, train_loader, valid_loader, *, …, penalty=None)",
    }
    require(
        found["takes_penalty"],
        f"{name} takes no penalty",
        returned=f"a {name} without a parameter penalty",
        expected=call[name],
        looks_like="written before task 4.5: it needs one parameter more",
    )


def expect_penalty_calls(found: dict[str, Any], batches: list[Ratings]) -> None:
    """The penalty was asked for the pairs of every batch, and for no others."""
    seen, right = (
        [(pairs["user_idx"].tolist(), pairs["movie_idx"].tolist()) for pairs in of]
        for of in (found["calls"], batches)
    )
    missing = next((pairs for pairs in right if pairs not in seen), right[0])
    users, movies = seen[0] if seen else ([], [])
    require(
        all(pairs in right for pairs in seen) and all(pairs in seen for pairs in right),
        "the penalty is not called for each batch of training",
        returned=f"{len(seen)} calls, the first with users {show(users)}, movies {show(movies)}",
        expected=f"penalty(model, user_idx, movie_idx) for {len(right)} batches, one with users "
        f"{show(missing[0])}, movies {show(missing[1])}",
        looks_like=mistakes.penalty_calls(seen, right),
    )


def expect_epochs(
    found: dict[str, Any], epochs: int, looks_like: dict[str, bool] | None = None
) -> None:
    """The history has an entry for each of `epochs` epochs, and that many were trained."""
    for seen, what in (
        (len(history_of(found)), "entries in the history"),
        (found["n_epochs"], "epochs of training"),
    ):
        require(
            seen == epochs,
            "wrong number of epochs",
            returned=f"{seen} {what}",
            expected=f"{epochs}, as validation improves in every epoch",
            looks_like=(looks_like or {}) | mistakes.epochs_trained(seen, epochs),
        )


def expect_stop(found: dict[str, Any], course: list[float], patience: int) -> None:
    """The training ended after `patience` epochs in a row without a better validation loss."""
    stop = stopped(course, patience)
    seen = len(history_of(found))
    losses = ", ".join(f"{loss:.2f}" for loss in course[:stop])
    require(
        seen == stop,
        "stopped after the wrong epoch",
        returned=f"{seen} epochs",
        expected=f"{stop} epochs, as the last {patience} were no better than epoch "
        f"{stop - patience}. The validation losses from epoch 1 on: {losses}",
        looks_like=mistakes.stops(found, course, patience),
    )


def expect_weights_of_best_epoch(
    student: Student, rng: np.random.Generator, *, stops_early: bool
) -> None:
    """Judge one of the two cases; the other only helps to name the mistake."""
    inputs = training_inputs(rng)
    bad = rng.uniform(1.5, 1.9, size=20).tolist()
    cases = {
        True: {"valid_losses": [2.0, 1.0, *bad], "epochs": 12, "patience": 3},
        False: {"valid_losses": [3.0, 2.0, 1.0, *bad], "epochs": 5, "patience": 9},
    }
    best = {True: 2, False: 3}  # epochs
    other = student.run(probes.fit, **inputs, **cases[not stops_early], lr=0.01)
    found = student.run(probes.fit, **inputs, **cases[stops_early], lr=0.01)
    seen, other_is_right = (
        found["epoch_of_weights"],
        other["epoch_of_weights"] == best[not stops_early],
    )
    require(
        seen == best[stops_early],
        "not the weights of the best epoch",
        returned=f"the weights of epoch {seen:g}"
        if seen
        else "the weights from before the training",
        expected=f"the weights of epoch {best[stops_early]}, where the validation loss was lowest",
        looks_like=mistakes.weights_kept(found, stops_early, other_is_right),
    )
    expect_trained(found, inputs)
