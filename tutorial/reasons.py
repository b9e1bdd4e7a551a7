"""Lists from what somebody likes, each title with the liked movies that it comes from.

A known user and a newcomer are treated alike: `fold_in` (task 5.4) finds one vector for them, by
ridge regression from the factors of the liked movies to the same score for each. Its solution is
linear in these scores, so what a movie gets is its bias plus one contribution per liked movie, and
nothing else. A reason is therefore a part of the score. It is no experiment: had a movie not been
liked, the contributions of the others would also be different. And it says what the model does, not
why a person would like the movie.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tutorial.code import Code
from tutorial.experiment import movie_factors

# Chosen on a tenth of the training ratings. Lists are as good as from the vectors of the training.
TARGET = 2.0  # the score above its bias that each liked movie is to get
REGULARIZATION = 10.0


@dataclass(frozen=True)
class Suggestion:
    """A movie of a list, by index."""

    movie_idx: int
    score: float
    because: list[int]
    """The liked movies that contribute most, most first; none with a contribution of 0 or less."""


def suggest(
    code: Code,
    model: nn.Module,
    liked: Sequence[int],
    seen: Collection[int],
    n: int = 10,
    n_reasons: int = 2,
) -> list[Suggestion]:
    """The best movies for somebody, best first, ties by lower index.

    Args:
        model: trained to rank; with `movie_embedding`, and perhaps `movie_bias`.
        liked: indices of movies; without any, the list is that of the biases.
        seen: indices of movies that the list must not contain; liked ones never are in it.

    Returns:
        min(n, what is left) movies.
    """
    scores = score_from_likes(code, model, liked)
    scores[list({*seen, *liked})] = -torch.inf
    best = scores.argsort(descending=True, stable=True)[:n]
    best = best[scores[best] > -torch.inf]
    shares = contributions(model, liked, best)
    strongest = shares.argsort(dim=0, descending=True, stable=True)[:n_reasons]  # [reasons, n]
    return [
        Suggestion(
            movie_idx=movie,
            score=float(scores[movie]),
            because=[liked[row] for row in strongest[:, place].tolist() if shares[row, place] > 0],
        )
        for place, movie in enumerate(best.tolist())
    ]


def score_from_likes(code: Code, model: nn.Module, liked: Sequence[int]) -> Tensor:
    """What every movie gets from somebody who likes some: float `[n_movies]`."""
    factors = movie_factors(model)
    targets = torch.full((len(liked),), TARGET)
    vector = code.recommend.fold_in(factors[list(liked)], targets, REGULARIZATION)
    return factors @ vector + _biases(model)


def contributions(model: nn.Module, liked: Sequence[int], movies: Tensor) -> Tensor:
    """How much each liked movie gives to the scores of others, beside their biases.

    Args:
        liked: indices.
        movies: indices, int64 `[m]`.

    Returns:
        float `[len(liked), m]`; the sum over the liked is the score without the bias.
    """
    factors = movie_factors(model)
    known = factors[list(liked)]
    gram = known.T @ known + REGULARIZATION * torch.eye(known.shape[1])
    return TARGET * known @ torch.linalg.solve(gram, factors[movies].T)


def _biases(model: nn.Module) -> Tensor:
    if not hasattr(model, "movie_bias"):
        return torch.zeros(len(movie_factors(model)))
    return model.movie_bias.weight.detach()[:, 0]  # type: ignore[union-attr, operator]
