"""numpy for histories, counts and rankings."""

import numpy as np

from solutions.part7.deep import *


def make_histories(ratings, n_movies, max_length=50):
    users, times, movies = (
        ratings[name].to_numpy() for name in ("user_idx", "timestamp", "movie_idx")
    )
    order = np.lexsort((movies, times, users))
    rows = np.unique(users)
    inputs = np.full((len(rows), max_length), n_movies, dtype=np.int64)
    targets = np.full((len(rows), max_length), -100, dtype=np.int64)
    for row, user in enumerate(rows):
        own = movies[order][users[order] == user][-max_length - 1 :]
        inputs[row, : len(own) - 1], targets[row, : len(own) - 1] = own[:-1], own[1:]
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def transition_counts(inputs, targets, n_movies):
    counts = np.zeros((n_movies, n_movies))
    there = targets.numpy() >= 0
    np.add.at(counts, (inputs.numpy()[there], targets.numpy()[there]), 1)
    return torch.from_numpy(counts)


@torch.inference_mode()
def recommend_next(model, history, n=10):
    if len(history) < 1:
        raise ValueError("an empty history")
    before = model.training
    model.train(False)
    scores = model(torch.tensor(history[-model.max_length :])[None])[:, -1].numpy().ravel()
    model.train(before)
    unseen = np.setdiff1d(np.arange(len(scores)), history)
    best = unseen[np.argsort(-scores[unseen], kind="stable")]
    return [int(movie) for movie in best[:n]]
