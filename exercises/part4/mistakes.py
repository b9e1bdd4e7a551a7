"""Part 4 by hand, right or with a mistake, and what each mistake would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

Ratings = dict[str, np.ndarray]
Factors = dict[str, np.ndarray]
Table = dict[str, Any]

DROPPED = "the last, shorter batch is dropped, and its ratings are never seen"
NO_ROOT = "the loss here has no root"
ONLY_THE_FIRST = "does something leave the loop early?"
ANOTHER_LOSS = "the mean squared error, although loss_fn is another loss"
SWAPPED = "loss_fn(rating, prediction): the prediction comes first, and not every loss is symmetric"


# 4.1 make_loader


def orders(rows: list[int], ratings: Ratings, batch_size: int) -> Table:
    n_rows = len(ratings["rating"])
    by_label = np.argsort(ratings["index"]).tolist()
    return {
        "shuffled although shuffle=False": sorted(rows) == list(range(n_rows)) and rows != by_label,
        "sorted by the frame's index labels: after a split they are not in order": rows == by_label,
        DROPPED: rows == list(range(n_rows - n_rows % batch_size)),
    }


def seeds(rows: list[int], n_rows: int) -> Table:
    in_order = rows == list(range(n_rows))
    return {
        "no shuffling": in_order,
        "a fixed seed: is the seed that was given used?": not in_order,
    }


def shapes(values: np.ndarray) -> Table:
    return {
        "an extra dimension: the loader makes a batch of a whole batch": (
            values.ndim == 2 and len(values) == 1
        ),
        "a column of a table, [batch, 1], instead of [batch]": (
            values.ndim == 2 and values.shape[1] == 1
        ),
        "single numbers instead of batches": values.ndim == 0,
    }


def sizes(found: list[int], expected: list[int]) -> Table:
    return {
        DROPPED: found == expected[:-1],
        "one rating at a time": set(found) == {1},
        "all ratings in one batch": found == [sum(expected)],
    }


def repeats(rows: list[int], n_rows: int) -> Table:
    n_different = len(set(rows))
    return {
        "drawn with replacement: some ratings twice, others never": (
            len(rows) == n_rows and n_different < n_rows
        ),
        DROPPED: n_different == len(rows) < n_rows,
    }


# 4.2 train_epoch, 4.3 evaluate


def predictions_of(factors: Factors, ratings: Ratings) -> np.ndarray:
    users = factors["users"][ratings["user_idx"]].astype("float64")
    movies = factors["movies"][ratings["movie_idx"]].astype("float64")
    return (users * movies).sum(axis=1)


def errors_of(factors: Factors, ratings: Ratings) -> np.ndarray:
    return predictions_of(factors, ratings) - ratings["rating"]


def lopsided(errors: np.ndarray) -> float:
    """The mean absolute error, in which a prediction that is too low costs twice."""
    return float((np.where(errors < 0, 2, 1) * np.abs(errors)).mean())


def batches_of(ratings: Ratings, batch_size: int) -> list[Ratings]:
    return [
        {name: values[start : start + batch_size] for name, values in ratings.items()}
        for start in range(0, len(ratings["rating"]), batch_size)
    ]


def means(losses: np.ndarray, batch_size: int) -> Table:
    """Of `losses`, one per rating."""
    n = len(losses)
    of_batches = [
        float(losses[start : start + batch_size].mean()) for start in range(0, n, batch_size)
    ]
    return {
        "the mean of the batches' means: a short last batch counts as much as a full one": (
            float(np.mean(of_batches))
        ),
        "the sum over the ratings: not divided by their number": float(losses.sum()),
        "the sum of the batches' means": sum(of_batches),
        "the sum of the batches' means, divided by the number of ratings": sum(of_batches) / n,
        "the loss of the last batch alone": of_batches[-1],
        f"the loss of the first batch alone: {ONLY_THE_FIRST}": of_batches[0],
        "the sum over the ratings, divided by the number of batches": (
            float(losses.sum()) / len(of_batches)
        ),
        "every batch weighted as if it were full": sum(of_batches) * batch_size / n,
        f"the root of the mean: {NO_ROOT}": float(np.sqrt(losses.mean())),
    }


def changed_predictions(factors: Factors, ratings: Ratings, batch_size: int, **_: Any) -> Table:
    clipped = predictions_of(factors, ratings).clip(1, 5) - ratings["rating"]
    crossed = 0.0
    for batch in batches_of(ratings, batch_size):
        predictions = errors_of(factors, batch) + batch["rating"]
        table = predictions[:, None] - batch["rating"]
        crossed += float((table**2).mean()) * len(predictions)
    return {
        "every prediction was compared with every rating of its batch: [batch] beside "
        "[batch, 1] becomes a table": crossed / len(ratings["rating"]),
        "predictions were clipped before the loss: what is clipped learns nothing": (
            float((clipped**2).mean())
        ),
    }


def other_losses(errors: np.ndarray) -> Table:
    """Instead of the lopsided one."""
    return {SWAPPED: lopsided(-errors), ANOTHER_LOSS: float((errors**2).mean())}


def gradient(factors: Factors, ratings: Ratings, absolute: bool = False) -> Factors:
    """Of the mean squared (or absolute) error, by hand."""
    found = {name: np.zeros(values.shape) for name, values in factors.items()}
    errors = errors_of(factors, ratings)
    slopes = (np.sign(errors) if absolute else 2 * errors) / len(errors)
    for user, movie, slope in zip(ratings["user_idx"], ratings["movie_idx"], slopes, strict=True):
        found["users"][user] += slope * factors["movies"][movie]
        found["movies"][movie] += slope * factors["users"][user]
    return found


def moved(factors: Factors, gradients: list[Factors], lr: float) -> Factors:
    """The factors after one step against the sum of the gradients."""
    return {name: values - lr * sum(g[name] for g in gradients) for name, values in factors.items()}


def sgd(
    factors: Factors,
    batches: Iterable[Ratings],
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


def steps(
    found: Table, factors: Factors, ratings: Ratings, batch_size: int, lr: float, **_: Any
) -> Table:
    batches = batches_of(ratings, batch_size)
    if not found["n_backward"]:
        nothing = "nothing moved: a step needs a backward before it"
    elif found["has_gradients"]:
        nothing = "nothing moved: the gradients are there, and no step follows them"
    else:
        nothing = (
            "nothing moved: the gradients were cleared between backward and step. "
            "Clear them before backward"
        )
    return {
        nothing: factors,
        "old gradients are never cleared, so that each step repeats the earlier ones": (
            sgd(factors, batches, lr, accumulate=True)
        ),
        f"only the first batch is trained on: {ONLY_THE_FIRST}": sgd(factors, batches[:1], lr),
        "only the last batch makes a step: is the step inside the loop?": (
            sgd(factors, batches[-1:], lr)
        ),
        "one step after the loop, on the gradients of all batches": (
            moved(factors, [gradient(factors, batch) for batch in batches], lr)
        ),
        "a step uphill: the loss grows": sgd(factors, batches, -lr),
        "backward twice for one batch: each gradient counts double": sgd(factors, batches, 2 * lr),
    }


def steps_on_other_losses(factors: Factors, ratings: Ratings, lr: float, **_: Any) -> Table:
    """Where every prediction is too low: with the lopsided loss, that costs twice."""
    return {
        ANOTHER_LOSS: sgd(factors, [ratings], lr),
        SWAPPED: sgd(factors, [ratings], lr, absolute=True),
        "nothing moved": factors,
    }


def trainable(found: list[bool]) -> Table:
    """Whether the users' and the movies' table can be trained; before, the movies' could not."""
    return {
        "the weights were frozen, and stayed so": found == [False, False],
        "all weights were made trainable: some may have been frozen before": found == [True, True],
    }


