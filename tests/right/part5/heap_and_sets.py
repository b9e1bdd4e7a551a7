"""heapq keeps the best, sets keep the seen ones, a named tuple the candidates."""

import heapq
from typing import NamedTuple

from solutions.part5.recommend import *


class Candidate(NamedTuple):
    movie_id: int
    predicted_rating: float


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    if n < 1:
        raise ValueError(f"at least one movie, please, not {n}")
    try:
        user_idx = user_index[user_id]
    except KeyError:
        raise KeyError(f"nobody is called {user_id}") from None
    seen = set(ratings.groupby("user_id")["movie_id"].agg(set).get(user_id, ()))
    with torch.no_grad():  # without score_movies
        candidates = [
            Candidate(movie_id, float(model(torch.tensor(user_idx), torch.tensor(movie_idx))))
            for movie_id, movie_idx in movie_index.items()
            if movie_id not in seen
        ]
    best = heapq.nlargest(n, candidates, key=lambda c: (c.predicted_rating, -c.movie_id))
    return pd.DataFrame(best, columns=Candidate._fields)


def precision_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(k)
    return len(set(recommended[:k]).intersection(relevant)) / k


def recall_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(k)
    return len(set(recommended[:k]) & set(relevant)) / len(relevant) if relevant else 0.0
