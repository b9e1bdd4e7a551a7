"""A helper column is added to the frame that was passed in."""

from solutions.part5 import recommend as reference
from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "the ratings were changed"


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    ratings["movie_idx"] = ratings["movie_id"].map(movie_index)
    return reference.recommend(model, user_id, ratings, user_index, movie_index, n)
