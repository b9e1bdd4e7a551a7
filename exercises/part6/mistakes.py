"""Part 6 by hand, right or with a mistake, and what each mistake would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold, StratifiedKFold, StratifiedShuffleSplit

Table = dict[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])


# 6.1


def best(scores: np.ndarray, without: int) -> list[int]:
    return [movie for movie in np.argsort(-scores).tolist() if movie != without]


def by_correlation(factors: np.ndarray, target: int) -> list[int]:
    centred = factors - factors.mean(axis=1, keepdims=True)
    lengths = np.maximum(np.linalg.norm(centred, axis=1), 1e-12)
    return best(centred @ centred[target] / lengths, without=target)


def by_column(factors: np.ndarray, target: int) -> list[int]:
    """By the dot product of factors that have length 1 over all movies."""
    scaled = factors / np.linalg.norm(factors, axis=0)
    return best(scaled @ scaled[target], without=target)


def rankings(factors: np.ndarray, order: list[int], k: int) -> Table:
    """`order` are all movies by cosine, the movie itself first."""
    target, others = order[0], order[1:]
    dots = factors @ factors[target]
    gaps = -((factors - factors[target]) ** 2).sum(axis=1)
    opposite = np.abs(dots / np.linalg.norm(factors, axis=1))
    n_above = int(np.count_nonzero(dots > 0)) - 1
    of_all = {
        "the movie itself was hidden with 0, which is more than a cosine below 0": [
            *others[:n_above],
            target,
            *others[n_above:],
        ],
        "the dot product: movies with long factors win, whichever way they point": best(
            dots, without=target
        ),
        "the distance: cosine only asks for the direction": best(gaps, without=target),
        "the sign was lost: a movie that points the opposite way is not similar": best(
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
    return {mistake: ranking[:k] for mistake, ranking in of_all.items()}


def itself(movies: list[int], target: int, k: int, n_above: int) -> Table:
    """Where two movies have the same direction; `n_above` others have a cosine above 0."""
    return {
        "dropped the first of the ranking, which was another movie with the same direction": (
            k < 20 and len(movies) == k
        ),
        "hidden with 0, which is more than a cosine below 0": target in movies[n_above:][:1],
    }


# 6.2

MOST_REMEMBERED = 5000
Folds = KFold | StratifiedKFold | StratifiedShuffleSplit
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


def remembered(function: Function) -> Function:
    """The function, memoised: several mistakes need the same result, and so does a whole class."""
    known: dict[Any, Any] = {}

    @functools.wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        key = tuple(content(argument) for argument in (*args, *named.items()))
        if key not in known:
            if len(known) == MOST_REMEMBERED:
                known.clear()
            known[key] = function(*args, **named)
        return known[key]

    return cast(Function, call)


def content(argument: Any) -> Any:
    """What equal arguments have in common: the values of an array, the settings of folds."""
    if isinstance(argument, np.ndarray):
        return argument.tobytes(), argument.shape, argument.dtype
    return repr(argument)


@remembered
def auc(
    factors: np.ndarray,
    has_genre: np.ndarray,
    folds: Folds,
    metric: Metric = roc_auc,
    scale_on: str = "training part",
    on_training: bool = False,
    over_folds: Callable[[list[float]], np.floating] = np.mean,
) -> float:
    """The mean (or what `over_folds` takes) of `metric` over folds, written out."""
    tested = logits_of_folds(factors, has_genre, folds, scale_on, on_training)
    return float(over_folds([metric(labels, logits) for labels, logits in tested]))


@remembered
def logits_of_folds(
    factors: np.ndarray,
    has_genre: np.ndarray,
    folds: Folds,
    scale_on: str = "training part",
    on_training: bool = False,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each fold the labels of what is tested, and what the model makes of it."""
    found = []
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
        found.append((has_genre[test], test_inputs @ weights + intercept))
    return found


