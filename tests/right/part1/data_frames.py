"""A learner at home in pandas: its means and correlations skip NaN by themselves."""

import numpy as np
import pandas as pd


def centre_ratings(ratings: np.ndarray) -> np.ndarray:
    table = pd.DataFrame(ratings)
    return table.sub(table.mean(axis="columns"), axis="index").fillna(0.0).to_numpy()


def user_similarity(ratings: np.ndarray) -> np.ndarray:
    rows = pd.DataFrame(centre_ratings(ratings))
    unit = rows.div(np.sqrt((rows**2).sum(axis="columns")), axis="index").fillna(0.0)
    return unit.dot(unit.T).to_numpy()


def predict_rating(ratings: np.ndarray, user: int, movie: int, k: int = 2) -> float:
    mean = pd.Series(ratings[user]).mean()
    if pd.isna(mean):
        raise ValueError(f"There is no mean for user {user}.")
    neighbours = pd.DataFrame(
        {
            "similarity": user_similarity(ratings)[user],
            "stars": ratings[:, movie],
            "centred": centre_ratings(ratings)[:, movie],
        }
    )
    nearest = neighbours.drop(index=user).dropna().query("similarity > 0")
    nearest = nearest.nlargest(k, "similarity")
    if nearest.empty:
        return mean
    return mean + (nearest.similarity * nearest.centred).sum() / nearest.similarity.sum()


def reconstruct(user_factors: np.ndarray, movie_factors: np.ndarray) -> np.ndarray:
    return pd.DataFrame(user_factors).dot(pd.DataFrame(movie_factors).T).to_numpy()


def observed_rmse(ratings: np.ndarray, predictions: np.ndarray) -> float:
    return float(np.sqrt(((pd.DataFrame(ratings) - predictions) ** 2).stack().mean()))


def to_implicit(ratings: np.ndarray, threshold: float = 4.0) -> np.ndarray:
    return pd.DataFrame(ratings).ge(threshold).to_numpy()
