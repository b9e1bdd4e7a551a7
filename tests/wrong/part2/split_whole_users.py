"""The users are shuffled, and not their rows: some are held out with all they rated."""

import pandas as pd

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "whole users were held out"


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    users = pd.Series(ratings["user_id"].unique()).sample(frac=1, random_state=seed).tolist()
    place = ratings["user_id"].map(users.index).sort_values(kind="stable")
    held_out = place.index[: round(len(ratings) * valid_fraction)]
    return ratings.drop(held_out), ratings.loc[held_out]
