"""Lesson 1: like-minded users."""

import numpy as np

from authoring.measurements.bench import SEEDS, STARS, Bench, Found, measured
from tutorial import baselines, rankers
from tutorial.experiment import Dataset, rmse

N_LIKE_MINDED = (1, 5, 20, 50)


def like_minded(bench: Bench) -> Found:
    """The prediction of task 1.3 by the number of neighbours, clipped, on random fifths."""
    errors: dict[int, list[float]] = {k: [] for k in N_LIKE_MINDED}
    for seed in SEEDS:
        dataset = bench.dataset(seed)
        for k, predictions in like_minded_predictions(dataset).items():
            errors[k].append(rmse(predictions, dataset.valid_encoded))
    return Found(
        {f"like-minded-{k}-rmse": measured(values, STARS, 0.001) for k, values in errors.items()}
    )


def like_minded_predictions(dataset: Dataset) -> dict[int, np.ndarray]:
    """By k, the predictions of task 1.3 for what is held out; similarities are computed once."""
    train, valid = dataset.train_encoded, dataset.valid_encoded
    has_rated = rankers.rated(dataset)
    means = baselines.mean_by("user_idx", train, valid)
    centred = np.zeros(has_rated.shape)
    own_mean = train.groupby("user_idx")["rating"].transform("mean")
    centred[train["user_idx"], train["movie_idx"]] = train["rating"] - own_mean
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    directions = centred / np.where(lengths > 0, lengths, 1)
    similarity = directions @ directions.T
    above = {k: np.zeros(len(valid)) for k in N_LIKE_MINDED}
    for row, (user, movie) in enumerate(zip(valid["user_idx"], valid["movie_idx"], strict=True)):
        others = np.flatnonzero(has_rated[:, movie] & (similarity[user] > 0))
        others = others[others != user]
        nearest = others[np.argsort(-similarity[user, others], kind="stable")]
        for k in N_LIKE_MINDED if len(nearest) else ():
            weights = similarity[user, nearest[:k]]
            above[k][row] = weights @ centred[nearest[:k], movie] / weights.sum()
    return {k: means + values for k, values in above.items()}
