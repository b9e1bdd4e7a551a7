"""The error says that something is wrong, not what."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "does not name the value"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    if user_id not in user_index:
        raise KeyError("unknown user")
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)
