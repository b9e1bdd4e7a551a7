"""Top-10 lists from different methods, and how good they are, for the numbers of the lessons.

A method is an array of scores `[n_users, n_movies]`, made from an encoded training frame alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from tutorial.code import Code
from tutorial.experiment import Dataset, OnBatch

LIKED = 4  # stars from which a rating is a like
K = 10  # length of a list
EPOCHS = 60  # of BPR
METRICS = ("precision", "recall", "ndcg")


@dataclass(frozen=True)
class Quality:
    """Quality of the top-10 lists of one method: means over users, and shares."""

    precision: float
    recall: float
    ndcg: float
    coverage: float  # share of the movies that are in at least one list
    to_top_tenth: float  # share of places that go to the most-rated tenth of the movies


def table(encoded: pd.DataFrame, n_users: int, n_movies: int) -> np.ndarray:
    """True where a frame has a rating: bool `[n_users, n_movies]`."""
    filled = np.zeros((n_users, n_movies), dtype=bool)
    filled[encoded["user_idx"], encoded["movie_idx"]] = True
    return filled


def rated(dataset: Dataset) -> np.ndarray:
    """True where a user has rated a movie in training: lists must not contain these."""
    return table(dataset.train_encoded, dataset.n_users, dataset.n_movies)


def likes(dataset: Dataset) -> np.ndarray:
    """True where a user liked a movie in training."""
    train = dataset.train_encoded
    return table(train[train["rating"] >= LIKED], dataset.n_users, dataset.n_movies)


def liked_pairs(dataset: Dataset) -> Tensor:
    """The likes of the training ratings: int64 `[likes, 2]`, user and movie."""
    train = dataset.train_encoded
    return torch.tensor(train.loc[train["rating"] >= LIKED, ["user_idx", "movie_idx"]].to_numpy())


def lists(scores: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Each user's best unseen movies, best first, ties by row: int `[n_users, K]`."""
    masked = np.where(seen, -np.inf, scores)
    return np.argsort(-masked, axis=1, kind="stable")[:, :K]


def relevant(dataset: Dataset) -> dict[int, set[int]]:
    """User → the held-out movies that they liked; users without any are left out."""
    valid = dataset.valid_encoded
    by_user = valid[valid["rating"] >= LIKED].groupby("user_idx")["movie_idx"]
    return {int(str(user)): set(movies) for user, movies in by_user}


def quality(code: Code, dataset: Dataset, scores: np.ndarray) -> Quality:
    """Evaluate the lists of a method with the course's own metrics."""
    seen = rated(dataset)
    top = lists(scores, seen)
    measures = [getattr(code.recommend, f"{name}_at_k") for name in METRICS]
    per_user = [
        [measure(top[user].tolist(), movies, K) for measure in measures]
        for user, movies in relevant(dataset).items()
    ]
    by_count = np.argsort(-seen.sum(axis=0), kind="stable")
    precision, recall, ndcg = np.mean(per_user, axis=0).tolist()
    return Quality(
        precision,
        recall,
        ndcg,
        coverage=len(np.unique(top)) / dataset.n_movies,
        to_top_tenth=float(np.isin(top, by_count[: dataset.n_movies // 10]).mean()),
    )


# Methods


def most_rated(dataset: Dataset) -> np.ndarray:
    """The number of ratings: the same list for everybody, minus what each user has seen."""
    return np.tile(rated(dataset).sum(axis=0), (dataset.n_users, 1)).astype(float)


def best_mean(dataset: Dataset, shrink: float = 20.0) -> np.ndarray:
    """The mean rating, as if each movie also had `shrink` ratings at the global mean."""
    movie_idx, train = dataset.train_encoded["movie_idx"], dataset.train_encoded
    sums = np.bincount(movie_idx, train["rating"], dataset.n_movies)
    counts = np.bincount(movie_idx, minlength=dataset.n_movies)
    means = (sums + shrink * dataset.global_mean) / (counts + shrink)
    return np.tile(means, (dataset.n_users, 1))


def item_neighbours(dataset: Dataset, k: int = 100, shrink: float = 20.0) -> np.ndarray:
    """Item-based neighbours: cosine of each movie's `k` nearest among what the user likes."""
    liked = likes(dataset).astype(np.float32)
    lengths = np.sqrt(liked.sum(axis=0))
    cosine = (liked.T @ liked) / (np.outer(lengths, lengths) + shrink)
    np.fill_diagonal(cosine, 0)
    k = min(k, len(cosine))
    kth = np.partition(cosine, -k, axis=1)[:, [-k]]
    return liked @ np.where(cosine >= kth, cosine, 0).T


def ease(dataset: Dataset, regularization: float = 200.0) -> np.ndarray:
    """EASE: a linear model from likes to likes in which no movie predicts itself (Steck 2019)."""
    liked = likes(dataset).astype(np.float64)
    return liked @ ease_weights(liked, regularization)


def ease_weights(liked: np.ndarray, regularization: float) -> np.ndarray:
    """From what a user likes (rows) to a movie (columns): ridge regressions, 0 on the diagonal."""
    gram = liked.T @ liked
    gram[np.diag_indices_from(gram)] += regularization
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def predicted(code: Code, dataset: Dataset, model: nn.Module) -> np.ndarray:
    """A model's predictions for all users and movies."""
    scores = [code.recommend.score_movies(model, user) for user in range(dataset.n_users)]
    return torch.stack(scores).numpy()


def bpr_model(
    code: Code,
    dataset: Dataset,
    seed: int,
    on_epoch: OnBatch = lambda done, total: None,
) -> nn.Module:
    """Matrix factorization trained on likes against unseen movies, pair by pair."""
    return train_bpr(code, liked_pairs(dataset), rated(dataset), seed, on_epoch=on_epoch)


def train_bpr(
    code: Code,
    pairs: Tensor,
    seen: np.ndarray,
    seed: int,
    epochs: int = EPOCHS,
    on_epoch: OnBatch = lambda done, total: None,
) -> nn.Module:
    """Matrix factorization trained to rank the movie of each pair above an unseen one.

    The movies' biases learn how popular each is; those of the users cancel in a pair.

    Args:
        pairs: int64 `[pairs, 2]`, user and movie.
        seen: bool `[n_users, n_movies]`, what is never drawn as the other movie.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = code.model.BiasedMatrixFactorization(*seen.shape, n_factors=32)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    (user_idx, movie_idx), unavailable = pairs.T, torch.tensor(seen)
    for epoch in range(epochs):
        code.explore.train_bpr_epoch(
            model, user_idx, movie_idx, unavailable, optimizer, generator, l2=1e-2
        )
        on_epoch(epoch + 1, epochs)
    return model
