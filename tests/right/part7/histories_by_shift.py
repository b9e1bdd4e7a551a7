"""Histories by shift within groups and pad_sequence; counts by index_put_."""

from torch.nn.utils.rnn import pad_sequence

from solutions.part7.deep import *


def make_histories(ratings, n_movies, max_length=50):
    table = ratings[["user_idx", "movie_idx", "timestamp"]].copy()
    table = table.sort_values("movie_idx").sort_values("timestamp", kind="stable")
    inputs, targets = [], []
    for _, one in table.groupby("user_idx", sort=True):
        movies = torch.tensor(one["movie_idx"].tail(max_length + 1).tolist())
        inputs.append(movies[:-1])
        targets.append(movies[1:])
    full = torch.zeros(max_length, dtype=torch.int64)  # so that every row is as long
    inputs = pad_sequence([*inputs, full], batch_first=True, padding_value=n_movies)
    targets = pad_sequence([*targets, full], batch_first=True, padding_value=-100)
    return inputs[:-1], targets[:-1]


def transition_counts(inputs, targets, n_movies):
    counts = torch.zeros((n_movies + 1, n_movies), dtype=torch.int64)
    there = targets >= 0
    one = torch.ones(int(there.sum()), dtype=torch.int64)
    counts.index_put_((inputs[there], targets[there]), one, accumulate=True)
    return counts[:n_movies]
