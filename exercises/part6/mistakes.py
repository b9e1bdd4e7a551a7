"""Part 6 by hand, right or with a mistake, and what each mistake would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold, StratifiedKFold, StratifiedShuffleSplit

Table = dict[str, Any]


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


def logits_of_folds(
    factors: np.ndarray,
    has_genre: np.ndarray,
    folds: Folds,
    scale_on: str = "training part",
    on_training: bool = False,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each fold the labels of what is tested, and what the model makes of it."""
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
        yield has_genre[test], test_inputs @ weights + intercept


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

    Those that chance often brings close to the right one come first.
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
