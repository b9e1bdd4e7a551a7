"""Bayesian matrix factorization by Gibbs sampling, with a prior from who rated what.

Part 4 trains one table of factors. Here, many are drawn from the posterior: each is likely in
proportion to how well it explains the training ratings. Their predictions are averaged
(Salakhutdinov and Mnih 2008, "Bayesian Probabilistic Matrix Factorization using Markov Chain Monte
Carlo").

    rating of user u for movie m ~ N(global mean + U[u] · V[m], 1 / noise precision)
    U[u] ~ N(F[u] B, inverse of Λ), and V[m] likewise, with F, B and Λ of its own

F is side information: a 1, so that B holds the mean of the factors, and features of *which* movies
the user has rated, or of who has rated the movie, whatever the stars (the idea: Koren 2008,
"Factorization Meets the Neighborhood"; side information in the prior: Simm et al. 2017, "Macau").
It is computed from the training ratings alone. B, Λ and the noise are drawn, too, so there is no
regularisation to tune.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor


@dataclass(frozen=True)
class Settings:
    """How much to compute, and which view of who rated what."""

    n_factors: int = 16
    n_features: int = 100  # of who rated what; 0: the same prior for all rows
    balanced: bool = False  # whether a rating says more where ratings are rare
    burn_in: int = 20  # draws that are thrown away, because they still depend on the start
    n_draws: int = 100  # draws that are averaged


SETTINGS = Settings()
VIEWS = (SETTINGS, replace(SETTINGS, balanced=True))


def blend(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    """The mean of the predictions from both views of who rated what, with equal weights."""
    return np.mean([predict(train, asked, view) for view in VIEWS], axis=0)


def predict(
    train: pd.DataFrame, asked: pd.DataFrame, settings: Settings = SETTINGS, seed: int = 0
) -> np.ndarray:
    """The mean of the predictions of all draws: float `[rows]`, in stars, 1-5.

    Args:
        train: an encoded frame.
        asked: a frame with `user_idx` and `movie_idx`; ratings in it are not read.
    """
    return np.mean(list(draws(train, asked, settings, seed)), axis=0)


def draws(
    train: pd.DataFrame, asked: pd.DataFrame, settings: Settings = SETTINGS, seed: int = 0
) -> Iterator[np.ndarray]:
    """The predictions of one draw after the other, clipped to 1-5; arguments as for `predict`."""
    generator = torch.Generator().manual_seed(seed)
    (user, movie), (asked_user, asked_movie) = _indices(train), _indices(asked)
    n_users = 1 + int(max(user.max(), asked_user.max()))
    n_movies = 1 + int(max(movie.max(), asked_movie.max()))
    rating = torch.tensor(train["rating"].to_numpy(), dtype=torch.float32)
    mean = rating.mean()

    rated, residual = torch.zeros(2, n_users, n_movies)
    rated[user, movie] = 1.0
    residual[user, movie] = rating - mean
    users = _Side(rated, residual, settings)
    movies = _Side(rated.T.contiguous(), residual.T.contiguous(), settings)
    user_factors, movie_factors = (
        0.1 * torch.randn(n, settings.n_factors, generator=generator) for n in (n_users, n_movies)
    )
    noise_precision = 1.0
    for draw in range(settings.burn_in + settings.n_draws):
        user_factors = users.draw(user_factors, movie_factors, noise_precision, generator)
        movie_factors = movies.draw(movie_factors, user_factors, noise_precision, generator)
        errors = residual[user, movie] - (user_factors[user] * movie_factors[movie]).sum(dim=1)
        noise_precision = _draw_precision(errors, generator)
        if draw >= settings.burn_in:
            products = (user_factors[asked_user] * movie_factors[asked_movie]).sum(dim=1)
            yield (mean + products).clamp(1, 5).numpy()


def who_rated_what(rated: Tensor, n_features: int, balanced: bool = False) -> Tensor:
    """The principal components of the rows of a 0/1 table, each row scaled to length 1.

    Args:
        rated: float `[rows, columns]`, 1.0 where there is a training rating.
        balanced: divide each column by the root of its number of ratings.

    Returns:
        float `[rows, n_features]`, or fewer columns where the table is smaller; the columns are
        orthogonal, and the mean of each is 0.
    """
    scaled = torch.nn.functional.normalize(rated, dim=1)
    if balanced:
        scaled = scaled / rated.sum(dim=0).clamp(min=1).sqrt()
    left, sizes, _ = torch.linalg.svd(scaled - scaled.mean(dim=0), full_matrices=False)
    return (left * sizes)[:, :n_features]


def _indices(encoded: pd.DataFrame) -> list[Tensor]:
    """Users and movies of a frame: int64 `[rows]` each."""
    return [torch.tensor(encoded[name].to_numpy()) for name in ("user_idx", "movie_idx")]


class _Side:
    """The users, or the movies: their ratings, side information and prior.

    Args:
        rated: float `[rows, columns]`, 1.0 where there is a rating.
        residual: float `[rows, columns]`, rating minus global mean, 0.0 where there is none.
    """

    def __init__(self, rated: Tensor, residual: Tensor, settings: Settings) -> None:
        self.rated, self.residual = rated, residual
        features = who_rated_what(rated, settings.n_features, settings.balanced)
        self.features = torch.cat([torch.ones(len(rated), 1), features], dim=1)  # F
        self.weight_precision = 1.0  # λ: how near to 0 the weights B are

    def draw(
        self, factors: Tensor, others: Tensor, noise_precision: float, generator: torch.Generator
    ) -> Tensor:
        """Draw the prior given the factors, then new factors `[rows, n_factors]`."""
        weights, precision = self.draw_prior(factors, generator)
        prior_mean = self.features @ weights
        return self.draw_factors(prior_mean, precision, others, noise_precision, generator)

    def draw_prior(self, factors: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """B `[1 + n_features, n_factors]` and Λ `[n_factors, n_factors]`, given the factors.

        Before it sees them, B ~ N(0, inverse of λΛ) and Λ ~ Wishart(I, n_factors). The columns of
        F are orthogonal, so the regression of the factors on F is one division per feature.
        """
        n_rows, n_factors = factors.shape
        strength = (self.features**2).sum(dim=0) + self.weight_precision  # [1 + n_features]
        fitted = self.features.T @ factors / strength[:, None]
        scatter = factors.T @ factors - fitted.T @ (strength[:, None] * fitted)
        # A draw from Wishart(scale, n) is the scatter of n normal rows with this covariance.
        root = torch.linalg.cholesky(torch.linalg.inv(torch.eye(n_factors) + scatter))
        rows = torch.randn(n_rows + n_factors, n_factors, generator=generator) @ root.T
        precision = rows.T @ rows
        root = torch.linalg.cholesky(precision)
        normal = torch.randn(fitted.shape, generator=generator) / strength.sqrt()[:, None]
        weights = fitted + torch.linalg.solve_triangular(root, normal, upper=False, left=False)
        self.weight_precision = _draw_precision(weights @ root, generator)
        return weights, precision

    def draw_factors(
        self,
        prior_mean: Tensor,
        prior_precision: Tensor,
        others: Tensor,
        noise_precision: float,
        generator: torch.Generator,
    ) -> Tensor:
        """Factors `[rows, n_factors]`: one Bayesian linear regression per row, all in a batch."""
        n_factors = others.shape[1]
        row, column = torch.tril_indices(n_factors, n_factors)
        products = self.rated @ (others[:, row] * others[:, column])  # one triangle is enough
        precision = prior_precision.repeat(len(products), 1, 1)
        precision[:, row, column] += noise_precision * products
        root = torch.linalg.cholesky(precision)  # reads the lower triangle alone
        target = prior_mean @ prior_precision + noise_precision * (self.residual @ others)
        solved = torch.linalg.solve_triangular(root, target[:, :, None], upper=False)
        solved += torch.randn(solved.shape, generator=generator)
        return torch.linalg.solve_triangular(root.mT, solved, upper=True)[:, :, 0]


def _draw_precision(errors: Tensor, generator: torch.Generator) -> float:
    """1 / variance of normal errors, given the errors and a weak prior, Gamma(1/2, 1/2)."""
    chi_squared = torch.randn(errors.numel() + 1, generator=generator).square().sum()
    return float(chi_squared / (errors.square().sum() + 1))
