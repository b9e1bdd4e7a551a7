"""Part 4: batches, the training loop, validation, early stopping."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from exercises.part4 import probes
from grading.checks import Student, expect, require, task
from grading.checks.show import show

N_USERS, N_MOVIES, N_FACTORS = 5, 7, 3

Ratings = dict[str, np.ndarray]
Factors = dict[str, np.ndarray]


# 4.1 make_loader


@task("4.1", points=1)
def test_loader_yields_three_tensors(student: Student, rng: np.random.Generator) -> None:
    """A batch is user_idx, movie_idx (int64) and rating (float32), each [batch], last one short."""
    ratings = some_ratings(rng, 10)
    found = student.run(
        probes.batches, ratings=ratings, batch_size=4, shuffle=False, seed=0, n_epochs=1
    )
    (epoch,) = epochs_of(found)
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
    found = student.run(
        probes.batches, ratings=ratings, batch_size=8, shuffle=False, seed=3, n_epochs=2
    )
    by_label = np.argsort(ratings["index"])
    for epoch in epochs_of(found):
        rows = rows_of(epoch, ratings)
        require(
            rows == list(range(22)),
            "not the order of the frame",
            returned=f"rows {show(rows)}",
            expected=f"rows {show(list(range(22)))}",
            looks_like={
                "shuffled although shuffle=False": sorted(rows) == list(range(22))
                and rows != by_label.tolist(),
                "sorted by the frame's index labels: after a split they are not in order": (
                    rows == by_label.tolist()
                ),
                "the last, shorter batch is dropped, and its ratings are never seen": (
                    rows == list(range(16))
                ),
            },
        )


@task("4.1", points=1)
def test_loader_shuffles_every_epoch(student: Student, rng: np.random.Generator) -> None:
    """With shuffle, the default, every epoch has every rating once, in a new order."""
    ratings = some_ratings(rng, 22)
    found = student.run(
        probes.batches, ratings=ratings, batch_size=8, shuffle=True, seed=3, n_epochs=3
    )
    expect_new_orders([rows_of(epoch, ratings) for epoch in epochs_of(found)], n_rows=22)
    many = some_ratings(rng, 1030)
    (epoch,) = epochs_of(student.run(probes.batches_by_default, ratings=many))
    expect_sizes(epoch, [1024, 6])
    expect_new_orders([rows_of(epoch, many)], n_rows=1030)


@task("4.1", points=1)
def test_loader_is_reproducible(student: Student, rng: np.random.Generator) -> None:
    """The same seed gives the same sequence of epochs, and another seed gives another."""
    ratings = some_ratings(rng, 22)
    seed, other_seed = (int(n) for n in rng.permutation(100)[:2])
    found = student.run(
        probes.batches_again,
        ratings=ratings,
        batch_size=8,
        seed=seed,
        other_seed=other_seed,
        n_epochs=3,
    )
    first, again, other = (
        [rows_of(epoch, ratings) for epoch in epochs_of(found[name])]
        for name in ("first", "again", "other")
    )
    for number, (once, twice) in enumerate(zip(first, again, strict=True), start=1):
        require(
            once == twice,
            f"the same seed gives another order in epoch {number}",
            returned=f"rows {show(twice)}",
            expected=f"rows {show(once)}",
            looks_like={
                "the random state that all share: the loader needs a generator of its own": True
            },
        )
    require(
        first != other,
        "two seeds give the same order",
        returned=f"rows {show(other[0])} for seed={seed} and for seed={other_seed}",
        expected="another order for another seed",
        looks_like={
            "no shuffling": first[0] == list(range(22)),
            "a fixed seed: is the seed that was given used?": first[0] != list(range(22)),
        },
    )


@task("4.1", points=1)
def test_loader_serves_batches_of_any_size(student: Student, rng: np.random.Generator) -> None:
    """Batches may hold a single rating, exactly all or more than there are; the frame stays."""
    for n, batch_size, sizes in ((3, 1, [1, 1, 1]), (8, 4, [4, 4]), (5, 60, [5]), (1, 4, [1])):
        ratings = some_ratings(rng, n)
        found = student.run(
            probes.batches,
            ratings=ratings,
            batch_size=batch_size,
            shuffle=True,
            seed=int(rng.integers(100)),
            n_epochs=1,
        )
        (epoch,) = epochs_of(found)
        expect_sizes(epoch, sizes)
        expect_every_rating(rows_of(epoch, ratings), n_rows=n)
        require(
            found["ratings_unchanged"],
            "the frame was changed",
            returned="a frame that differs from the one that was passed in",
            expected="the frame as it was: it belongs to the caller",
            looks_like={"worked in place: on the frame itself, not on a copy": True},
        )


# 4.2 train_epoch


@task("4.2", points=1)
def test_train_epoch_returns_the_mean_per_rating(
    student: Student, rng: np.random.Generator
) -> None:
    """It returns the mean loss per rating as a float: a short last batch counts for less."""
    ratings, factors = some_ratings(rng, 10), some_factors(rng)
    found = student.run(
        probes.train_epoch,
        ratings=ratings,
        factors=factors,
        batch_size=4,
        lr=0.0,  # the model stays as it is, so that only the mean matters
        loss="MSELoss",
        training=True,
    )
    expect_mean_loss(
        found["returned"],
        errors_of(factors, ratings) ** 2,
        batch_size=4,
        looks_like={
            "every prediction was compared with every rating of its batch: [batch] beside "
            "[batch, 1] becomes a table": crossed_loss(factors, ratings, batch_size=4),
            "predictions were clipped before the loss: what is clipped learns nothing": (
                float(
                    ((predictions_of(factors, ratings).clip(1, 5) - ratings["rating"]) ** 2).mean()
                )
            ),
        },
    )


@task("4.2", points=2)
def test_train_epoch_takes_one_step_per_batch(student: Student, rng: np.random.Generator) -> None:
    """Every batch moves the weights by one optimizer step, on the gradient of that batch alone."""
    ratings, factors = some_ratings(rng, 10), some_factors(rng)
    lr = 0.125
    found = student.run(
        probes.train_epoch,
        ratings=ratings,
        factors=factors,
        batch_size=4,
        lr=lr,
        loss="MSELoss",
        training=True,
    )
    split = list(batches_of(ratings, 4))
    gradients_at_start = [gradient(factors, batch) for batch in split]
    backward = found["n_backward"] > 0
    if not backward:
        nothing = "nothing moved: a step needs a backward before it"
    elif found["has_gradients"]:
        nothing = "nothing moved: the gradients are there, and no step follows them"
    else:
        nothing = (
            "nothing moved: the gradients were cleared between backward and step. "
            "Clear them before backward"
        )
    mistakes = {
        nothing: factors,
        "old gradients are never cleared, so that each step repeats the earlier ones": (
            sgd(factors, split, lr, accumulate=True)
        ),
        "only the first batch is trained on: does something leave the loop early?": (
            sgd(factors, split[:1], lr)
        ),
        "only the last batch makes a step: is the step inside the loop?": (
            sgd(factors, split[-1:], lr)
        ),
        "one step after the loop, on the gradients of all batches": (
            moved(factors, gradients_at_start, lr)
        ),
        "a step uphill: the loss grows": sgd(factors, split, -lr),
        "backward twice for one batch: each gradient counts double": sgd(factors, split, 2 * lr),
    }
    expect_factors(found, sgd(factors, split, lr), mistakes)


@task("4.2", points=1)
def test_train_epoch_is_in_training_mode(student: Student, rng: np.random.Generator) -> None:
    """The model is in training mode while it learns, in whichever mode it came."""
    for training in (True, False):
        ratings, factors = some_ratings(rng, 10), some_factors(rng)
        found = student.run(
            probes.train_epoch,
            ratings=ratings,
            factors=factors,
            batch_size=4,
            lr=0.0,  # the model stays as it is, so that its predictions are known
            loss="MSELoss",
            training=training,
        )
        modes = [call["training"] for call in found["calls"]]
        require(
            len(modes) > 0 and all(modes),
            "not in training mode",
            returned=f"model.training is {modes} for the batches"
            if modes
            else "the model was never called",
            expected="model.training is True for every batch",
            looks_like={"the model came in eval mode, from validation, and stayed there": modes},
        )
        expect_every_batch(found, factors, ratings, batch_size=4)


@task("4.2", points=1)
def test_train_epoch_uses_the_given_loss(student: Student, rng: np.random.Generator) -> None:
    """The loss that is measured and learned from is the loss_fn that was given."""
    ratings, factors = some_ratings(rng, 9), some_factors(rng)
    # Above every prediction, so that it makes no difference which of them it is compared with.
    ratings["rating"] += 10
    found = student.run(
        probes.train_epoch,
        ratings=ratings,
        factors=factors,
        batch_size=9,
        lr=0.125,
        loss="LopsidedLoss",
        training=True,
    )
    errors = errors_of(factors, ratings)
    expect(as_number(found["returned"]), "the mean loss").equals(
        lopsided(errors), looks_like=other_losses(errors)
    )
    # Every prediction is too low, which costs twice; as a target, it would be too high.
    mistakes = {
        ANOTHER_LOSS: sgd(factors, [ratings], 0.125),
        SWAPPED: sgd(factors, [ratings], 0.125, absolute=True),
        "nothing moved": factors,
    }
    expect_factors(found, sgd(factors, [ratings], 0.25, absolute=True), mistakes)


# 4.3 evaluate


@task("4.3", points=1)
def test_evaluate_returns_the_mean_per_rating(student: Student, rng: np.random.Generator) -> None:
    """It returns the mean of the given loss per rating as a float."""
    ratings, factors = some_ratings(rng, 10), some_factors(rng)
    errors = errors_of(factors, ratings)
    inputs = {"ratings": ratings, "factors": factors, "batch_size": 4, "training": False}
    found = student.run(probes.evaluate, loss="MSELoss", **inputs)
    expect_mean_loss(found["returned"], errors**2, batch_size=4)
    found = student.run(probes.evaluate, loss="LopsidedLoss", **inputs)
    expect(found["returned"], "the mean loss").equals(
        lopsided(errors), looks_like=other_losses(errors)
    )


@task("4.3", points=1)
def test_evaluate_is_in_eval_mode(student: Student, rng: np.random.Generator) -> None:
    """The model is in eval mode while it is measured, and afterwards in the mode it came in."""
    for training in (True, False):
        found = evaluated(student, rng, training=training)
        modes = [call["training"] for call in found["calls"]]
        require(
            len(modes) > 0 and not any(modes),
            "not in eval mode",
            returned=f"model.training is {modes} for the batches"
            if modes
            else "the model was never called",
            expected="model.training is False for every batch",
        )
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
        looks_like={
            "the weights were frozen, and stayed so": found["trainable"] == [False, False],
            "all weights were made trainable: some may have been frozen before": (
                found["trainable"] == [True, True]
            ),
        },
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
        looks_like={"eval() alone: it changes how layers behave, not what is recorded": True},
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
    ratings, factors = training_ratings(rng), some_factors(rng)
    lr, weight_decay, epochs = 0.03, 0.2, 4
    found = student.run(
        probes.fit_with_adam,
        ratings=ratings,
        factors=factors,
        valid_losses=[5.0, 4.0, 3.0, 2.0],
        epochs=epochs,
        lr=lr,
        weight_decay=weight_decay,
    )
    expect_trained(found, factors, ratings)
    unmoved = "nothing moved: these are the weights from before the training"
    if found["n_epochs"] < epochs:
        unmoved = "no epoch was ever better: the best loss so far starts too low"
    mistakes = {
        "weight_decay is ignored": adam(factors, ratings, epochs, lr),
        "lr is ignored: Adam's own is 0.001": adam(factors, ratings, epochs, 1e-3, weight_decay),
        "lr is ignored: 0.005 is only the default": (
            adam(factors, ratings, epochs, 5e-3, weight_decay)
        ),
        "a new optimizer every epoch: Adam forgets what it has learned about the steps": (
            adam(factors, ratings, epochs, lr, weight_decay, fresh=True)
        ),
        "AdamW: a good choice elsewhere, but Adam is asked for here": (
            adam(factors, ratings, epochs, lr, weight_decay, decoupled=True)
        ),
        "trained on the mean absolute error instead of the mean squared error": (
            adam(factors, ratings, epochs, lr, weight_decay, absolute=True)
        ),
        "SGD instead of Adam": sgd(factors, [ratings] * epochs, lr, weight_decay=weight_decay),
        "one epoch too few: does the range end too early?": (
            adam(factors, ratings, epochs - 1, lr, weight_decay)
        ),
        unmoved: factors,
        **{
            f"only the {name} learned: the optimizer needs all parameters of the model": {
                **factors,
                name: adam(factors, ratings, epochs, lr, weight_decay, of=name)[name],
            }
            for name in factors
        },
    }
    expect_factors(found, adam(factors, ratings, epochs, lr, weight_decay), mistakes, 1e-4)


@task("4.4", points=1)
def test_fit_returns_the_history(student: Student, rng: np.random.Generator) -> None:
    """It returns one dict per epoch: epoch from 1, train_loss and valid_loss, both mean squared."""
    ratings, factors = training_ratings(rng), some_factors(rng)
    valid_losses = [round(float(x), 3) for x in rng.uniform([3, 2, 1], [4, 3, 2])]
    found = student.run(
        probes.fit,
        ratings=ratings,
        factors=factors,
        valid_losses=valid_losses,
        epochs=3,
        patience=9,
        lr=1e-7,  # hardly moves the weights: the training loss stays that of the start
    )
    history = history_of(found)
    expect([entry["epoch"] for entry in history], "the epochs").equals(
        [1, 2, 3],
        looks_like={
            "epochs counted from 0: people count from 1": [0, 1, 2],
            "the same dict in all places, filled anew: each epoch needs a dict of its own": [3] * 3,
        },
    )
    errors = errors_of(factors, ratings)
    train_loss = float((errors**2).mean())
    absolute = float(np.abs(errors).mean())
    for name, losses, absolutes, other in (
        ("train_loss", [train_loss] * 3, [absolute] * 3, valid_losses),
        ("valid_loss", valid_losses, np.sqrt(valid_losses).tolist(), [train_loss] * 3),
    ):
        expect({name: [as_number(entry[name]) for entry in history]}, name).equals(
            {name: losses},
            tolerance=1e-4,
            looks_like={
                "train_loss and valid_loss have changed places": {name: other},
                "the root of the mean squared error: the loss here has no root": {
                    name: np.sqrt(losses).tolist()
                },
                "the mean absolute error instead of the mean squared error": {name: absolutes},
                "each loss is that of the epoch before: train first, then validate": {
                    name: [found["before_training"], *losses[:-1]]
                },
            },
        )


@task("4.4", points=1)
def test_fit_stops_at_the_last_epoch(student: Student, rng: np.random.Generator) -> None:
    """While validation improves it trains for all epochs: 20 of them, with lr 0.005, by default."""
    ratings, factors = training_ratings(rng), some_factors(rng)
    improving = (2 + np.arange(40)[::-1] / 10).tolist()
    a_little = (1 - 2e-6 * np.arange(6)).tolist()
    for valid_losses, epochs, patience in ((improving, 6, 2), (a_little, 6, 2), (improving, 1, 1)):
        found = student.run(
            probes.fit,
            ratings=ratings,
            factors=factors,
            valid_losses=valid_losses,
            epochs=epochs,
            patience=patience,
            lr=0.01,
        )
        tiny = valid_losses is a_little and len(history_of(found)) == 1 + patience
        expect_epochs(
            found, epochs, {"a small gain was not counted: any lower loss is better": tiny}
        )
    found = student.run(
        probes.fit_by_default, ratings=ratings, factors=factors, valid_losses=improving
    )
    expect_epochs(found, 20)
    mistakes = {"Adam's own lr of 0.001": adam(factors, ratings, 20, 1e-3)}
    expect_factors(found, adam(factors, ratings, 20, 5e-3), mistakes, 1e-3)


@task("4.4", points=1)
def test_fit_stops_when_patience_is_over(student: Student, rng: np.random.Generator) -> None:
    """It stops after patience epochs in a row without a better validation loss, 3 by default."""
    ratings, factors = training_ratings(rng), some_factors(rng)
    inputs = {"ratings": ratings, "factors": factors}
    for patience in (int(rng.integers(2, 5)), 1):
        course = course_of(patience, scale=float(rng.uniform(1, 2)))
        found = student.run(
            probes.fit,
            valid_losses=course,
            epochs=len(course),
            patience=patience,
            lr=0.01,
            **inputs,
        )
        expect_stop(found, course, patience)
        expect_trained(found, factors, ratings)
    course = [2.0, 1.0, *rng.uniform(1.2, 1.9, size=18).tolist()]
    found = student.run(probes.fit_by_default, valid_losses=course, **inputs)
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


def training_ratings(rng: np.random.Generator) -> Ratings:
    """Ratings without user 0, who is there for validation."""
    ratings = some_ratings(rng, 30)
    kept = np.flatnonzero(ratings["user_idx"])[:11]
    return {name: values[kept] for name, values in ratings.items()}


def some_factors(rng: np.random.Generator) -> Factors:
    """Numbers well away from 0, where a step of Adam would jump."""
    return {
        name: (rng.uniform(0.3, 1, (n, N_FACTORS)) * rng.choice([-1, 1], (n, N_FACTORS))).astype(
            "float32"
        )
        for name, n in (("users", N_USERS), ("movies", N_MOVIES))
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


# Answers


def predictions_of(factors: Factors, ratings: Ratings) -> np.ndarray:
    users = factors["users"][ratings["user_idx"]].astype("float64")
    movies = factors["movies"][ratings["movie_idx"]].astype("float64")
    return (users * movies).sum(axis=1)


def errors_of(factors: Factors, ratings: Ratings) -> np.ndarray:
    return predictions_of(factors, ratings) - ratings["rating"]


ANOTHER_LOSS = "the mean squared error, although loss_fn is another loss"
SWAPPED = "loss_fn(rating, prediction): the prediction comes first, and not every loss is symmetric"


def lopsided(errors: np.ndarray) -> float:
    """The mean absolute error, in which a prediction that is too low costs twice."""
    return float((np.where(errors < 0, 2, 1) * np.abs(errors)).mean())


def other_losses(errors: np.ndarray) -> dict[str, float]:
    """What comes out instead of the lopsided loss, by mistake."""
    return {SWAPPED: lopsided(-errors), ANOTHER_LOSS: float((errors**2).mean())}


def crossed_loss(factors: Factors, ratings: Ratings, batch_size: int) -> float:
    """The mean squared error per rating, each prediction against all ratings of its batch."""
    total = 0.0
    for batch in batches_of(ratings, batch_size):
        predictions = errors_of(factors, batch) + batch["rating"]
        table = predictions[:, None] - batch["rating"]
        total += float((table**2).mean()) * len(predictions)
    return total / len(ratings["rating"])


def gradient(factors: Factors, ratings: Ratings, absolute: bool = False) -> Factors:
    """Of the mean squared (or absolute) error, by hand."""
    found = {name: np.zeros(values.shape) for name, values in factors.items()}
    errors = errors_of(factors, ratings)
    slopes = (np.sign(errors) if absolute else 2 * errors) / len(errors)
    for user, movie, slope in zip(ratings["user_idx"], ratings["movie_idx"], slopes, strict=True):
        found["users"][user] += slope * factors["movies"][movie]
        found["movies"][movie] += slope * factors["users"][user]
    return found


def batches_of(ratings: Ratings, batch_size: int) -> Iterator[Ratings]:
    for start in range(0, len(ratings["rating"]), batch_size):
        yield {name: values[start : start + batch_size] for name, values in ratings.items()}


def moved(factors: Factors, gradients: list[Factors], lr: float) -> Factors:
    """The factors after one step against the sum of the gradients."""
    return {name: values - lr * sum(g[name] for g in gradients) for name, values in factors.items()}


def sgd(
    factors: Factors,
    batches: list[Ratings],
    lr: float,
    *,
    accumulate: bool = False,
    absolute: bool = False,
    weight_decay: float = 0.0,
) -> Factors:
    """One step per batch; with `accumulate`, on the gradients of all batches so far."""
    gradients: list[Factors] = []
    for batch in batches:
        slope = gradient(factors, batch, absolute)
        decayed = {name: slope[name] + weight_decay * factors[name] for name in factors}
        gradients = [*gradients, decayed] if accumulate else [decayed]
        factors = moved(factors, gradients, lr)
    return factors


def adam(
    factors: Factors,
    ratings: Ratings,
    epochs: int,
    lr: float,
    weight_decay: float = 0.0,
    *,
    absolute: bool = False,
    decoupled: bool = False,
    fresh: bool = False,
    of: str | None = None,
) -> Factors:
    """Kingma and Ba 2015, one step per epoch; `decoupled` is AdamW, `fresh` forgets every epoch.

    With `of`, only the factors of that name learn.
    """
    weights = {name: values.astype("float64") for name, values in factors.items()}
    mean = {name: np.zeros(values.shape) for name, values in factors.items()}
    square = {name: np.zeros(values.shape) for name, values in factors.items()}
    for epoch in range(1, epochs + 1):
        slope = gradient(weights, ratings, absolute)
        step = 1 if fresh else epoch
        for name in [of] if of else weights:
            keep = 0.0 if fresh else 1.0
            if decoupled:
                weights[name] = weights[name] * (1 - lr * weight_decay)
            else:
                slope[name] += weight_decay * weights[name]
            mean[name] = 0.9 * keep * mean[name] + 0.1 * slope[name]
            square[name] = 0.999 * keep * square[name] + 0.001 * slope[name] ** 2
            ahead = mean[name] / (1 - 0.9**step)
            spread = np.sqrt(square[name] / (1 - 0.999**step))
            weights[name] = weights[name] - lr * ahead / (spread + 1e-8)
    return weights


def stopped(
    course: list[float],
    patience: int,
    *,
    in_a_row: bool = True,
    against: str = "best",
    tie_is_better: bool = False,
) -> int:
    """The epoch after which early stopping ends the training."""
    reference, bad = float("inf"), 0
    for epoch, loss in enumerate(course, start=1):
        if loss < reference or (tie_is_better and loss == reference):
            reference, bad = loss, 0 if in_a_row else bad
        else:
            bad += 1
        if against == "previous":
            reference = loss
        if bad >= patience:
            return epoch
    return len(course)


# Shared judgements


def expect_loader(found: dict[str, Any]) -> None:
    if not found["is_loader"]:
        expect(found["loader"], "the loader").is_a("DataLoader")


def epochs_of(found: dict[str, Any]) -> list[list[list[np.ndarray]]]:
    """The epochs of a loader, each a list of batches of three tensors [batch]."""
    expect_loader(found)
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
                    looks_like={
                        "an extra dimension: the loader makes a batch of a whole batch": (
                            values.ndim == 2 and len(values) == 1
                        ),
                        "a column of a table, [batch, 1], instead of [batch]": (
                            values.ndim == 2 and values.shape[1] == 1
                        ),
                        "single numbers instead of batches": values.ndim == 0,
                    },
                )
    return found["epochs"]


def expect_sizes(epoch: list[list[np.ndarray]], expected: list[int]) -> None:
    sizes = [len(batch[0]) for batch in epoch]
    require(
        sizes == expected,
        "wrong batch sizes",
        returned=f"batches of {show(sizes)} ratings",
        expected=f"batches of {show(expected)} ratings",
        looks_like={
            "the last, shorter batch is dropped, and its ratings are never seen": (
                sizes == expected[:-1]
            ),
            "one rating at a time": set(sizes) == {1},
            "all ratings in one batch": sizes == [sum(expected)],
        },
    )


def rows_of(epoch: list[list[np.ndarray]], ratings: Ratings) -> list[int]:
    """The rows of the frame in the order in which an epoch serves them."""
    places = {
        (user, movie): row
        for row, (user, movie) in enumerate(
            zip(ratings["user_idx"].tolist(), ratings["movie_idx"].tolist(), strict=True)
        )
    }
    rows = []
    for batch in epoch:
        for user, movie, rating in zip(*(values.tolist() for values in batch), strict=True):
            row = places.get((user, movie))
            require(
                row is not None and ratings["rating"][row] == rating,
                "a rating that is not in the frame",
                returned=f"user_idx {user:g}, movie_idx {movie:g}, rating {rating:g}",
                expected="the three values of one row, together",
                looks_like={
                    "user, movie and rating come from different rows: shuffled on their own, or "
                    "matched by label": True
                },
            )
            rows.append(row)
    return rows


def expect_every_rating(rows: list[int], n_rows: int, epoch: int = 1) -> None:
    require(
        sorted(rows) == list(range(n_rows)),
        f"epoch {epoch} does not have every rating once",
        returned=f"{len(set(rows))} different ratings in {len(rows)}",
        expected=f"{n_rows} different ratings",
        looks_like={
            "drawn with replacement: some ratings twice, others never": (
                len(rows) == n_rows and len(set(rows)) < n_rows
            ),
            "the last, shorter batch is dropped, and its ratings are never seen": (
                len(set(rows)) == len(rows) < n_rows
            ),
        },
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
            looks_like={"shuffled once, or seeded anew at the start of each epoch": True},
        )


def expect_mean_loss(
    returned: Any,
    losses: np.ndarray,
    batch_size: int,
    looks_like: dict[str, float] | None = None,
) -> None:
    """The mean of `losses`, one per rating, as a float."""
    means = [
        float(losses[start : start + batch_size].mean())
        for start in range(0, len(losses), batch_size)
    ]
    expect(returned, "the mean loss").is_a(
        "float",
        looks_like={
            "a tensor, which keeps its whole graph alive: take the number out of it": (
                isinstance(returned, np.ndarray)
            )
        },
    ).equals(
        float(losses.mean()),
        looks_like={
            "the mean of the batches' means: a short last batch counts as much as a full one": (
                float(np.mean(means))
            ),
            "the sum over the ratings: not divided by their number": float(losses.sum()),
            "the sum of the batches' means": sum(means),
            "the sum of the batches' means, divided by the number of ratings": (
                sum(means) / len(losses)
            ),
            "the loss of the last batch alone": means[-1],
            "the loss of the first batch alone: does something leave the loop early?": means[0],
            "the sum over the ratings, divided by the number of batches": (
                float(losses.sum()) / len(means)
            ),
            "every batch weighed as if it were full": sum(means) * batch_size / len(losses),
            "the root of the mean: the loss here has no root": float(np.sqrt(losses.mean())),
            **(looks_like or {}),
        },
    )


def expect_factors(
    found: dict[str, Any], expected: Factors, mistakes: dict[str, Factors], tolerance: float = 1e-5
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
                for text, wrong in mistakes.items()
            },
        )


def evaluated(student: Student, rng: np.random.Generator, training: bool) -> dict[str, Any]:
    ratings, factors = some_ratings(rng, 10), some_factors(rng)
    found = student.run(
        probes.evaluate,
        ratings=ratings,
        factors=factors,
        batch_size=4,
        loss="MSELoss",
        training=training,
    )
    require(len(found["calls"]) > 0, "the model was never called", expected="one call per batch")
    expect_every_batch(found, factors, ratings, batch_size=4)
    return found | {"factors_before": factors}


def expect_every_batch(
    found: dict[str, Any], factors: Factors, ratings: Ratings, batch_size: int
) -> None:
    """The model, which has not changed, was asked about the pairs of every batch."""
    for number, batch in enumerate(batches_of(ratings, batch_size), start=1):
        expected = predictions_of(factors, batch)
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


def expect_trained(found: dict[str, Any], factors: Factors, ratings: Ratings) -> None:
    """The first epoch met the batch of train_loader, with the weights from the start."""
    require(
        found["n_epochs"] > 0,
        "nothing was learned from train_loader",
        returned="a model that has never met a batch of train_loader",
        expected="training on train_loader, validation on valid_loader",
        looks_like={"the two loaders have changed places": True},
    )
    expected, (seen,) = predictions_of(factors, ratings), found["met"]
    require(
        is_close(seen, expected),
        "the first epoch does not begin with the model as it came",
        returned=f"predictions {show(seen)}",
        expected=f"model(user_idx, movie_idx) for the batch of train_loader: {show(expected)}",
    )


def as_number(value: Any) -> Any:
    """A tensor of one number counts as that number: its type is judged by 4.2 and 4.3."""
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def expect_epochs(
    found: dict[str, Any], epochs: int, looks_like: dict[str, bool] | None = None
) -> None:
    """The history has an entry for each of `epochs` epochs, and so many were trained."""
    for seen, what in (
        (len(history_of(found)), "entries in the history"),
        (found["n_epochs"], "epochs of training"),
    ):
        require(
            seen == epochs,
            "wrong number of epochs",
            returned=f"{seen} {what}",
            expected=f"{epochs}, as validation improves in every epoch",
            looks_like={
                **(looks_like or {}),
                "one epoch too few: does the range end too early?": seen == epochs - 1,
                "one epoch too many": seen == epochs + 1,
            },
        )


def expect_stop(found: dict[str, Any], course: list[float], patience: int) -> None:
    """The training ended after `patience` epochs in a row without a better validation loss."""
    stop = stopped(course, patience)
    mistakes = {
        "bad epochs are counted over the whole training, not in a row": (
            stopped(course, patience, in_a_row=False)
        ),
        "compared with the epoch before, not with the best epoch so far": (
            stopped(course, patience, against="previous")
        ),
        "a loss that is as good as the best was taken for a better one": (
            stopped(course, patience, tie_is_better=True)
        ),
        "one epoch too late: the last allowed bad epoch is number patience": (
            stopped(course, patience + 1)
        ),
        "one epoch too early": stopped(course, patience - 1),
        "no early stopping: is it the validation loss that decides?": len(course),
    }
    seen = len(history_of(found))
    losses = ", ".join(f"{loss:.2f}" for loss in course[:stop])
    require(
        seen == stop,
        "stopped after the wrong epoch",
        returned=f"{seen} epochs",
        expected=f"{stop} epochs, as the last {patience} were no better than epoch "
        f"{stop - patience}. The validation losses from epoch 1 on: {losses}",
        looks_like={
            "the last epoch is missing: write it down before the decision to stop": (
                found["n_epochs"] == stop and seen < stop
            ),
            **{text: seen == wrong for text, wrong in mistakes.items()},
        },
    )


def expect_weights_of_best_epoch(
    student: Student, rng: np.random.Generator, *, stops_early: bool
) -> None:
    """In one of the two cases; the other only says what the mistake is."""
    ratings, factors = training_ratings(rng), some_factors(rng)
    bad = rng.uniform(1.5, 1.9, size=20).tolist()
    cases = {
        True: {"valid_losses": [2.0, 1.0, *bad], "epochs": 12, "patience": 3},
        False: {"valid_losses": [3.0, 2.0, 1.0, *bad], "epochs": 5, "patience": 9},
    }

    def run(early: bool) -> tuple[dict[str, Any], int]:
        """What is found, and the best epoch."""
        inputs = {"ratings": ratings, "factors": factors, "lr": 0.01, **cases[early]}
        return student.run(probes.fit, **inputs), 2 if early else 3

    other, best_of_other = run(not stops_early)
    found, best = run(stops_early)
    seen = found["epoch_of_weights"]
    of_last = seen == found["n_epochs"]
    require(
        seen == best,
        "not the weights of the best epoch",
        returned=f"the weights of epoch {seen:g}"
        if seen
        else "the weights from before the training",
        expected=f"the weights of epoch {best}, where the validation loss was lowest",
        looks_like={
            "the weights of the last epoch: a state dict is live and goes on changing, so keep a "
            "copy, and load it at the end": of_last and other["epoch_of_weights"] != best_of_other,
            "the best weights are loaded only where the training goes on to its last epoch": (
                of_last and stops_early
            ),
            "the best weights are loaded only where the training stops early: load them after the "
            "loop": of_last,
            "the first epoch was taken for the best": seen == 1,
        },
    )
    expect_trained(found, factors, ratings)
