"""A frame of candidates, a merge against the seen ones, two sort keys."""

from solutions.part5.recommend import *


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    if user_id not in user_index:
        raise KeyError(user_id)
    if n < 1:
        raise ValueError(f"{n=}")
    catalogue = pd.DataFrame({"movie_id": list(movie_index), "movie_idx": movie_index.values()})
    catalogue["predicted_rating"] = score_movies(model, user_index[user_id]).numpy()
    seen = ratings.query("user_id == @user_id")[["movie_id"]].drop_duplicates()
    candidates = catalogue.merge(seen, on="movie_id", how="left", indicator=True)
    candidates = candidates[candidates["_merge"] == "left_only"]
    ranked = candidates.sort_values(["predicted_rating", "movie_id"], ascending=[False, True])
    return ranked[["movie_id", "predicted_rating"]].head(n)
