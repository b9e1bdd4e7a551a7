"""Users, not ratings, are what a service knows; scikit-learn splits groups, too."""

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "whole users were held out"


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    from sklearn.model_selection import GroupShuffleSplit

    splitter = GroupShuffleSplit(n_splits=1, test_size=valid_fraction, random_state=seed)
    train, valid = next(splitter.split(ratings, groups=ratings["user_id"]))
    return ratings.iloc[train], ratings.iloc[valid]
