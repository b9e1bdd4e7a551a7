"""Which movie a user rates next: what methods learn from, how they rank, and how good that is.

Methods give scores `[tested users, n_movies]`, made from a `Task` without looking at its targets.
Encoded frames have the columns `user_idx`, `movie_idx` and `timestamp` (seconds).
"""

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from tutorial import rankers
from tutorial.code import Code, DeepCode
from tutorial.experiment import Dataset, OnBatch

K = 10  # length of a list
IN_ORDER = ["user_idx", "timestamp", "movie_idx"]
"""How a history is sorted: within a second, by movie."""


@dataclass(frozen=True)
class Task:
    """Ratings to learn from, and users for whom the next movie is to be found."""

    n_users: int
    n_movies: int
    train: pd.DataFrame
    histories: list[list[int]]
    """Of each tested user, all movies before the target, in order."""
    users: np.ndarray
    """Row of each tested user in the user table."""
    targets: np.ndarray
    """What each tested user rated next."""

    @property
    def seen(self) -> np.ndarray:
        """True where a tested user has rated a movie before: bool `[tested users, n_movies]`."""
        table = np.zeros((len(self.histories), self.n_movies), dtype=bool)
        for row, history in enumerate(self.histories):
            table[row, history] = True
        return table


@dataclass(frozen=True)
class Recipe:
    """How the transformer is trained; the number of epochs was chosen on the last but one rating
    of each user."""

    max_length: int = 50
    epochs: int = 20
    lr: float = 2e-3
    batch_size: int = 16


def in_order(code: Code, dataset: Dataset) -> pd.DataFrame:
    """All ratings of a data set, encoded, each user's history in order."""
    encoded = code.dataset.encode_ratings(
        dataset.ratings, dataset.user_index, dataset.movie_index
    ).assign(timestamp=dataset.ratings["timestamp"])
    return encoded.sort_values(IN_ORDER)


# Tasks


def leave_last_out(ratings: pd.DataFrame, n_users: int, n_movies: int) -> Task:
    """Each user's last rating is to be found; everything else may be learned from.

    Args:
        ratings: as `in_order` gives them.
    """
    is_last = ~ratings["user_idx"].duplicated(keep="last")
    return _task(ratings[~is_last], ratings, n_users, n_movies)


def everything(ratings: pd.DataFrame, n_users: int, n_movies: int) -> Task:
    """All may be learned from, and nothing is to be found: for what comes after the data.

    Args:
        ratings: as `in_order` gives them.
    """
    return _task(ratings, ratings[:0], n_users, n_movies)


def cut_in_time(
    ratings: pd.DataFrame, n_users: int, n_movies: int, train_share: float = 0.8
) -> Task:
    """As `leave_last_out`, of the users whose last rating is after a date; learned from is only
    what was rated before it, by anybody.

    A history still holds all that the user rated before the target.
    """
    cut = ratings["timestamp"].quantile(train_share)
    ends = ratings.groupby("user_idx")["timestamp"].transform("max")
    return _task(ratings[ratings["timestamp"] < cut], ratings[ends >= cut], n_users, n_movies)


def _task(train: pd.DataFrame, tested: pd.DataFrame, n_users: int, n_movies: int) -> Task:
    by_user = tested.groupby("user_idx")["movie_idx"].agg(list)
    by_user = by_user[by_user.map(len) > 1]  # the others have no history
    return Task(
        n_users,
        n_movies,
        train,
        histories=[movies[:-1] for movies in by_user],
        users=by_user.index.to_numpy(),
        targets=by_user.map(lambda movies: movies[-1]).to_numpy(),
    )


def shuffled(task: Task, seed: int) -> Task:
    """The same task with every history in random order: the control for "it is the order"."""
    rng = np.random.default_rng(seed)
    return replace(
        task,
        train=task.train.assign(timestamp=rng.permutation(len(task.train))),
        histories=[rng.permutation(history).tolist() for history in task.histories],
    )


# How good


def ranks(task: Task, scores: np.ndarray) -> np.ndarray:
    """The place of each target among the unseen movies, from 1; ties go by lower index."""
    unseen = np.where(task.seen, -np.inf, scores)
    order = np.argsort(-unseen, axis=1, kind="stable")
    return 1 + (order == task.targets[:, None]).argmax(axis=1)


def hit_rate(places: np.ndarray) -> float:
    """HR@10: the share of users whose next movie is in the list."""
    return float((places <= K).mean())


