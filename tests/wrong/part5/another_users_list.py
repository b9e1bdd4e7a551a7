"""The row is found by counting users that have ratings instead of by the index."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "another user's favourites"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if user_id not in user_index:
        raise KeyError(f"user_id {user_id} is unknown")
    row = {user: place for place, user in enumerate(ratings["user_id"].unique())}
    ids = list(user_index)
    wrong = {**user_index, user_id: row.get(user_id, user_index[user_id])}
    return reference.recommend(model, ids[ids.index(user_id)], ratings, wrong, movie_index, n)
