"""Gibbs sampling: the posterior is right, the prior helps, and no rating to predict is read."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from tutorial import baselines, bayesian
from tutorial.experiment import rmse

N_USERS, N_MOVIES = 80, 60
SETTINGS = bayesian.Settings(n_factors=4, n_features=8, burn_in=10, n_draws=30)
Parts = tuple[pd.DataFrame, pd.DataFrame]  # training ratings, and those to predict


def planted(rng: np.random.Generator) -> pd.DataFrame:
    """Stars from two factors; each of four groups of users rates mostly the movies of its taste."""
    tastes = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    of_user, of_movie = rng.integers(0, 4, N_USERS), rng.integers(0, 4, N_MOVIES)
    users = tastes[of_user] + rng.normal(0, 0.2, (N_USERS, 2))
    movies = tastes[of_movie] + rng.normal(0, 0.2, (N_MOVIES, 2))
    stars = 3 + 0.7 * users @ movies.T + rng.normal(0, 0.3, (N_USERS, N_MOVIES))
    chance = np.where(of_user[:, None] == of_movie, 0.5, 0.1)
    user_idx, movie_idx = np.nonzero(rng.random(chance.shape) < chance)
    rating = stars[user_idx, movie_idx].clip(1, 5)
    frame = pd.DataFrame({"user_idx": user_idx, "movie_idx": movie_idx, "rating": rating})
    return frame.astype({"rating": "float32"})


@pytest.fixture
def parts(rng: np.random.Generator) -> Parts:
    ratings = planted(rng)
    is_held_out = rng.random(len(ratings)) < 0.3
    return ratings[~is_held_out], ratings[is_held_out]


def test_planted_factors_are_found(parts: Parts) -> None:
    train, valid = parts
    by_biases = rmse(baselines.biases(train, valid), valid)
    assert rmse(bayesian.predict(train, valid, SETTINGS), valid) < 0.7 * by_biases


def test_who_rated_what_helps(parts: Parts) -> None:
    train, valid = parts
    without = bayesian.predict(train, valid, replace(SETTINGS, n_features=0))
    assert rmse(bayesian.predict(train, valid, SETTINGS), valid) < 0.95 * rmse(without, valid)


def test_the_mean_of_many_draws_is_better_than_one(parts: Parts) -> None:
    train, valid = parts
    found = list(bayesian.draws(train, valid, SETTINGS))
    assert len(found) == SETTINGS.n_draws
    assert rmse(np.mean(found, axis=0), valid) < rmse(found[0], valid)


def test_draws_differ_more_where_there_are_few_ratings(parts: Parts) -> None:
    train, valid = parts
    few = train["user_idx"] < 20
    train = train[~few | (train["user_idx"].groupby(train["user_idx"]).cumcount() < 2)]
    alike = replace(SETTINGS, n_features=0)
    spread = np.std(list(bayesian.draws(train, valid, alike)), axis=0)
    scarce = valid["user_idx"].to_numpy() < 20
    assert spread[scarce].mean() > 1.1 * spread[~scarce].mean()


def test_the_seed_decides_and_the_ratings_to_predict_are_not_read(parts: Parts) -> None:
    train, valid = parts
    few = replace(SETTINGS, burn_in=1, n_draws=3)
    predicted = bayesian.predict(train, valid, few)
    asked = valid[["user_idx", "movie_idx"]]
    assert bayesian.predict(train, asked, few).tolist() == predicted.tolist()
    assert not np.allclose(bayesian.predict(train, asked, few, seed=1), predicted)


def test_unknown_users_and_movies_get_stars_near_the_mean(parts: Parts) -> None:
    train, _ = parts
    asked = pd.DataFrame({"user_idx": [N_USERS, 0], "movie_idx": [0, N_MOVIES]})
    assert bayesian.predict(train, asked, SETTINGS) == pytest.approx(3, abs=0.8)


def test_the_blend_is_the_mean_of_both_views(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    train, valid = parts
    few = replace(SETTINGS, burn_in=1, n_draws=3)
    views = (few, replace(few, balanced=True))
    monkeypatch.setattr(bayesian, "VIEWS", views)
    one, other = (bayesian.predict(train, valid, view) for view in views)
    assert not np.allclose(one, other)
    assert bayesian.blend(train, valid) == pytest.approx((one + other) / 2)


def test_features_are_orthogonal_and_centred_and_blind_to_the_stars() -> None:
    rated = (torch.rand(30, 20, generator=torch.Generator().manual_seed(0)) < 0.3).float()
    for balanced in (False, True):
        features = bayesian.who_rated_what(rated, 5, balanced)
        assert features.shape == (30, 5)
        assert torch.allclose(features.mean(dim=0), torch.zeros(5), atol=1e-6)
        products = features.T @ features
        assert torch.allclose(products, products.diag().diag(), atol=1e-5)


N_COPIES = 40_000
NO_FEATURES = bayesian.Settings(n_features=0)


def test_a_row_is_drawn_from_its_regression_on_the_other_side() -> None:
    """Mean and covariance of many draws against the closed form."""
    generator = torch.Generator().manual_seed(0)
    others = torch.tensor([[1.0, 0.5], [-1.0, 2.0], [9.0, 9.0]])
    prior_mean, prior_precision = torch.tensor([0.5, -0.5]), torch.tensor([[2.0, 0.6], [0.6, 1.0]])
    rated, residual = torch.tensor([1.0, 1.0, 0.0]), torch.tensor([1.5, -1.0, 0.0])
    side = bayesian._Side(rated.repeat(N_COPIES, 1), residual.repeat(N_COPIES, 1), NO_FEATURES)
    drawn = side.draw_factors(
        prior_mean.repeat(N_COPIES, 1), prior_precision, others, 3.0, generator
    )
    precision = prior_precision + 3 * others[:2].T @ others[:2]
    mean = torch.linalg.solve(
        precision, prior_precision @ prior_mean + 3 * others[:2].T @ residual[:2]
    )
    assert torch.allclose(drawn.mean(dim=0), mean, atol=0.01)
    assert torch.allclose(drawn.T.cov(), torch.linalg.inv(precision), atol=0.01)


def test_the_prior_is_drawn_around_the_regression_of_the_factors_on_the_features() -> None:
    generator = torch.Generator().manual_seed(0)
    rated = (torch.rand(2000, 12, generator=generator) < 0.5).float()
    side = bayesian._Side(rated, torch.zeros_like(rated), replace(SETTINGS, n_features=3))
    weights = torch.tensor([[1.0, -1.0], [4.0, 0.0], [0.0, 3.0], [-2.0, 2.0]])
    spread = torch.tensor([[0.5, 0.0], [0.3, 0.4]])
    factors = side.features @ weights + torch.randn(2000, 2, generator=generator) @ spread.T
    found = [side.draw_prior(factors, generator) for _ in range(20)]
    mean_weights = torch.stack([drawn for drawn, _ in found]).mean(dim=0)
    mean_precision = torch.stack([drawn for _, drawn in found]).mean(dim=0)
    assert torch.allclose(mean_weights, weights, atol=0.15)
    assert torch.allclose(torch.linalg.inv(mean_precision), spread @ spread.T, atol=0.03)


def test_a_precision_is_drawn_around_the_inverse_of_the_variance() -> None:
    generator = torch.Generator().manual_seed(0)
    errors = 0.5 * torch.randn(5000, generator=generator)
    assert bayesian._draw_precision(errors, generator) == pytest.approx(4, rel=0.1)
