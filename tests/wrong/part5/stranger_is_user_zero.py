"""A default keeps the lookup from failing, and every stranger becomes user 0."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "an unknown user got a list"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    known = {**user_index, user_id: user_index.get(user_id, 0)}
    return reference.recommend(model, user_id, ratings, known, movie_index, n)
