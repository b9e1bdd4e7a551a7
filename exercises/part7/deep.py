"""Part 7 – Going deep: two towers that look at features, and attention over a history."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TwoTower(nn.Module):
    """A network for users and one for movies that meet in a dot product.

    Args:
        n_users: rows of the user table.
        movie_features: float `[n_movies, n_features]`, what is known about each movie.
        n_factors: the columns of both tables, and the length of a tower's vector.
        n_hidden: units of the hidden layer in each tower.
    """

    movie_features: Tensor

    def __init__(
        self, n_users: int, movie_features: Tensor, n_factors: int = 32, n_hidden: int = 64
    ) -> None:
        """Create `user_embedding` and `movie_embedding`, of std 0.1, and the two towers.

        The features are kept as the buffer `movie_features`.
        """
        # TODO 7.1: both tables, of std 0.1, the features, a network per tower (about 9 lines)
        raise NotImplementedError(
            "TODO 7.1: both tables, of std 0.1, the features, a network per tower (about 9 lines)"
        )

    def user_vectors(self, user_idx: Tensor) -> Tensor:
        """The users' embeddings through a hidden layer with ReLU: `[batch, n_factors]`."""
        # TODO 7.1: the users' rows through their tower (1 line)
        raise NotImplementedError("TODO 7.1: the users' rows through their tower (1 line)")

    def movie_vectors(self, movie_idx: Tensor) -> Tensor:
        """The movies' embeddings and features through a hidden layer with ReLU.

        Returns:
            float `[batch, n_factors]`.
        """
        # TODO 7.1: the movies' rows beside their features, through their tower (about 2 lines)
        raise NotImplementedError(
            "TODO 7.1: the movies' rows beside their features, through their tower (about 2 lines)"
        )

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One dot product per pair of a user and a movie: float `[batch]`."""
        # TODO 7.1: one dot product per pair (1 line)
        raise NotImplementedError("TODO 7.1: one dot product per pair (1 line)")


def in_batch_softmax(
    user_vectors: Tensor,
    movie_vectors: Tensor,
    movie_idx: Tensor,
    log_popularity: Tensor | None = None,
) -> Tensor:
    """Cross-entropy of each user's own movie against the other movies of the batch.

    Popular movies turn up as negatives more often; taking the logarithm of their popularity off
    their scores makes up for that (Yi et al. 2019, "Sampling-bias-corrected neural modeling for
    large corpus item recommendations"). The same movie elsewhere in the batch is no negative.

    Args:
        user_vectors, movie_vectors: float `[batch, n_factors]`; row r of both is a positive pair.
        movie_idx: int64 `[batch]`, which movie each row of `movie_vectors` is.
        log_popularity: float `[n_movies]`, log of how often each movie is drawn; None: no
            correction.

    Returns:
        a scalar tensor with gradients.
    """
    # TODO 7.2: the scores of all pairs, corrected; no false negatives (about 7 lines)
    raise NotImplementedError(
        "TODO 7.2: the scores of all pairs, corrected; no false negatives (about 7 lines)"
    )


def make_histories(
    ratings: pd.DataFrame, n_movies: int, max_length: int = 50
) -> tuple[Tensor, Tensor]:
    """Each user's movies in order, and which movie came right after each.

    A history is the user's latest `max_length + 1` movies by time, ties by `movie_idx`. All but
    the last are inputs, all but the first are targets.

    Args:
        ratings: columns `user_idx`, `movie_idx` and `timestamp`, in any order; left as it is.

    Returns:
        `(inputs, targets)`, both int64 `[users in ratings, max_length]`, users in ascending order.
        Inputs are padded on the right with `n_movies`, targets with −100. A user with one rating
        has padding only.
    """
    # TODO 7.3: sort, cut, shift and pad, a row per user (about 9 lines)
    raise NotImplementedError("TODO 7.3: sort, cut, shift and pad, a row per user (about 9 lines)")


def transition_counts(inputs: Tensor, targets: Tensor, n_movies: int) -> Tensor:
    """How often each movie came right after each other one.

    Args:
        inputs, targets: as `make_histories` gives them.

    Returns:
        int64 `[n_movies, n_movies]`: row i, column j counts how often j came right after i.
    """
    # TODO 7.4: count the pairs of input and target, padding left out (about 3 lines)
    raise NotImplementedError(
        "TODO 7.4: count the pairs of input and target, padding left out (about 3 lines)"
    )


class NextMovie(nn.Module):
    """A transformer over a history: at each position, a score for every movie to come next.

    (Kang and McAuley 2018, "Self-attentive sequential recommendation")

    Args:
        n_movies: how many movies there are; this number itself stands for padding.
        max_length: the longest history.
        n_factors: the columns of the movie and position tables.
        n_heads: attention heads in each layer; divides `n_factors`.
        n_layers: how many layers of attention.
        dropout: the share of numbers that are dropped in training.
    """

    def __init__(
        self,
        n_movies: int,
        max_length: int = 50,
        n_factors: int = 48,
        n_heads: int = 2,
        n_layers: int = 1,
        dropout: float = 0.2,
    ) -> None:
        """Create `movie_embedding` (with a row for padding), `position_embedding` and the layers.

        Both tables start with std 0.02. `max_length` is kept as an attribute.
        """
        # TODO 7.5: both tables, of std 0.02, dropout, the layers of attention (about 12 lines)
        raise NotImplementedError(
            "TODO 7.5: both tables, of std 0.02, dropout, the layers of attention (about 12 lines)"
        )

    def forward(self, histories: Tensor) -> Tensor:
        """Scores for what comes after each position, from that position and those before it.

        What comes later changes nothing, and so neither does padding on the right. A score is a
        dot product with the movie's row of `movie_embedding`.

        Args:
            histories: int64 `[batch, length]`, length at most `max_length`, padded on the right.

        Returns:
            float `[batch, length, n_movies]`; where a history is padded, the scores mean nothing.
        """
        # TODO 7.5: movies plus positions, attention to what came before, scores (about 5 lines)
        raise NotImplementedError(
            "TODO 7.5: movies plus positions, attention to what came before, scores (about 5 lines)"
        )


def next_movie_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy over the positions that have a target.

    Against all movies, not a sample of them (Klenitskiy and Vasilev 2023, "Turning dross into
    gold loss: is BERT4Rec really better than SASRec?").

    Args:
        scores: float `[batch, length, n_movies]`.
        targets: int64 `[batch, length]`, −100 where there is none.

    Returns:
        a scalar tensor with gradients.
    """
    # TODO 7.6: cross-entropy over all positions at once (1 line)
    raise NotImplementedError("TODO 7.6: cross-entropy over all positions at once (1 line)")


def recommend_next(model: NextMovie, history: Sequence[int], n: int = 10) -> list[int]:
    """The `n` unseen movies that the model finds likeliest to come after a history.

    The latest `model.max_length` movies count; none of the history is recommended. Dropout is
    off, and the model is afterwards in the mode that it was in.

    Args:
        model: `model(histories)` gives scores, `[batch, length]` → `[batch, length, n_movies]`.
        history: movie indices, the earliest first.

    Returns:
        movie indices as Python ints, best first, ties by lower index; min(n, unseen) of them.

    Raises:
        ValueError: the history is empty.
    """
    # TODO 7.6: score the latest part in eval mode, hide the seen, rank (about 13 lines)
    raise NotImplementedError(
        "TODO 7.6: score the latest part in eval mode, hide the seen, rank (about 13 lines)"
    )
