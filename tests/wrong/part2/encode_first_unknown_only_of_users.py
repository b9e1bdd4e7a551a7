"""The guard stands in the loop for users, and movies are looked up by get."""

from solutions.part2.dataset import *

FAILS = ["2.4"]
SAYS = "became NaN"


def encode_ratings(ratings, user_index, movie_index):
    users = [user_index[raw_id] for raw_id in ratings["user_id"]]
    movies = [movie_index.get(raw_id, float("nan")) for raw_id in ratings["movie_id"]]
    columns = {
        "user_idx": users,
        "movie_idx": movies,
        "rating": ratings["rating"].astype("float32"),
    }
    return pd.DataFrame(columns, index=ratings.index)
