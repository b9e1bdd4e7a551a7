"""Everything in loops: one movie at a time, one item at a time, and numpy for the equations."""

import math

import numpy as np
import pandas as pd
import torch


def score_movies(model, user_idx):
    movies = [movie_idx for movie_idx in range(model.movie_embedding.num_embeddings)]
    users = [user_idx for _ in movies]
    model.eval()
    with torch.no_grad():
        predictions = model(torch.tensor(users), torch.tensor(movies))
    return torch.tensor([prediction.item() for prediction in predictions])


def recommend(model, user_id, ratings, user_index, movie_index, n=10):
    if n <= 0:
        raise ValueError(f"n is {n}")
    scores = score_movies(model, user_index[user_id])  # a KeyError that names the user
    seen = set()
    for _, row in ratings.iterrows():
        if row["user_id"] == user_id:
            seen.add(int(row["movie_id"]))
    rows = []
    for movie_id, movie_idx in movie_index.items():
        if movie_id not in seen:
            rows.append((-scores[movie_idx].item(), movie_id))
    rows.sort()
    best = [(movie_id, -score) for score, movie_id in rows[:n]]
    return pd.DataFrame(best, columns=["movie_id", "predicted_rating"])


def precision_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k is {k}")
    hits = 0
    for item in recommended[:k]:
        if item in relevant:
            hits += 1
    return hits / k


def recall_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k is {k}")
    if len(relevant) == 0:
        return 0
    hits = 0
    for item in recommended[:k]:
        if item in relevant:
            hits += 1
    return hits / len(relevant)


def ndcg_at_k(recommended, relevant, k):
    if k < 1:
        raise ValueError(f"k is {k}")
    gain = ideal = 0.0
    for rank in range(1, k + 1):
        if rank <= len(recommended) and recommended[rank - 1] in relevant:
            gain += 1 / math.log2(rank + 1)
        if rank <= len(relevant):
            ideal += 1 / math.log2(rank + 1)
    return gain / ideal if ideal else 0.0


def fold_in(movie_factors, residuals, regularization=1.0):
    n_factors = movie_factors.shape[1]
    left = np.zeros((n_factors, n_factors))
    right = np.zeros(n_factors)
    for factors, residual in zip(movie_factors.numpy(), residuals.numpy(), strict=True):
        left += np.outer(factors, factors)
        right += factors * residual
    for i in range(n_factors):
        left[i, i] += regularization
    return torch.from_numpy(np.linalg.solve(left, right))