# 4.4 fit


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


def optimizers(found: Table, **inputs: Any) -> Table:
    """Weights that other settings, another optimizer or no training would give."""
    factors, epochs = inputs["factors"], inputs["epochs"]
    unmoved = "nothing moved: these are the weights from before the training"
    if found["n_epochs"] < epochs:
        unmoved = "no epoch was ever better: the best loss so far starts too low"
    return {
        "weight_decay is ignored": adam(**inputs | {"weight_decay": 0.0}),
        "lr is ignored: Adam's own is 0.001": adam(**inputs | {"lr": 1e-3}),
        "lr is ignored: 0.005 is only the default": adam(**inputs | {"lr": 5e-3}),
        "a new optimizer every epoch: Adam forgets what it has learned about the steps": (
            adam(**inputs, fresh=True)
        ),
        "AdamW: a good choice elsewhere, but Adam is asked for here": adam(
            **inputs, decoupled=True
        ),
        "trained on the mean absolute error instead of the mean squared error": (
            adam(**inputs, absolute=True)
        ),
        "SGD instead of Adam": sgd(
            factors,
            [inputs["ratings"]] * epochs,
            inputs["lr"],
            weight_decay=inputs["weight_decay"],
        ),
        "one epoch too few: does the range end too early?": adam(**inputs | {"epochs": epochs - 1}),
        unmoved: factors,
        **{
            f"only the {name} learned: the optimizer needs all parameters of the model": (
                factors | {name: adam(**inputs, of=name)[name]}
            )
            for name in factors
        },
    }


