"""Predictions of unrated cells are struck out, in the table that came in."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "the caller's own data"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    if predictions.dtype.kind != "f":
        predictions = predictions.astype("float64")
    predictions[np.isnan(ratings)] = np.nan
    return float(np.sqrt(np.nanmean((predictions - ratings) ** 2)))