@remembered
def logistic_regression(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights, then intercept, as scikit-learn has them (penalty ½‖w‖²), by Newton's method."""
    design = np.column_stack([inputs, np.ones(len(inputs))])
    penalty = np.diag([1.0] * inputs.shape[1] + [0.0])
    weights = np.zeros(len(penalty))
    for _ in range(8):
        chances = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (chances - labels) + penalty @ weights
        curvature = (design.T * (chances * (1 - chances))) @ design + penalty
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def folds_and_measures(factors: np.ndarray, has_genre: np.ndarray, seed: int) -> Table:
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


def scalings(factors: np.ndarray, has_genre: np.ndarray, is_spoilt: bool) -> Table:
    """`is_spoilt`: whether one movie spoils the scaling."""
    scaled_on = {"the factors were not standardised": "nothing"}
    if is_spoilt:
        scaled_on = {
            "the scaling was learned on all movies, also on the tested ones": "everything",
            "each part was scaled by itself, also the tested one": "each part",
        }
    return {
        mistake: auc(factors, has_genre, shuffled(0), scale_on=scale_on)
        for mistake, scale_on in scaled_on.items()
    }


def aucs(factors: np.ndarray, has_genre: np.ndarray) -> Iterator[float]:
    """With seed 0 and one mistake each, one by one: each takes a while.

    The first two take none, as they need no other fits, and chance often brings them close to the
    right one.
    """
    tested = zip(*logits_of_folds(factors, has_genre, shuffled(0)), strict=True)
    yield roc_auc(*map(np.concatenate, tested))  # one AUC over all folds
    yield auc(factors, has_genre, shuffled(0), scale_on="each part")
    yield auc(factors, has_genre, StratifiedKFold(10, shuffle=True, random_state=0))
    yield from unnamed_aucs(factors, has_genre)
    yield auc(factors, has_genre, StratifiedKFold(5))
    yield from folds_and_measures(factors, has_genre, seed=0).values()


def unnamed_aucs(factors: np.ndarray, has_genre: np.ndarray) -> Iterator[float]:
    """Those that a check catches without naming the mistake."""
    yield auc(factors, has_genre, shuffled(0), over_folds=np.median)
    yield auc(factors, has_genre, shuffled(0), metric=average_precision_score)
    yield auc(factors, has_genre, StratifiedShuffleSplit(n_splits=5, test_size=0.2, random_state=0))


# 6.3


def unfair_draws(counts: np.ndarray, left: list[int]) -> Table:
    """`counts`: how often each of the movies `left` to a user was drawn."""
    gaps = np.diff([left[-1] - 8, *left])
    as_after_gaps = bool((np.abs(counts - gaps * 200) < 104).all())
    return {
        "every row of a user got the same movie": np.count_nonzero(counts) == 1,
        "some unseen movies are never drawn": bool((counts == 0).any()),
        "took the next unseen movie after a random one: a movie after a gap comes too often": (
            as_after_gaps
        ),
    }


def seen_movies(movies: np.ndarray, user_idx: list[int], seen: np.ndarray) -> Table:
    already = seen[user_idx, movies]
    by_chance = seen[user_idx].mean()  # the share of seen ones among movies drawn at random
    many, share = len(user_idx) > 1000, already.mean()
    by_row = len(seen) >= len(user_idx) and not seen[np.arange(len(user_idx)), movies].any()
    return {
        "row i of seen was used for row i of the batch instead of for user i": by_row,
        "drew from the movies that the user has seen": len(user_idx) > 1 and already.all(),
        "drew any movie, seen or not": many and abs(share / by_chance - 1) < 0.15,
        "drew again where the movie was seen, but only once or so: the next may be seen, too": (
            many and share < by_chance
        ),
    }


def bpr_losses(gap: np.ndarray) -> Table:
    """`gap` is positive − negative."""
    losses = np.logaddexp(0, -gap)
    with np.errstate(over="ignore", divide="ignore"):
        sigmoid = 1 / (1 + np.exp(-gap))
        numbers = {
            "the sum: the loss is the mean": losses.sum(),
            "the sign: a loss falls where positive is above negative": -losses.mean(),
            "positive and negative changed places": np.logaddexp(0, gap).mean(),
            "the log is missing": -sigmoid.mean(),
            "1 − σ instead of −log σ": 1 - sigmoid.mean(),
            "the mean was taken before the log of the sigmoid": np.logaddexp(0, -gap.mean()),
            "the log of a sigmoid that has become 0: it needs one function for both": np.inf,
            **{
                f"{small:g} was added inside the log, which limits the loss of large differences": (
                    -np.log(sigmoid + small).mean()
                )
                for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
            },
            **{
                f"the differences were cut off at {limit}": (
                    np.logaddexp(0, -gap.clip(-limit, limit)).mean()
                )
                for limit in (10, 20, 30, 50, 80, 100)
            },
        }
    return {
        "one loss per pair: their mean is missing": losses,
        "shape [1]: a loss is a single number": losses.mean(keepdims=True),
        **{mistake: np.array(number) for mistake, number in numbers.items()},
    }


# 6.4


def weights(found: dict[str, np.ndarray], names: list[str], genres: np.ndarray) -> Table:
    """`names` are those of the genres', the movies' and the users' table."""
    return {
        "the genres became a weight: training would change which genres a movie has": any(
            name not in names and np.shape(weight) == genres.shape for name, weight in found.items()
        ),
        "a genre table is missing: genres need vectors of their own": sorted(found) == names[1:],
        "nothing is registered: layers must be attributes of the model": not found,
    }


def starts(mean: float, std: float) -> Table:
    return {
        "PyTorch's own start with std 1": 0.8 < std < 1.2,
        "started at zero: users and movies would never leave it": std == 0,
        "uniform between 0 and 1": 0.25 < std < 0.33 and mean > 0.3,
    }


def movie_factors(genres: np.ndarray, own: np.ndarray, of_genre: np.ndarray) -> Table:
    """`own` are the movies' own embeddings, `of_genre` those of the genres."""
    summed, count = genres @ of_genre, genres.sum(axis=1, keepdims=True)
    mean = own + summed / np.maximum(count, 1)
    return {
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


def predictions(users: np.ndarray, movies: np.ndarray, wrong: Table) -> Table:
    """For pairs of rows of users' and movies' factors; `wrong` are wrong factors of the movies."""
    products = users * movies
    return {
        **{mistake: (users * factors).sum(axis=1) for mistake, factors in wrong.items()},
        "a bare squeeze(), which also takes the batch where it is one pair": (
            products.sum(axis=1).squeeze()
        ),
        "summed over the batch (dim=0) instead of over the factors": products.sum(axis=0),
        "one number for the whole batch: one prediction per pair": np.array(products.sum()),
        "the products are not summed": products,
        "every user with every movie: one prediction per pair": users @ movies.T,
    }


# 6.5

Triples = tuple[np.ndarray, np.ndarray, np.ndarray]  # users, liked and drawn movies, each [batch]


def bpr_sizes(found: list[int], expected: list[int]) -> Table:
    """How many liked pairs were scored before each step."""
    return {
        "one step at the end, for the whole pass: is the step inside the loop?": (
            found == [sum(expected)] != expected
        ),
        "the last, shorter batch is dropped, and its pairs are never learned from": (
            found == expected[:-1]
        ),
        "only the first batch: does something leave the loop early?": found == expected[:1],
        "an empty batch at the end": found == [*expected, 0],
        "one pair at a time": set(found) == {1},
        "batch_size is ignored": found == [sum(expected)],
        "the negatives are drawn from what the user has liked": (
            found == [2 * size for size in expected]
        ),
        "every pair makes a step twice": sum(found) == 2 * sum(expected),
    }


def bpr_draws(users: np.ndarray, drawn: np.ndarray, seen: np.ndarray, n_liked: int) -> Table:
    already = seen[users, drawn]
    return {
        "users and movies come from different rows: the two columns were shuffled apart": (
            n_liked < len(users)
        ),
        "one movie was drawn for the whole batch: each pair needs its own": (
            len(users) > 1 and len(set(drawn.tolist())) == 1
        ),
        "drew from the movies that the user has seen": len(users) > 1 and bool(already.all()),
        "drew any movie, seen or not; or the drawn movies belong to other users of the batch": True,
    }


def bpr_orders(order: list[Any], before: list[Any], in_file: list[Any]) -> Table:
    return {
        "the pairs stay in the order in which they were given": order == before == in_file,
        "a fixed seed, or the generator set back to one": order != in_file,
    }


def bpr_gaps(weights: Table, triples: Triples) -> np.ndarray:
    """Liked minus drawn, for each pair."""
    users, liked, drawn = triples
    movies = weights["movie_embedding"].astype("float64")
    gaps = (weights["user_embedding"][users] * (movies[liked] - movies[drawn])).sum(axis=1)
    if "movie_bias" in weights:
        gaps = gaps + (weights["movie_bias"][liked] - weights["movie_bias"][drawn])[:, 0]
    return gaps


def bpr_penalties(weights: Table, triples: Triples) -> np.ndarray:
    """The squared length of the three rows of each pair."""
    users, *movies = triples
    rows = [weights["user_embedding"][users], *(weights["movie_embedding"][m] for m in movies)]
    return (np.hstack(rows).astype("float64") ** 2).sum(axis=1)


def bpr_means(weights: Table, batches: list[Triples], l2: float) -> Table:
    """Of a model that stays as it is."""
    losses = [np.logaddexp(0, -bpr_gaps(weights, batch)) for batch in batches]
    penalties = [bpr_penalties(weights, batch) for batch in batches]
    swapped = [np.logaddexp(0, bpr_gaps(weights, batch)) for batch in batches]
    means, n = [float(loss.mean()) for loss in losses], sum(map(len, losses))
    with_penalty = np.concatenate(losses) + l2 * np.concatenate(penalties)
    steps = [mean + l2 * float(p.mean()) for mean, p in zip(means, penalties, strict=True)]
    return {
        "the penalty is in the loss that is reported: it only belongs in the step": float(
            with_penalty.mean()
        ),
        "the mean of the batches' means: a short last batch counts as much as a full one": float(
            np.mean(means)
        ),
        "the mean of the batches' means, with the penalty in it": float(np.mean(steps)),
        "the sum over the pairs: not divided by their number": float(np.concatenate(losses).sum()),
        "the sum of the batches' means": sum(means),
        "the sum of the batches' means, divided by the number of pairs": sum(means) / n,
        "the loss of the last batch alone": means[-1],
        "every batch weighted as if it were full": sum(means) * len(losses[0]) / n,
        "liked and drawn changed places": float(np.concatenate(swapped).mean()),
    }


def bpr_gradient(
    weights: Table, triples: Triples, pulls: tuple[float, float, float], sign: int = 1
) -> Table:
    """Of the BPR loss plus a penalty, by hand.

    `pulls` are the penalty's strengths on the users', the liked and the drawn movies' rows.
    """
    users, liked, drawn = triples
    found = {name: np.zeros(values.shape) for name, values in weights.items()}
    people, movies = weights["user_embedding"], weights["movie_embedding"]
    slopes = -sign / (1 + np.exp(sign * bpr_gaps(weights, triples))) / len(users)
    slope = slopes[:, None]
    for name, rows, pull, of_loss in (
        ("user_embedding", users, pulls[0], slope * (movies[liked] - movies[drawn])),
        ("movie_embedding", liked, pulls[1], slope * people[users]),
        ("movie_embedding", drawn, pulls[2], -slope * people[users]),
    ):
        np.add.at(found[name], rows, of_loss + 2 * pull / len(users) * weights[name][rows])
    if "movie_bias" in weights:
        np.add.at(found["movie_bias"], liked, slope)
        np.add.at(found["movie_bias"], drawn, -slope)
    return found


def bpr_pass(
    weights: Table,
    batches: list[Triples],
    lr: float,
    pulls: tuple[float, float, float],
    *,
    sign: int = 1,
    scale: float = 1.0,
    accumulate: bool = False,
    whole: Callable[[np.ndarray], float] | None = None,
    on_biases: float = 0.0,
) -> Table:
    """The weights after one step per batch.

    With `whole`, the penalty is a share of the sum of squares of each table, by its weights; with
    `accumulate`, a step is on the gradients of all batches so far.
    """
    total = {name: np.zeros(values.shape) for name, values in weights.items()}
    for batch in batches:
        gradient = bpr_gradient(weights, batch, pulls, sign)
        if "movie_bias" in weights:
            for rows in batch[1:]:
                pull = 2 * on_biases / len(rows) * weights["movie_bias"][rows]
                np.add.at(gradient["movie_bias"], rows, pull)
        for name in weights:
            if whole is not None and name.endswith("embedding"):
                gradient[name] += 2 * whole(weights[name]) * weights[name]
            total[name] = accumulate * total[name] + scale * gradient[name]
        weights = {name: values - lr * total[name] for name, values in weights.items()}
    return weights


def bpr_steps(weights: Table, batches: list[Triples], lr: float, l2: float) -> Table:
    """Weights that each mistake would give."""
    given: tuple[Any, ...] = weights, batches, lr
    all_rows = (l2, l2, l2)
    n_factors = weights["user_embedding"].shape[1]
    only = "the penalty is only on"
    return {
        "l2 is ignored": bpr_pass(*given, (0, 0, 0)),
        "the drawn movies are not penalised: their rows are used as well": bpr_pass(
            *given, (l2, l2, 0)
        ),
        "the users are not penalised: their rows are used as well": bpr_pass(*given, (0, l2, l2)),
        f"{only} the liked movies": bpr_pass(*given, (0, l2, 0)),
        f"{only} the users": bpr_pass(*given, (l2, 0, 0)),
        "the penalty is on whole tables: rows that are not in the batch are pulled, too": bpr_pass(
            *given, (0, 0, 0), whole=lambda table: l2
        ),
        "the penalty is the mean over whole tables: rows that are not in the batch are pulled, "
        "too": bpr_pass(*given, (0, 0, 0), whole=lambda table: l2 / table.size),
        "the penalty is the mean length of the rows of whole tables": bpr_pass(
            *given, (0, 0, 0), whole=lambda table: l2 / len(table)
        ),
        "the penalty is summed over the batch: its mean is asked for": _summed(*given, l2),
        **{
            f"the penalty is the mean over single numbers{of}: a squared length is their sum": (
                bpr_pass(*given, (l2 / n,) * 3)
            )
            for of, n in ((" of each table", n_factors), ("", 3 * n_factors))
        },
        "the biases are penalised, too": bpr_pass(*given, all_rows, on_biases=l2),
        "the mean over the users' and both movies' rows: a pair uses three rows, whose squared "
        "lengths add up": bpr_pass(*given, (l2 / 3,) * 3),
        "half the penalty: the loss has no factor of 1/2": bpr_pass(*given, (l2 / 2,) * 3),
        "the loss is the sum over the batch: its mean is asked for": _summed_loss(*given, l2),
        "liked and drawn changed places: the loss pulls the liked movie down": bpr_pass(
            *given, all_rows, sign=-1
        ),
        "old gradients are never cleared, so that each step repeats the earlier ones": bpr_pass(
            *given, all_rows, accumulate=True
        ),
        "backward twice for one batch: each gradient counts double": bpr_pass(
            *given, all_rows, scale=2
        ),
        "a step uphill: the loss grows": bpr_pass(*given, all_rows, scale=-1),
        "nothing moved: is there a backward between clearing and stepping?": weights,
    }


def _summed(weights: Table, batches: list[Triples], lr: float, l2: float) -> Table:
    for batch in batches:
        weights = bpr_pass(weights, [batch], lr, (l2 * len(batch[0]),) * 3)
    return weights


def _summed_loss(weights: Table, batches: list[Triples], lr: float, l2: float) -> Table:
    for batch in batches:
        n = len(batch[0])
        weights = bpr_pass(weights, [batch], lr, (l2 / n,) * 3, scale=n)
    return weights
