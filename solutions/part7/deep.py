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
        # BEGIN SOLUTION 7.1
        super().__init__()
        n_movies, n_features = movie_features.shape
        self.register_buffer("movie_features", movie_features)
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        for table in (self.user_embedding, self.movie_embedding):
            nn.init.normal_(table.weight, std=0.1)
        self.user_tower = nn.Sequential(
            nn.Linear(n_factors, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_factors)
        )
        self.movie_tower = nn.Sequential(
            nn.Linear(n_factors + n_features, n_hidden), nn.ReLU(), nn.Linear(n_hidden, n_factors)
        )
        # END SOLUTION 7.1

    def user_vectors(self, user_idx: Tensor) -> Tensor:
        """The users' embeddings through a hidden layer with ReLU: `[batch, n_factors]`."""
        # TODO 7.1: the users' rows through their tower (1 line)
        # BEGIN SOLUTION 7.1
        return self.user_tower(self.user_embedding(user_idx))
        # END SOLUTION 7.1

    def movie_vectors(self, movie_idx: Tensor) -> Tensor:
        """The movies' embeddings and features through a hidden layer with ReLU.

        Returns:
            float `[batch, n_factors]`.
        """
        # TODO 7.1: the movies' rows beside their features, through their tower (about 2 lines)
        # BEGIN SOLUTION 7.1
        known = torch.cat([self.movie_embedding(movie_idx), self.movie_features[movie_idx]], dim=-1)
        return self.movie_tower(known)  # [batch, n_factors + n_features] → [batch, n_factors]
        # END SOLUTION 7.1

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One dot product per pair of a user and a movie: float `[batch]`."""
        # TODO 7.1: one dot product per pair (1 line)
        # BEGIN SOLUTION 7.1
        return (self.user_vectors(user_idx) * self.movie_vectors(movie_idx)).sum(dim=-1)
        # END SOLUTION 7.1


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
    # BEGIN SOLUTION 7.2
    scores = user_vectors @ movie_vectors.T  # [batch, batch]; the positives on the diagonal
    if log_popularity is not None:
        scores = scores - log_popularity[movie_idx]  # one number per column
    rows = torch.arange(len(movie_idx), device=movie_idx.device)
    same_movie = movie_idx[:, None] == movie_idx
    false_negative = same_movie & (rows[:, None] != rows)
    return F.cross_entropy(scores.masked_fill(false_negative, -torch.inf), rows)
    # END SOLUTION 7.2


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
    # BEGIN SOLUTION 7.3
    ordered = ratings.sort_values(["user_idx", "timestamp", "movie_idx"])
    histories = [movies.to_numpy() for _, movies in ordered.groupby("user_idx")["movie_idx"]]
    inputs = torch.full((len(histories), max_length), n_movies)
    targets = torch.full_like(inputs, -100)
    for row, movies in enumerate(histories):
        latest = torch.tensor(movies[-(max_length + 1) :])
        inputs[row, : len(latest) - 1] = latest[:-1]
        targets[row, : len(latest) - 1] = latest[1:]
    return inputs, targets
    # END SOLUTION 7.3


def transition_counts(inputs: Tensor, targets: Tensor, n_movies: int) -> Tensor:
    """How often each movie came right after each other one.

    Args:
        inputs, targets: as `make_histories` gives them.

    Returns:
        int64 `[n_movies, n_movies]`: row i, column j counts how often j came right after i.
    """
    # TODO 7.4: count the pairs of input and target, padding left out (about 3 lines)
    # BEGIN SOLUTION 7.4
    has_target = targets != -100
    pairs = inputs[has_target] * n_movies + targets[has_target]
    return pairs.bincount(minlength=n_movies**2).view(n_movies, n_movies)
    # END SOLUTION 7.4


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
        # BEGIN SOLUTION 7.5
        super().__init__()
        self.max_length = max_length
        self.movie_embedding = nn.Embedding(n_movies + 1, n_factors)
        self.position_embedding = nn.Embedding(max_length, n_factors)
        for table in (self.movie_embedding, self.position_embedding):
            nn.init.normal_(table.weight, std=0.02)
        layer = nn.TransformerEncoderLayer(
            n_factors, n_heads, 4 * n_factors, dropout, batch_first=True, norm_first=True
        )
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.TransformerEncoder(
            layer, n_layers, norm=nn.LayerNorm(n_factors), enable_nested_tensor=False
        )
        # END SOLUTION 7.5

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
        # BEGIN SOLUTION 7.5
        positions = torch.arange(histories.shape[1], device=histories.device)
        later = positions > positions[:, None]  # [length, length]: what a row must not look at
        hidden = self.dropout(self.movie_embedding(histories) + self.position_embedding(positions))
        hidden = self.layers(hidden, mask=later)  # [batch, length, n_factors]
        return hidden @ self.movie_embedding.weight[:-1].T  # without the padding's row
        # END SOLUTION 7.5


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
    # BEGIN SOLUTION 7.6
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=-100)
    # END SOLUTION 7.6


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
    # BEGIN SOLUTION 7.6
    if len(history) == 0:
        raise ValueError("history is empty: without a movie nothing comes next")
    device = next(model.parameters()).device
    latest = torch.tensor([history[-model.max_length :]], device=device)  # a batch of one
    was_training = model.training
    model.eval()
    with torch.no_grad():
        scores = model(latest)[0, -1]  # [n_movies]
    model.train(was_training)
    seen = list(set(history))
    scores[seen] = -torch.inf
    best_first = scores.argsort(descending=True, stable=True)
    return best_first[: min(n, len(scores) - len(seen))].tolist()
    # END SOLUTION 7.6
