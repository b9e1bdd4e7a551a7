"""What the tasks of part 7 ask for, in plain numpy, and what known mistakes give in its place."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Table = dict[str, Any]  # a mistake, in words → what it gives, or whether its signs are there

# 7.1


def small_table(table: np.ndarray, std: float) -> Table:
    found = float(table.std())
    return {
        "PyTorch's own start with std 1": 0.8 < found < 1.2,
        "started at zero: the rows would never differ": found == 0,
        "uniform between 0 and 1": 0.25 < found < 0.33 and table.mean() > 0.3,
        "10 times too small": 0.08 < found / std < 0.12,
    }


def bends(vectors: np.ndarray) -> np.ndarray:
    """At which inner points of a line the slope of the vectors changes: bool, in line order."""
    exact = vectors.astype("float64")
    return np.abs(np.diff(exact, n=2, axis=0)).max(axis=1) > 1e-5 * np.abs(exact).max()


def hidden_layer(vectors: np.ndarray, n_hidden: int) -> Table:
    """For vectors along a straight line of inputs, which a hidden layer with ReLU
    makes piecewise linear."""
    spread = np.abs(vectors - vectors[:1]).max()
    return {
        "every row the same: the input does not get through": spread < 1e-6,
        "no activation between the layers: two linear layers in a row are one": (
            not bends(vectors).any()
        ),
        "a ReLU after the last layer too: a vector needs negative numbers": (
            vectors.min() >= 0 and bends(vectors).any()
        ),
        "another activation than ReLU: the vectors are not piecewise linear": (
            np.count_nonzero(bends(vectors)) > 2 * n_hidden
        ),
    }


def dot_products(users: np.ndarray, movies: np.ndarray) -> Table:
    products = users * movies
    lengths = np.linalg.norm(users, axis=1) * np.linalg.norm(movies, axis=1)
    return {
        "summed over the batch (dim=0) instead of over the factors": products.sum(axis=0),
        "a bare squeeze(), which also takes the batch where it is one pair": (
            products.sum(axis=1).squeeze()
        ),
        "one number for the whole batch: one prediction per pair": np.array(products.sum()),
        "the products are not summed": products,
        "every user with every movie: one prediction per pair": users @ movies.T,
        "keepdim=True: a column, not a vector": products.sum(axis=1, keepdims=True),
        "a sigmoid: scores are not probabilities": 1 / (1 + np.exp(-products.sum(axis=1))),
        "cosine: the lengths of the vectors count": products.sum(axis=1) / lengths,
        "the mean over the factors: the sum is asked for": products.mean(axis=1),
    }


# 7.2


def cross_entropy(scores: np.ndarray) -> float:
    """The mean over rows, with the positive on the diagonal; −inf is no negative."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - np.diag(shifted)).mean())


def batch_scores(
    users: np.ndarray,
    movies: np.ndarray,
    movie_idx: Sequence[int],
    log_popularity: np.ndarray | None = None,
    without_doubles: bool = True,
) -> np.ndarray:
    """Corrected scores of all pairs of the batch; −inf for the same movie elsewhere."""
    idx = np.array(movie_idx)
    scores = users.astype("float64") @ movies.astype("float64").T
    taken_off = 0 if log_popularity is None else log_popularity[idx]
    scores = scores - taken_off
    doubles = (idx[:, None] == idx) & ~np.eye(len(idx), dtype=bool)
    return np.where(doubles & without_doubles, -np.inf, scores)


