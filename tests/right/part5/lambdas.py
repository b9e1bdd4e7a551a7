"""Metrics from one-line functions and a decorator that checks k."""

from functools import wraps

from solutions.part5.recommend import *


def needs_positive_k(metric):
    @wraps(metric)
    def checked(recommended, relevant, k):
        if not k >= 1:
            raise ValueError(f"k must be a positive number and not {k}")
        return float(metric(list(recommended)[:k], set(relevant), k)) if relevant else 0.0

    return checked


gain = lambda ranks: sum(1 / np.log2(1 + rank) for rank in ranks)  # noqa: E731
precision_at_k = needs_positive_k(lambda top, good, k: sum(map(good.__contains__, top)) / k)
recall_at_k = needs_positive_k(lambda top, good, k: len(good & set(top)) / len(good))
ndcg_at_k = needs_positive_k(
    lambda top, good, k: (
        gain(rank for rank, item in enumerate(top, 1) if item in good)
        / gain(range(1, min(k, len(good)) + 1))
    )
)


def fold_in(movie_factors, residuals, regularization=1.0):
    q = np.asarray(movie_factors)
    ridge = q.T.dot(q) + np.diag([regularization] * q.shape[1])
    return torch.as_tensor(np.linalg.inv(ridge).dot(q.T).dot(residuals.numpy()))
