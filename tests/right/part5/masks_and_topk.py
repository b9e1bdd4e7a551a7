"""Unseen rows by a boolean mask of tensors, and a sort that is stable."""

from solutions.part5.recommend import *


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    if n < 1:
        raise ValueError(f"n={n} is below 1")
    if user_id not in user_index:
        raise KeyError(user_id)
    unseen = torch.ones(len(movie_index), dtype=torch.bool)
    own = ratings.set_index("user_id").movie_id
    if user_id in own.index:
        unseen[[movie_index[movie] for movie in own.loc[[user_id]]]] = False
    rows = unseen.nonzero().squeeze(1)
    ordered, places = score_movies(model, user_index[user_id])[rows].sort(
        descending=True, stable=True
    )
    movie_ids = sorted(movie_index, key=movie_index.get)
    return pd.DataFrame(
        {
            "movie_id": pd.Series([movie_ids[row] for row in rows[places[:n]]], dtype="int64"),
            "predicted_rating": ordered[:n].tolist(),
        }
    )