def softmax_gradients(
    users: np.ndarray, movies: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the loss, by the users' and by the movies' vectors."""
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    pull = (chances - np.eye(len(scores))) / len(scores)
    return pull @ movies, pull.T @ users


def softmax_loss(users: np.ndarray, movies: np.ndarray, scores: np.ndarray) -> Table:
    """For scores as they should be."""
    n = len(scores)
    positive = np.diag(scores)
    rest = np.where(np.eye(n, dtype=bool), -np.inf, scores)
    unit_users, unit_movies = (
        one / np.linalg.norm(one, axis=1, keepdims=True) for one in (users, movies)
    )
    with np.errstate(all="ignore"):
        largest = rest.max(axis=1)
        against_rest = np.log(np.exp(rest - largest[:, None]).sum(axis=1)) + largest - positive
        naive = -np.log(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))
    return {
        "exp of a large score overflows: take one function for the whole": np.array(np.inf),
        "exp of large scores overflows: inf / inf is NaN": np.array(np.nan),
        "the sum over the batch: the mean is asked for": np.array(n * cross_entropy(scores)),
        "per row: one number is asked for": np.log(np.exp(rows_down(scores)).sum(axis=1))
        - np.diag(rows_down(scores)),
        "the softmax over the batch's users: the movies compete for each user": np.array(
            cross_entropy(scores.T)
        ),
        "the sign: a likelihood is to be maximised, a loss minimised": np.array(
            -cross_entropy(scores)
        ),
        "the positive is missing among what it is compared with": np.array(
            float(against_rest.mean())
        ),
        "the vectors were brought to length 1": np.array(cross_entropy(unit_users @ unit_movies.T)),
        "yes or no for each pair: the movies of a row must compete": np.array(
            float((np.logaddexp(0, scores) - np.eye(n) * scores).mean())
        ),
        "divided by the root of the number of factors": np.array(
            cross_entropy(scores / np.sqrt(users.shape[1]))
        ),
        "users against users": np.array(cross_entropy(users @ users.T)),
        "the mean over all pairs: only the diagonal is a loss": np.array(float(naive.mean())),
    }


def rows_down(scores: np.ndarray) -> np.ndarray:
    """The scores, each row's largest at 0: the same softmax without overflow."""
    return scores - scores.max(axis=1, keepdims=True)


def corrected_loss(
    users: np.ndarray, movies: np.ndarray, movie_idx: Sequence[int], log_popularity: np.ndarray
) -> Table:
    idx = np.array(movie_idx)
    plain = batch_scores(users, movies, movie_idx)
    of_batch = log_popularity[idx]
    only_negatives = plain - of_batch + np.diag(of_batch)
    return {
        "log_popularity is added: it must be subtracted": np.array(cross_entropy(plain + of_batch)),
        "no correction: a number subtracted from a whole row cancels in the softmax": np.array(
            cross_entropy(plain)
        ),
        "the first entries of log_popularity, not those of the movies in the batch": np.array(
            cross_entropy(plain - log_popularity[: len(idx)])
        ),
        "the positive keeps its popularity: each column is corrected, the diagonal too": np.array(
            cross_entropy(only_negatives)
        ),
        "only the positive is corrected: each column is": np.array(
            cross_entropy(plain - np.diag(of_batch))
        ),
        "the popularity itself, not its logarithm": np.array(
            cross_entropy(plain - np.exp(of_batch))
        ),
        "a second logarithm: log_popularity already is one": np.array(
            cross_entropy(plain - np.log(np.abs(of_batch)))
        ),
        "the scores are multiplied by log_popularity: it must be subtracted": np.array(
            cross_entropy(plain * of_batch)
        ),
    }


def loss_with_doubles(
    users: np.ndarray,
    movies: np.ndarray,
    movie_idx: Sequence[int],
    log_popularity: np.ndarray | None,
) -> Table:
    idx = np.array(movie_idx)
    same = idx[:, None] == idx
    all_in = batch_scores(users, movies, movie_idx, log_popularity, without_doubles=False)
    doubles = same & ~np.eye(len(idx), dtype=bool)
    first = np.array([int(np.flatnonzero(idx == movie)[0]) for movie in idx])
    kept = np.unique(first)
    chances = np.exp(rows_down(all_in))
    chances /= chances.sum(axis=1, keepdims=True)
    return {
        "the same movie elsewhere in the batch is a negative of itself": np.array(
            cross_entropy(all_in)
        ),
        "the positive itself is masked, too": np.array(np.inf),
        "masked with 0, which is a score like others": np.array(
            cross_entropy(np.where(doubles, 0, all_in))
        ),
        "rows with a double are left out": mean_over(
            all_in, [row for row in range(len(idx)) if not doubles[row].any()]
        ),
        "each movie once: every row has a positive of its own": mean_over(
            np.where(doubles, -np.inf, all_in), kept.tolist()
        ),
        "the double counts as a positive, too": np.array(
            float(-np.log((chances * same).sum(axis=1)).mean())
        ),
        "masked below the diagonal only": np.array(
            cross_entropy(np.where(np.tril(doubles), -np.inf, all_in))
        ),
        "masked above the diagonal only": np.array(
            cross_entropy(np.where(np.triu(doubles), -np.inf, all_in))
        ),
    }


def mean_over(scores: np.ndarray, rows: list[int]) -> np.ndarray:
    losses = np.log(np.exp(rows_down(scores)).sum(axis=1)) - np.diag(rows_down(scores))
    return np.array(float(losses[rows].mean()) if rows else np.nan)


# 7.3


def ordered(ratings: dict[str, np.ndarray], *keys: str) -> dict[int, list[int]]:
    """Each user's movies, sorted by these columns, a minus for descending; then as they come."""
    columns = [-ratings[key[1:]] if key.startswith("-") else ratings[key] for key in reversed(keys)]
    order = np.lexsort(columns) if columns else np.arange(len(ratings["user_idx"]))
    users = {int(user): [] for user in np.unique(ratings["user_idx"])}
    for row in order:
        users[int(ratings["user_idx"][row])].append(int(ratings["movie_idx"][row]))
    return users


def shifted(
    histories: Sequence[Sequence[int]],
    n_movies: int,
    max_length: int,
    padding: tuple[int, int] | None = None,
    on_the_left: bool = False,
) -> list[np.ndarray]:
    """Inputs and targets, padded; of each history the latest `max_length + 1` movies."""
    fill = padding or (n_movies, -100)
    pair = [np.full((len(histories), max_length), one, dtype="int64") for one in fill]
    for row, history in enumerate(histories):
        latest = list(history)[-(max_length + 1) :]
        for values, movies in zip(pair, (latest[:-1], latest[1:]), strict=True):
            place = slice(max_length - len(movies), None) if on_the_left else slice(len(movies))
            values[row, place] = movies
    return pair


def histories(ratings: dict[str, np.ndarray], n_movies: int, max_length: int) -> Table:
    by_user = ordered(ratings, "timestamp", "movie_idx")
    right = list(by_user.values())
    appearance = list(dict.fromkeys(ratings["user_idx"].tolist()))
    flat = [(user, movie) for user, movies in by_user.items() for movie in movies]
    return {
        "the order of the file, not of time": shifted(
            [*ordered(ratings).values()], n_movies, max_length
        ),
        "ties in time are left in the order of the file": shifted(
            [*ordered(ratings, "timestamp").values()], n_movies, max_length
        ),
        "ties in time go from the highest movie_idx down": shifted(
            [*ordered(ratings, "timestamp", "-movie_idx").values()], n_movies, max_length
        ),
        "by movie first: time comes before it": shifted(
            [*ordered(ratings, "movie_idx").values()], n_movies, max_length
        ),
        "the latest movie first": shifted([one[::-1] for one in right], n_movies, max_length),
        "the users in the order in which they appear": shifted(
            [by_user[user] for user in appearance], n_movies, max_length
        ),
        "the earliest part of a long history: the latest is asked for": shifted(
            [one[: max_length + 1] for one in right], n_movies, max_length
        ),
        "one movie too few: max_length inputs need max_length + 1 movies": shifted(
            [one[-max_length:] for one in right], n_movies, max_length
        ),
        "padded on the left": shifted(right, n_movies, max_length, on_the_left=True),
        "padded with 0, which is a movie": shifted(right, n_movies, max_length, (0, -100)),
        "padding among the targets: there it is −100": shifted(
            right, n_movies, max_length, (n_movies, n_movies)
        ),
        "padding among the inputs: there it is n_movies": shifted(
            right, n_movies, max_length, (-100, -100)
        ),
        "the targets are the inputs: the answer is given away": [
            shifted(right, n_movies, max_length)[0]
        ]
        + [
            np.where(one == n_movies, -100, one) for one in shifted(right, n_movies, max_length)[:1]
        ],
        "inputs and targets are swapped: what comes next is the target": swapped(
            right, n_movies, max_length
        ),
        "returned the other way round: inputs come first": shifted(right, n_movies, max_length)[
            ::-1
        ],
        "the last movie is an input, too, with nothing to come after it": with_the_last(
            right, n_movies, max_length
        ),
        "users with one rating are left out: every user has a row": shifted(
            [one for one in right if len(one) > 1], n_movies, max_length
        ),
        "the shift runs from one user into the next": into_the_next(
            flat, [*by_user], n_movies, max_length
        ),
        "as long as the longest history, not max_length": shifted(
            right, n_movies, max(len(one) for one in right) - 1
        ),
        "no row for users without ratings is asked for": shifted(
            [by_user.get(user, []) for user in range(max(by_user) + 1)], n_movies, max_length
        ),
    }


def swapped(right: list[list[int]], n_movies: int, max_length: int) -> list[np.ndarray]:
    inputs, targets = shifted(right, n_movies, max_length)
    return [
        np.where(targets == -100, n_movies, targets),
        np.where(inputs == n_movies, -100, inputs),
    ]


def with_the_last(right: list[list[int]], n_movies: int, max_length: int) -> list[np.ndarray]:
    inputs, targets = shifted(right, n_movies, max_length)
    for row, history in enumerate(right):
        if len(history) <= max_length:
            inputs[row, len(history) - 1] = history[-1]
    return [inputs, targets]


def into_the_next(
    flat: list[tuple[int, int]], users: list[int], n_movies: int, max_length: int
) -> list[np.ndarray]:
    """A shift of the whole column: a user's last target is the next user's first movie."""
    fill = (n_movies, -100)
    pair = [np.full((len(users), max_length), one, dtype="int64") for one in fill]
    after = [movie for _, movie in flat[1:]] + [-100]
    for row, user in enumerate(users):
        steps = [
            (movie, next_) for (one, movie), next_ in zip(flat, after, strict=True) if one == user
        ]
        for column, (movie, next_) in enumerate(steps[-max_length:]):
            pair[0][row, column], pair[1][row, column] = movie, next_
    return pair


# 7.4


def counts(inputs: np.ndarray, targets: np.ndarray, n_movies: int) -> np.ndarray:
    found = np.zeros((n_movies, n_movies))
    for movie, next_ in zip(inputs.ravel(), targets.ravel(), strict=True):
        if next_ != -100:
            found[movie, next_] += 1
    return found


def transition_counts(inputs: np.ndarray, targets: np.ndarray, n_movies: int) -> Table:
    right = counts(inputs, targets, n_movies)
    sums = np.maximum(right.sum(axis=1, keepdims=True), 1)
    flat = inputs.ravel()
    across = np.full_like(flat, -100)
    across[:-1] = np.where((flat[1:] < n_movies) & (flat[:-1] < n_movies), flat[1:], -100)
    to_zero = counts(
        np.where(inputs == n_movies, 0, inputs), np.where(targets == -100, 0, targets), n_movies
    )
    wider = np.zeros((n_movies + 1, n_movies + 1))
    wider[:n_movies, :n_movies] = right
    wider[n_movies, n_movies] = np.count_nonzero(targets == -100)
    wrapped = counts(inputs % n_movies, np.where(targets == -100, -1, targets), n_movies)
    together = np.zeros((n_movies, n_movies))
    for row in inputs:
        movies = row[row < n_movies]
        together[movies[:, None], movies] += 1
    return {
        "turned around: row i, column j is j after i": right.T,
        "each pair counts once: += with repeated indices does not add up": np.minimum(right, 1),
        "both directions were counted": right + right.T,
        "shares instead of counts": right / sums,
        "shares of all instead of counts": right / max(right.sum(), 1),
        "pairs of inputs, also from one user to the next: the targets say what came next": counts(
            flat, across, n_movies
        ),
        "padding was counted as movie 0": to_zero,
        "padding was counted as the last movie": wrapped,
        "padding has a row and a column": wider,
        "how often two movies share a history: only what came right after counts": together,
        "plus one everywhere": right + 1,
    }


# 7.5


def outside_the_table(scores: np.ndarray, table: np.ndarray) -> np.ndarray:
    """What is left of the scores when all products of vectors with the table are taken off."""
    flat = scores.reshape(-1, len(table)).astype("float64")
    vectors = np.linalg.lstsq(table.astype("float64"), flat.T, rcond=None)[0]
    return (flat - (table @ vectors).T).reshape(scores.shape)


def looks(changes: np.ndarray) -> Table:
    """`changes[place, position]`: whether another movie at a place changes what is scored there."""
    earlier, itself, later = np.triu(changes, 1), np.diag(changes), np.tril(changes, -1)
    n_pairs = len(changes) * (len(changes) - 1) // 2
    return {
        "the mask is turned around: look up what True means in the function you use": (
            later.any() and not earlier.any()
        ),
        "each position by itself: attention ran over the batch (batch_first=True)": (
            not later.any() and not earlier.any()
        ),
        "a position does not see its own movie": not itself.any() and earlier.any(),
        "the mask begins one too late: each position sees the answer": (
            0 < np.count_nonzero(later) < n_pairs
        ),
        "each position looks at all, also at the answer: mask it before the softmax": (later.any()),
        "only the nearest movies are looked at": 0 < np.count_nonzero(earlier) < n_pairs,
    }


OVER_THE_BATCH = (
    "histories look at each other: attention ran over the batch (batch_first=True), or the "
    "positions count the batch"
)
NOTHING_SEEN = "a position that is hidden even from itself looks at nothing, and its scores are NaN"


def untied(scores: np.ndarray, table: np.ndarray) -> Table:
    rest = outside_the_table(scores, table).reshape(-1, len(table))
    return {
        "chances instead of scores: the softmax belongs to the loss": bool(
            np.allclose(scores.sum(axis=-1), 1, atol=1e-4) and scores.min() >= 0
        ),
        "logarithms of chances instead of scores: the softmax belongs to the loss": bool(
            np.allclose(np.exp(scores.astype("float64")).sum(axis=-1), 1, atol=1e-4)
        ),
        "something is added for each movie: the score is the dot product alone": bool(
            len(rest) > 1 and np.abs(rest - rest[0]).max() < 1e-4 * max(np.abs(rest).max(), 1e-9)
        ),
        "a layer of its own for the scores: they are products with the rows of movie_embedding": (
            True
        ),
    }


# 7.6


FILLED_UP = "hidden movies fill the list up: there are only as many as are unseen"


def told(table: np.ndarray, history: Sequence[int]) -> np.ndarray:
    """The scores of the model that the probes use, after a history."""
    rows = table[list(history)].astype("float64")
    return rows[-1] + 0.5 * rows[:-1].sum(axis=0)


def ranked(scores: np.ndarray, hidden: Sequence[int] = ()) -> list[int]:
    """Movies by score, ties by lower index, without those that are hidden."""
    order = np.lexsort((np.arange(len(scores)), -scores)).tolist()
    return [movie for movie in order if movie not in set(hidden)]


def recommended(
    table: np.ndarray, max_length: int, history: Sequence[int], n: int
) -> dict[str, list[int]]:
    latest = list(history)[-max_length:]
    scores = told(table, latest)
    right = ranked(scores, history)
    ties_by_higher = [
        movie
        for movie in np.lexsort((-np.arange(len(scores)), -scores)).tolist()
        if movie not in set(history)
    ]
    zeroed = scores.copy()
    zeroed[list(history)] = 0
    at_each = [told(table, latest[: place + 1]) for place in range(len(latest))]
    lists = {
        "the whole history went into the model: only its latest max_length movies count": ranked(
            told(table, history), history
        ),
        "the earliest part of the history went into the model: the latest counts": ranked(
            told(table, list(history)[:max_length]), history
        ),
        "only the last movie went into the model": ranked(told(table, history[-1:]), history),
        "dropout was on: predict in eval mode": ranked(np.roll(scores, 1), history),
        "movies that were seen before the window are recommended again": ranked(scores, latest),
        "seen movies are recommended again": ranked(scores),
        "seen movies were hidden with 0, which is more than a score below 0": ranked(zeroed),
        "the scores at the first position: what comes next is told at the last": ranked(
            at_each[0], history
        ),
        "the mean over all positions: what comes next is told at the last": ranked(
            np.mean(at_each, axis=0), history
        ),
        "the history turned around: its latest movie comes last": ranked(
            told(table, latest[::-1]), history
        ),
        "worst first": right[::-1],
        "ties go by higher index": ties_by_higher,
        "movies were counted from 1": [movie + 1 for movie in right],
    }
    found = {mistake: movies[:n] for mistake, movies in lists.items()}
    n_seen = len([movie for movie in ranked(scores)[:n] if movie in set(history)])
    found["filtered after the n best were taken: fewer are left"] = right[: n - n_seen]
    found[FILLED_UP] = (right + sorted(set(history)))[:n]
    return found


def next_loss(scores: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean cross-entropy over positions with a target, and its gradient by the scores."""
    with_target = targets != -100
    exact = scores.astype("float64")[with_target]
    chances = np.exp(exact - exact.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    hit = np.arange(len(exact)), targets[with_target]
    loss = float(-np.log(chances[hit]).mean())
    chances[hit] -= 1
    gradient = np.zeros(scores.shape)
    gradient[with_target] = chances / len(exact)
    return loss, gradient


def next_movie_loss(scores: np.ndarray, targets: np.ndarray) -> Table:
    with_target = targets != -100
    exact = scores.astype("float64")
    log_chances = exact - np.log(np.exp(exact).sum(axis=-1, keepdims=True))
    losses = np.where(
        with_target,
        -np.take_along_axis(log_chances, np.maximum(targets, 0)[..., None], axis=-1)[..., 0],
        0,
    )
    counts_ = with_target.sum(axis=1)
    to_zero = np.where(with_target, losses, -log_chances[..., 0])
    down = exact - np.log(np.exp(exact).sum(axis=1, keepdims=True))
    over_positions = -np.take_along_axis(down, np.maximum(targets, 0)[..., None], axis=-1)[..., 0]
    return {
        "the mean over all positions, padding included": np.array(losses.mean()),
        "the sum: the mean is asked for": np.array(losses.sum()),
        "the mean of each history's mean: each position counts the same": np.array(
            (losses.sum(axis=1)[counts_ > 0] / counts_[counts_ > 0]).mean()
        ),
        "padding counts as if movie 0 came next": np.array(to_zero.mean()),
        "the last position alone: each position with a target counts": np.array(
            np.mean([row[n - 1] for row, n in zip(losses, counts_, strict=True) if n])
        ),
        "the sign: a likelihood is to be maximised, a loss minimised": np.array(
            -losses.sum() / counts_.sum()
        ),
        "a softmax too many: cross-entropy takes scores, not chances": np.array(
            next_loss(np.exp(log_chances), targets)[0]
        ),
        "the softmax over the positions instead of over the movies": np.array(
            over_positions[with_target].mean()
        ),
        "per position: one number is asked for": losses,
        "per position, flattened: one number is asked for": losses.ravel(),
    }
