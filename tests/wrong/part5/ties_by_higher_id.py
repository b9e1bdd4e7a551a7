"""Sorting upwards and reading backwards also turns the order of equal scores around."""

from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "the higher movie_id comes first"


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
    movie_ids = np.array(list(movie_index))
    seen = np.isin(movie_ids, ratings.loc[ratings["user_id"] == user_id, "movie_id"])
    scores = score_movies(model, user_index[user_id])
    scores = scores.masked_fill(torch.from_numpy(seen), -torch.inf)
    best_first = scores.numpy().argsort(kind="stable")[::-1]
    best = best_first[: min(n, np.count_nonzero(~seen))]
    return pd.DataFrame({"movie_id": movie_ids[best], "predicted_rating": scores.numpy()[best]})