EPOCHS = {
    "epochs counted from 0: people count from 1": [0, 1, 2],
    "the same dict in all places, filled anew: each epoch needs a dict of its own": [3] * 3,
}


def reported_losses(
    name: str, losses: dict[str, list[float]], errors: np.ndarray, before_training: float
) -> Table:
    """`losses` are the right ones of both names, `errors` those on the training ratings."""
    (other,) = losses.keys() - {name}
    absolutes = {
        "train_loss": [float(np.abs(errors).mean())] * 3,
        "valid_loss": np.sqrt(losses["valid_loss"]).tolist(),
    }
    wrong = {
        "train_loss and valid_loss have changed places": losses[other],
        f"the root of the mean squared error: {NO_ROOT}": np.sqrt(losses[name]).tolist(),
        "the mean absolute error instead of the mean squared error": absolutes[name],
        "each loss is that of the epoch before: train first, then validate": [
            before_training,
            *losses[name][:-1],
        ],
    }
    return {mistake: {name: values} for mistake, values in wrong.items()}


def epochs_trained(seen: int, epochs: int) -> Table:
    return {
        "one epoch too few: does the range end too early?": seen == epochs - 1,
        "one epoch too many": seen == epochs + 1,
    }


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


def stops(found: Table, course: list[float], patience: int) -> Table:
    seen, stop = len(found["history"]), stopped(course, patience)
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
    return {
        "the last epoch is missing: write it down before the decision to stop": (
            found["n_epochs"] == stop and seen < stop
        ),
        **{mistake: seen == wrong for mistake, wrong in mistakes.items()},
    }


def weights_kept(found: Table, stops_early: bool, other_is_right: bool) -> Table:
    """`other_is_right`: the best weights come back where the training ends the other way."""
    of_last = found["epoch_of_weights"] == found["n_epochs"]
    return {
        "the weights of the last epoch: a state dict is live and goes on changing, so keep a copy, "
        "and load it at the end": of_last and not other_is_right,
        "the best weights are loaded only where the training goes on to its last epoch": (
            of_last and stops_early
        ),
        "the best weights are loaded only where the training stops early: load them after the "
        "loop": of_last,
        "the first epoch was taken for the best": found["epoch_of_weights"] == 1,
    }


# 4.5 l2_penalty


def squared_rows(
    factors: Factors, biases: Factors | None, user_idx: np.ndarray, movie_idx: np.ndarray
) -> dict[str, np.ndarray]:
    """Of each table, the squared length of the row that each rating uses."""
    rows = {
        "user_embedding": factors["users"][user_idx],
        "movie_embedding": factors["movies"][movie_idx],
    }
    if biases:
        rows["user_bias"] = biases["users"][user_idx]
        rows["movie_bias"] = biases["movies"][movie_idx]
    return {name: (values.astype("float64") ** 2).sum(axis=1) for name, values in rows.items()}