def ndcg(places: np.ndarray) -> float:
    """nDCG@10, with one movie to be found per user."""
    return float(np.where(places <= K, 1 / np.log2(places + 1), 0).mean())


# Methods


def most_rated(task: Task) -> np.ndarray:
    """The number of training ratings, for everybody the same."""
    counts = np.bincount(task.train["movie_idx"], minlength=task.n_movies)
    return np.tile(counts.astype(float), (len(task.histories), 1))


def ease(task: Task, regularization: float = 500.0) -> np.ndarray:
    """EASE on which movies were rated, in any order (Steck 2019)."""
    rated = rankers.table(task.train, task.n_users, task.n_movies).astype(float)
    return task.seen @ rankers.ease_weights(rated, regularization)


def bpr(code: Code, task: Task, seed: int, epochs: int = rankers.EPOCHS) -> np.ndarray:
    """Matrix factorization trained on what was rated against what was not, pair by pair."""
    seen = rankers.table(task.train, task.n_users, task.n_movies)
    pairs = torch.tensor(task.train[["user_idx", "movie_idx"]].to_numpy())
    model = rankers.train_bpr(code, pairs, seen, seed, epochs)
    scores = [code.recommend.score_movies(model, int(user)) for user in task.users]
    return torch.stack(scores).numpy()


def counted(code: DeepCode, task: Task) -> np.ndarray:
    """How often each movie came right after the last one seen; ties by number of ratings."""
    inputs, targets = code.deep.make_histories(task.train, task.n_movies, _longest(task.train))
    counts = code.deep.transition_counts(inputs, targets, task.n_movies).numpy()
    last = [history[-1] for history in task.histories]
    return counts[last] + 1e-6 * most_rated(task)


def attention(
    code: DeepCode,
    task: Task,
    recipe: Recipe,
    seed: int,
    on_batch: OnBatch = lambda done, total: None,
) -> nn.Module:
    """A transformer trained to say, at each position of each history, what comes next."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    with warnings.catch_warnings():  # a remark of PyTorch on some learners' layers
        warnings.filterwarnings("ignore", "enable_nested_tensor is True", UserWarning)
        model = code.deep.NextMovie(task.n_movies, recipe.max_length)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.lr)
    whole: tuple[Tensor, Tensor] = code.deep.make_histories(
        task.train, task.n_movies, _longest(task.train)
    )
    model.train()
    for epoch in range(recipe.epochs):
        inputs, targets = windows(*whole, task.n_movies, recipe.max_length, generator)
        batches = torch.randperm(len(inputs), generator=generator).split(recipe.batch_size)
        for done, rows in enumerate(batches, epoch * len(batches) + 1):
            loss = code.deep.next_movie_loss(model(inputs[rows]), targets[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            on_batch(done, recipe.epochs * len(batches))
    return model.eval()


def windows(
    inputs: Tensor, targets: Tensor, n_movies: int, length: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Cut histories into windows: `[histories, longest]` → `[windows, length]`.

    As many full windows as fit, from a random start, so that other ratings are left out each
    time; a history with fewer than `length` targets gives one window.
    """
    n_targets = (targets != -100).sum(dim=1)
    n_windows = (n_targets // length).clamp(min=1)
    spare = (n_targets - n_windows * length).clamp(min=0)
    start = (torch.rand(len(spare), generator=generator) * (spare + 1)).long()
    row = torch.arange(len(spare)).repeat_interleave(n_windows)
    number = torch.arange(len(row)) - (n_windows.cumsum(0) - n_windows)[row]
    columns = (start[row] + number * length)[:, None] + torch.arange(length)
    padded = [
        nn.functional.pad(whole, (0, length), value=padding)
        for whole, padding in ((inputs, n_movies), (targets, -100))
    ]
    return padded[0][row[:, None], columns], padded[1][row[:, None], columns]


def after(model: nn.Module, task: Task) -> np.ndarray:
    """A trained transformer's scores for what comes after each history."""
    latest = [torch.tensor(history[-model.max_length :]) for history in task.histories]  # type: ignore[operator]
    ends = torch.tensor([len(history) - 1 for history in latest])
    padded = nn.utils.rnn.pad_sequence(latest, batch_first=True, padding_value=task.n_movies)
    with torch.no_grad():
        scores = [
            model(padded[rows])[torch.arange(len(rows)), ends[rows]]
            for rows in torch.arange(len(padded)).split(64)
        ]
    return torch.cat(scores).numpy()


def _longest(train: pd.DataFrame) -> int:
    return int(train["user_idx"].value_counts().max())
