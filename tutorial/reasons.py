"""Why a movie is in a list: the liked movies that it comes from, or the latest ones.

A known user and a newcomer are treated alike: `fold_in` (task 5.4) finds one vector for them, by
ridge regression from the factors of the liked movies to the same score for each. Its solution is
linear in these scores, so what a movie gets is its bias plus one contribution per liked movie, and
nothing else. A reason is therefore a part of the score. It is no experiment: had a movie not been
liked, the contributions of the others would also be different. And it says what the model does, not
why a person would like the movie.

A network over a history has no such sum. There the reason is an experiment: `because_of_latest`
takes out one movie at a time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tutorial.code import Code
from tutorial.experiment import movie_factors

# Chosen on a tenth of the training ratings, for histories of all lengths and for five likes.
TARGET = 3.0  # the score above its bias that each liked movie is to get
REGULARIZATION = 0.4  # per liked movie, as the penalty in training is per pair

LATEST = 10  # movies of a history that can be a reason


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
    because = because_of_likes(code, model, liked, best.tolist(), n_reasons)
    return list(map(Suggestion, best.tolist(), scores[best].tolist(), because))


class FoldedIn(nn.Module):
    """One user's model, folded in; it scores movies for whoever's index it is given.

    What `score_movies` and `recommend` of part 5 take as a model.
    """

    def __init__(self, code: Code, model: nn.Module, liked: Sequence[int]) -> None:
        super().__init__()
        self.movie_embedding = model.movie_embedding
        self.scores = score_from_likes(code, model, liked)

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return self.scores[movie_idx]


def score_from_likes(code: Code, model: nn.Module, liked: Sequence[int]) -> Tensor:
    """What every movie gets from somebody who likes some: float `[n_movies]`."""
    factors = movie_factors(model)
    targets = torch.full((len(liked),), TARGET)
    vector = code.recommend.fold_in(factors[list(liked)], targets, _penalty(liked))
    return factors @ vector + _biases(model)


def because_of_likes(
    code: Code, model: nn.Module, liked: Sequence[int], movies: Sequence[int], n_reasons: int = 2
) -> list[list[int]]:
    """The liked movies that contribute most to each movie, most first; none without a gain."""
    wanted = torch.tensor(movies, dtype=torch.int64)
    return strongest(contributions(code, model, liked, wanted), liked, n_reasons)


def contributions(code: Code, model: nn.Module, liked: Sequence[int], movies: Tensor) -> Tensor:
    """How much each liked movie gives to the scores of others, beside their biases.

    Args:
        liked: indices.
        movies: indices, int64 `[m]`.

    Returns:
        float `[len(liked), m]`; the sum over the liked is the score without the bias.
    """
    factors = movie_factors(model)
    known, penalty = factors[list(liked)], _penalty(liked)
    alone = TARGET * torch.eye(len(liked))  # each liked movie as if the others were to get 0
    vectors = [code.recommend.fold_in(known, targets, penalty) for targets in alone]
    return torch.stack(vectors) @ factors[movies].T if vectors else torch.empty(0, len(movies))


def because_of_latest(
    model: nn.Module, history: Sequence[int], movies: Sequence[int], n_reasons: int = 2
) -> list[list[int]]:
    """The latest movies without which a model of histories would expect each movie least.

    Each of the latest `LATEST` movies is taken out in turn; what counts is how far the logarithm
    of the movie's chance falls.

    Args:
        model: gives `[histories, length, n_movies]`, and has `max_length`.
        history, movies: indices.

    Returns:
        for each of `movies` up to `n_reasons` indices, first the one that matters most; none
        where the chance does not fall, as in a history of one movie.
    """
    window = list(history)[-model.max_length :]  # type: ignore[operator]
    places = range(max(len(window) - LATEST, 0), len(window) if len(window) > 1 else 0)
    wanted = torch.tensor(movies, dtype=torch.int64)

    def log_chances(histories: list[list[int]]) -> Tensor:
        with torch.no_grad():
            return model(torch.tensor(histories))[:, -1].log_softmax(dim=-1)[:, wanted]

    if not places:
        return [[] for _ in movies]
    without = log_chances([window[:place] + window[place + 1 :] for place in places])
    falls = log_chances([window]) - without  # [places, movies]
    return strongest(falls, [window[place] for place in places], n_reasons)


def strongest(gains: Tensor, reasons: Sequence[int], n: int) -> list[list[int]]:
    """Per column up to `n` of the reasons, which are its rows: largest first, if above 0."""
    order = gains.argsort(dim=0, descending=True, stable=True)[:n]
    return [
        [reasons[row] for row in order[:, column].tolist() if gains[row, column] > 0]
        for column in range(gains.shape[1])
    ]


def _penalty(liked: Sequence[int]) -> float:
    return REGULARIZATION * max(len(liked), 1)  # without likes, too, there is one solution


def _biases(model: nn.Module) -> Tensor:
    if not hasattr(model, "movie_bias"):
        return torch.zeros(len(movie_factors(model)))
    return model.movie_bias.weight.detach()[:, 0]  # type: ignore[union-attr, operator]
