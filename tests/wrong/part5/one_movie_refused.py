"""The border of what is allowed is put on the wrong side."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "ValueError"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    if n <= 1:
        raise ValueError(f"n must be more than 1, got {n}")
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)
