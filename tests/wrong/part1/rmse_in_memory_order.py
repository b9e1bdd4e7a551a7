"""np.nditer looks like a loop over all cells; each table comes in the order its memory has."""

import numpy as np

from solutions.part1.neighbours import *

FAILS = ["1.5"]
SAYS = "paired in the order of memory"


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    squares = [
        (float(prediction) - float(stars)) ** 2
        for stars, prediction in zip(np.nditer(ratings), np.nditer(predictions), strict=True)
        if not np.isnan(stars)
    ]
    return float(np.sqrt(sum(squares) / len(squares)))
