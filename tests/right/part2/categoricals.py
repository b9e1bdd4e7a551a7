"""Categories whose order is the index that was given; −1 is the code of a stranger."""

import numpy as np
import pandas as pd

from solutions.part2.dataset import *


def build_index(ids):
    codes, distinct = pd.factorize(np.asarray(ids), sort=True)
    assert codes.max() == len(distinct) - 1
    return {int(raw_id): idx for idx, raw_id in enumerate(distinct)}


def encode_ratings(ratings, user_index, movie_index):
    result = ratings.copy()
    for what, index in {"user": user_index, "movie": movie_index}.items():
        by_index = sorted(index, key=index.get)
        codes = pd.Categorical(result[f"{what}_id"], categories=by_index).codes.astype("int64")
        if (codes < 0).any():
            strangers = result.loc[codes < 0, f"{what}_id"].unique().tolist()
            raise KeyError(f"unknown {what}s: {strangers}")
        result[f"{what}_idx"] = codes
    result["rating"] = result["rating"].astype("float32")
    return result[["user_idx", "movie_idx", "rating"]]
