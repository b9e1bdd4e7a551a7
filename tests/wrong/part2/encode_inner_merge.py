"""A merge with the index looks every id up at once, and drops what it does not find."""

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "left out"


def encode_ratings(ratings, user_index, movie_index):
    users = pd.DataFrame({"user_id": list(user_index), "user_idx": list(user_index.values())})
    movies = pd.DataFrame({"movie_id": list(movie_index), "movie_idx": list(movie_index.values())})
    merged = ratings.reset_index().merge(users).merge(movies).set_index("index").rename_axis(None)
    merged = merged.loc[[label for label in ratings.index if label in merged.index]]
    return merged[["user_idx", "movie_idx", "rating"]].astype({"rating": "float32"})
