"""Shuffled positions are used as labels, which they are only in a frame fresh from its file."""

import numpy as np
import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "KeyError"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    order = np.random.default_rng(seed).permutation(len(ratings))
    n_valid = round(len(ratings) * valid_fraction)
    return ratings.loc[order[n_valid:]], ratings.loc[order[:n_valid]]
