"""Each user should be in both sets, thinks the learner, and samples user by user, rounded up."""

from solutions.part2.dataset import *

FAILS = ["2.5"]
SAYS = "a share of each user's rows"


def split_ratings(ratings, valid_fraction=0.2, seed=0):
    def sample(rows):
        return rows.sample(int(np.ceil(len(rows) * valid_fraction)), random_state=seed)

    import numpy as np

    valid = pd.concat([sample(rows) for _, rows in ratings.groupby("user_id")])
    return ratings.drop(valid.index), valid
