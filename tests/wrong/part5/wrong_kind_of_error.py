"""Every bad input is a ValueError, also a key that is missing."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "KeyError for"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    if user_id not in user_index:
        raise ValueError(f"user_id {user_id} is unknown")
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)
