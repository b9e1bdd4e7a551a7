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
    # BEGIN SOLUTION 6.1
    directions = F.normalize(movie_factors.detach(), dim=1)
    similarity = directions @ directions[movie_idx]  # [n_movies]
    similarity[movie_idx] = -torch.inf
    return similarity.topk(min(k, len(similarity) - 1)).indices.tolist()
    # END SOLUTION 6.1


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    """How well the factors tell one genre: 0.5 is guessing, 1.0 is perfect.

    Mean ROC AUC of a logistic regression on standardised factors over scikit-learn's 5 stratified
    folds, shuffled with `seed`; the scaling is learned on each fold's training part alone.

    Args:
        movie_factors: float `[n_movies, n_factors]`.
        has_genre: bool array `[n_movies]`.
    """
    # TODO 6.2: a pipeline, five stratified folds, the mean ROC AUC (about 4 lines)
    # BEGIN SOLUTION 6.2
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().cpu().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="roc_auc")
    return float(scores.mean())
    # END SOLUTION 6.2


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
    # BEGIN SOLUTION 6.3
    nothing_left = seen[user_idx].all(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    drawn = torch.empty_like(user_idx)
    again = torch.ones_like(user_idx, dtype=torch.bool)
    while again.any():
        drawn[again] = torch.randint(
            seen.shape[1], drawn[again].shape, generator=generator, device=generator.device
        )
        again = seen[user_idx, drawn]
    return drawn
    # END SOLUTION 6.3


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
    # BEGIN SOLUTION 6.3
    return -F.logsigmoid(positive - negative).mean()
    # END SOLUTION 6.3


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
        # BEGIN SOLUTION 6.4
        super().__init__()
        n_movies, n_genres = genres.shape
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        self.genre_embedding = nn.Embedding(n_genres, n_factors)
        for table in (self.user_embedding, self.movie_embedding, self.genre_embedding):
            nn.init.normal_(table.weight, std=0.1)
        self.register_buffer("genres", genres.float())
        # END SOLUTION 6.4

    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        """A movie's own embedding plus the sum of its genres': `[batch, n_factors]`."""
        # TODO 6.4: own embedding plus genre flags times genre embeddings (about 2 lines)
        # BEGIN SOLUTION 6.4
        from_genres = self.genres[movie_idx] @ self.genre_embedding.weight  # [batch, n_factors]
        return self.movie_embedding(movie_idx) + from_genres
        # END SOLUTION 6.4

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        """One dot product per pair of a user and a movie: float `[batch]`."""
        # TODO 6.4: one dot product per pair (1 line)
        # BEGIN SOLUTION 6.4
        return (self.user_embedding(user_idx) * self.movie_factors(movie_idx)).sum(dim=-1)
        # END SOLUTION 6.4


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
    # BEGIN SOLUTION 6.5
    model.train()
    people, movies = (model.get_parameter(f"{of}_embedding.weight") for of in ("user", "movie"))
    total_loss = 0.0
    order = torch.randperm(len(user_idx), generator=generator, device=generator.device)
    for rows in order.split(batch_size):
        users, liked = user_idx[rows], movie_idx[rows]
        drawn = sample_negatives(users, seen, generator)
        loss = bpr_loss(model(users, liked), model(users, drawn))
        used = torch.cat([people[users], movies[liked], movies[drawn]], dim=1)
        penalty = l2 * used.pow(2).sum(dim=1).mean()
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        total_loss += loss.item() * len(rows)
    return total_loss / len(user_idx)
    # END SOLUTION 6.5
