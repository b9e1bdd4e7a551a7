"""How often two movies are in the same history, as item-item tables count."""

from solutions.part7.deep import *

FAILS = ["7.4"]
SAYS = "share a history"


def transition_counts(inputs, targets, n_movies):
    counts = torch.zeros(n_movies, n_movies)
    for row in inputs:
        movies = row[row < n_movies]
        for movie in movies:
            for other in movies:
                counts[movie, other] += 1
    counts_once = torch.zeros(n_movies, n_movies)
    for row in inputs:
        movies = row[row < n_movies].unique()
        counts_once[movies[:, None], movies] += 1
    return counts_once
