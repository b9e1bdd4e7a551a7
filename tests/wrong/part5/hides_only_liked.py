"""Only movies with four stars or more are hidden: the others are taken for not seen."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "nothing was hidden"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    liked = ratings[ratings["rating"] >= 4]
    return reference.recommend(model, user_id, liked, user_index, movie_index, n)