def penalties(
    factors: Factors,
    biases: Factors | None,
    user_idx: np.ndarray,
    movie_idx: np.ndarray,
    strength: float,
) -> Table:
    squared = squared_rows(factors, biases, user_idx, movie_idx)
    right, n = sum(squared.values()).mean(), len(user_idx)
    embeddings = squared["user_embedding"] + squared["movie_embedding"]
    n_factors = factors["users"].shape[1]
    parts = {"users": (user_idx, "user"), "movies": (movie_idx, "movie")}
    tables = [*factors.values(), *(biases or {}).values()]
    lengths = sum(np.sqrt(values).mean() for values in squared.values())
    # each row once, although several ratings use it
    once = [
        (squared[name], np.unique(idx, return_index=True)[1])
        for of, (idx, kind) in parts.items()
        for name in (f"{kind}_embedding", f"{kind}_bias")
        if name in squared
    ]
    wrong = {
        "the biases are left out": embeddings.mean(),
        "the biases of the movies are left out": right
        - squared.get("movie_bias", np.zeros(1)).mean(),
        "the biases of the users are left out": right
        - squared.get("user_bias", np.zeros(1)).mean(),
        "the whole tables, not the rows of the batch": sum((t**2).sum() for t in tables),
        "the whole tables, divided by the size of the batch": sum((t**2).sum() for t in tables) / n,
        "the whole tables, each by its mean": sum((t**2).sum(axis=1).mean() for t in tables),
        "the sum over the batch, not the mean": right * n,
        "the lengths, not their squares": lengths,
        "the length of a pair's rows together, not its square": (
            np.sqrt(sum(squared.values())).mean()
        ),
        "each row once: a row counts for every rating that uses it": (
            sum(values[first].sum() for values, first in once) / n
        ),
        "each row once, and the mean over those": sum(v[first].mean() for v, first in once),
        "a mean over the factors, too: a length is a sum over them": (
            embeddings.mean() / n_factors + right - embeddings.mean()
        ),
        "a mean over the users' and the movies' factors, too": embeddings.mean() / (2 * n_factors),
        "half of it, as where texts write λ/2: the strength is the whole factor": right / 2,
        "a mean over the tables, not their sum": right / len(squared),
        "the rows of the users alone": right
        - sum(values.mean() for name, values in squared.items() if name.startswith("movie")),
        "the rows of the movies alone": right
        - sum(values.mean() for name, values in squared.items() if name.startswith("user")),
        "the sign is turned: the step would make rows longer": -right,
    }
    return {
        **{mistake: strength * float(value) for mistake, value in wrong.items()},
        "the strength is not used": float(right),
        "always 0.1: is the strength that was given used?": 0.1 * float(right),
        "the strength is squared": strength**2 * float(right),
    }


def penalty_slopes(table: str, right: np.ndarray, inputs: Table) -> Table:
    """Gradients of one table that come out of a penalty with a mistake."""
    kind = table.split("_")[0]
    idx, n = inputs[f"{kind}_idx"], len(inputs[f"{kind}_idx"])
    used = np.bincount(idx, minlength=len(right))[:, None]
    rows = ((inputs["factors"] if "embedding" in table else inputs["biases"]) or {})[f"{kind}s"]
    return {
        f"no gradient reaches {table}: is it left out, or detached?": np.zeros(right.shape),
        "rows outside the batch are pulled, too": 2 * inputs["strength"] * rows,
        "rows outside the batch are pulled, too: divided by the batch": (
            2 * inputs["strength"] * rows / n
        ),
        "each row once: a row counts for every rating that uses it": (right / np.maximum(used, 1)),
        "the sum over the batch, not the mean": right * n,
        "the sign is turned: the step would make rows longer": -right,
    }


def pulled(pull: Factors, ratings: Ratings, lr: float) -> Factors:
    """What a penalty with the gradient `pull` per pair adds to one step of SGD."""
    n = len(ratings["rating"])
    moves = {name: np.zeros(values.shape) for name, values in pull.items()}
    for name, kind in (("users", "user_idx"), ("movies", "movie_idx")):
        np.add.at(moves[name], ratings[kind], -lr * pull[name][ratings[kind]] / n)
    return moves


def steps_with_penalty(
    right: Factors, found: Table, factors: Factors, lr: float, **_: Any
) -> dict[str, Factors]:
    """What else may come out as the difference that a penalty makes to one step."""
    on_the_loss = {name: found["without"]["factors"][name] - factors[name] for name in factors}
    return {
        "the penalty makes no difference: is it added before backward, to what is stepped on?": {
            name: np.zeros(one.shape) for name, one in right.items()
        },
        "the penalty is subtracted": {name: -one for name, one in right.items()},
        "a step on the penalty instead of the loss": {
            name: one - on_the_loss[name] for name, one in right.items()
        },
    }


def penalty_calls(seen: list[tuple[list, list]], right: list[tuple[list, list]]) -> Table:
    """`right` are the users and movies of each batch."""
    return {
        "the penalty is never called": not seen,
        "users and movies have changed places": seen
        == [(movies, users) for users, movies in right],
        "called in validation as well: a penalty belongs to training": (
            any(not any(users) for users, _ in seen)
        ),
        f"called for the first batch alone: {ONLY_THE_FIRST}": seen == right[:1] != right,
        "called for the last batch alone: is it inside the loop?": seen == right[-1:] != right,
    }
