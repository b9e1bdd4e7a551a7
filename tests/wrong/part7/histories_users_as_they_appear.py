"""Groups in the order in which users appear."""

from solutions.part7.deep import *

FAILS = ["7.3"]
SAYS = "in which they appear"


def make_histories(ratings, n_movies, max_length=50):
    users = ratings["user_idx"].unique()
    ordered = ratings.sort_values(["timestamp", "movie_idx"])
    histories = [ordered.loc[ordered["user_idx"] == user, "movie_idx"].to_numpy() for user in users]
    inputs = torch.full((len(histories), max_length), n_movies)
    targets = torch.full_like(inputs, -100)
    for row, movies in enumerate(histories):
        latest = torch.tensor(movies[-(max_length + 1) :])
        inputs[row, : len(latest) - 1] = latest[:-1]
        targets[row, : len(latest) - 1] = latest[1:]
    return inputs, targets
