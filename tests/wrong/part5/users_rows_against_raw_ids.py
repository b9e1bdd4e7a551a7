"""The user"s row is looked for among raw ids, so that nothing is hidden."""

from solutions.part5.recommend import *

FAILS = ["5.2"]
SAYS = "nothing was hidden"


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if user_id not in user_index:
        raise KeyError(f"user_id {user_id} is unknown")
    movie_ids = np.array(list(movie_index))
    seen = np.isin(movie_ids, ratings.loc[ratings["user_id"] == user_index[user_id], "movie_id"])
    scores = score_movies(model, user_index[user_id])
    scores = scores.masked_fill(torch.from_numpy(seen), -torch.inf)
    best_first = scores.argsort(descending=True, stable=True)
    best = best_first[: min(n, np.count_nonzero(~seen))].numpy()
    return pd.DataFrame({"movie_id": movie_ids[best], "predicted_rating": scores.numpy()[best]})
