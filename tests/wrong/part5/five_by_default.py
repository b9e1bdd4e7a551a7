"""The default is taken from another function."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "wrong movies or order"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 5,
) -> pd.DataFrame:
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)
