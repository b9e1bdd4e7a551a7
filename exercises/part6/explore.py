"""Part 6 – What the model learned, and what comes next."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.nn import functional as F


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    """The `k` movies whose factors point most in the same direction (cosine).

    Args:
        movie_factors: float `[n_movies, n_factors]`, perhaps a table in training; left as it is.
            A movie whose factors are all 0 has a cosine of 0 to every other.

    Returns:
        movie indices as Python ints, best first, without the movie itself: min(k, n_movies − 1).
    """
    # TODO 6.1: the cosine to every movie, without the movie itself, the k best (about 4 lines)
    raise NotImplementedError(
        "TODO 6.1: the cosine to every movie, without the movie itself, the k best (about 4 lines)"
    )


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    """How well the factors tell one genre: 0.5 is guessing, 1.0 is perfect.

    Mean ROC AUC of a logistic regression on standardised factors over scikit-learn's 5 stratified
    folds, shuffled with `seed`; the scaling is learned on each fold's training part alone.

    Args:
        movie_factors: float `[n_movies, n_factors]`.
        has_genre: bool array `[n_movies]`.
    """
    # TODO 6.2: a pipeline, five stratified folds, the mean ROC AUC (about 4 lines)
    raise NotImplementedError(
        "TODO 6.2: a pipeline, five stratified folds, the mean ROC AUC (about 4 lines)"
    )


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    """For each row a movie that its user has not seen, every such movie equally likely.

    Args:
        user_idx: int64 `[batch]`.
        seen: bool `[n_users, n_movies]`.
        generator: the source of all randomness.

    Returns:
        movie indices, int64 `[batch]`.

    Raises:
        ValueError: a user has seen every movie; the message names the user.
    """
    # TODO 6.3: draw one unseen movie per row, uniformly (about 8 lines)
    raise NotImplementedError("TODO 6.3: draw one unseen movie per row, uniformly (about 8 lines)")


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    """Bayesian personalised ranking: the mean of −log σ(positive − negative).

    Stable for differences of any size.
    (Rendle et al. 2009, "BPR: Bayesian Personalized Ranking from Implicit Feedback")

    Args:
        positive, negative: float `[batch]`, scores of liked and of drawn, unseen movies.

    Returns:
        a scalar tensor with gradients.
    """
    # TODO 6.3: the mean negative log-sigmoid of the difference (1 line)
    raise NotImplementedError("TODO 6.3: the mean negative log-sigmoid of the difference (1 line)")


class HybridMatrixFactorization(nn.Module):
    """Matrix factorization that also knows genres, so that a movie without ratings has factors.

    A movie's factors are its own embedding plus the sum of its genres' embeddings.

    Args:
        n_users: rows of the user table.
        genres: bool `[n_movies, n_genres]`.
        n_factors: how many numbers describe each user, movie and genre.
    """

    genres: Tensor

    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        """Create `user_embedding`, `movie_embedding` and `genre_embedding`, all of std 0.1.

        The genres are kept as a buffer.
        """
        # TODO 6.4: three small embedding tables, and the genres kept (about 7 lines)
        raise NotImplementedError(
            "TODO 6.4: three small embedding tables, and the genres kept (about 7 lines)"
        )

    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        """A movie's own embedding plus the sum of its genres': `[batch, n_factors]`."""
        # TODO 6.4: own embedding plus genre flags times genre embeddings (about 2 lines)
        raise NotImplementedError(
            "TODO 6.4: own embedding plus genre flags times genre embeddings (about 2 lines)"
        )

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One dot product per pair of a user and a movie: float `[batch]`."""
        # TODO 6.4: one dot product per pair (1 line)
        raise NotImplementedError("TODO 6.4: one dot product per pair (1 line)")


def train_bpr_epoch(
    model: nn.Module,
    user_idx: Tensor,
    movie_idx: Tensor,
    seen: Tensor,
    optimizer: torch.optim.Optimizer,
    generator: torch.Generator,
    batch_size: int = 1024,
    l2: float = 0.0,
) -> float:
    """Train for one pass over liked pairs, each beside a fresh negative; one step per batch.

    A step is on the batch's BPR loss plus `l2` times the mean, over its pairs, of the squared
    lengths of the three embedding rows that a pair uses: the user's, the liked movie's and the
    negative's. Biases, where the model has them, are not penalised.

    Args:
        model: scores pairs as `model(user_idx, movie_idx)`; has `user_embedding` and
            `movie_embedding`. It is in training mode while it learns.
        user_idx, movie_idx: int64 `[likes]`, who liked what.
        seen: bool `[n_users, n_movies]`, what is never drawn as a negative.
        generator: the source of all randomness, the order of the pairs included.

    Returns:
        the mean BPR loss per pair, without the penalty.
    """
    # TODO 6.5: a new order; per batch negatives, loss, penalty, step; the mean (about 15 lines)
    raise NotImplementedError(
        "TODO 6.5: a new order; per batch negatives, loss, penalty, step; the mean (about 15 lines)"
    )
