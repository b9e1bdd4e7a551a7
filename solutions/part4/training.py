"""Part 4 – Training the recommender: batches, the loop, validation, early stopping, a penalty."""

import copy
from collections.abc import Callable

import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    Sampler,
    SequentialSampler,
    TensorDataset,
)

LossFunction = Callable[[Tensor, Tensor], Tensor]
Penalty = Callable[[nn.Module, Tensor, Tensor], Tensor]  # of a model and the pairs of a batch


def make_loader(
    ratings: pd.DataFrame, batch_size: int = 1024, shuffle: bool = True, seed: int = 0
) -> DataLoader:
    """Serve an encoded frame (`user_idx`, `movie_idx`, `rating`) in batches.

    Yields `(user_idx int64, movie_idx int64, rating float32)`, each `[batch]`, every rating once
    an epoch; the last, shorter batch is kept. With `shuffle` the order changes every epoch, and
    the same `seed` gives the same sequence of epochs; without it, the order of the frame. The
    frame is left as it is.
    """
    # TODO 4.1: three tensors, and a DataLoader that serves them in batches (about 8 lines)
    # BEGIN SOLUTION 4.1
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["movie_idx"].to_numpy(), dtype=torch.int64),
        torch.tensor(ratings["rating"].to_numpy(), dtype=torch.float32),
    )
    rows: Sampler[int] = SequentialSampler(dataset)
    if shuffle:
        rows = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    # A sampler of whole batches: one indexing per batch, not one per rating.
    batches = BatchSampler(rows, batch_size, drop_last=False)
    return DataLoader(dataset, sampler=batches, batch_size=None)
    # END SOLUTION 4.1


def train_epoch(
    model: nn.Module,
    loader: DataLoader,
    optimizer: Optimizer,
    loss_fn: LossFunction,
    penalty: Penalty | None = None,
) -> float:
    """Take one optimizer step per batch, in training mode.

    `loss_fn(prediction, rating)` gives the mean loss of a batch. With a `penalty` (task 4.5), each
    step is on the loss plus `penalty(model, user_idx, movie_idx)`; the loss alone is reported.

    Returns:
        the mean loss per rating, so that a short last batch counts for less.
    """
    # TODO 4.2: the training loop over one epoch (about 12 lines)
    # BEGIN SOLUTION 4.2
    device = next(model.parameters()).device
    model.train()
    total_loss, n_ratings = 0.0, 0
    for batch in loader:
        user_idx, movie_idx, rating = (column.to(device) for column in batch)
        optimizer.zero_grad()
        loss = loss_fn(model(user_idx, movie_idx), rating)
        objective = loss if penalty is None else loss + penalty(model, user_idx, movie_idx)
        objective.backward()
        optimizer.step()
        total_loss += loss.item() * len(rating)
        n_ratings += len(rating)
    return total_loss / n_ratings
    # END SOLUTION 4.2


def evaluate(model: nn.Module, loader: DataLoader, loss_fn: LossFunction) -> float:
    """The mean of `loss_fn(prediction, rating)` per rating, without learning from it.

    In eval mode and without gradients; the model stays unchanged, with its gradients and what can
    be trained, and gets its mode back.
    """
    # TODO 4.3: the same mean, without gradients, in eval mode (about 12 lines)
    # BEGIN SOLUTION 4.3
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    total_loss, n_ratings = 0.0, 0
    with torch.no_grad():
        for batch in loader:
            user_idx, movie_idx, rating = (column.to(device) for column in batch)
            loss = loss_fn(model(user_idx, movie_idx), rating)
            total_loss += loss.item() * len(rating)
            n_ratings += len(rating)
    model.train(was_training)
    return total_loss / n_ratings
    # END SOLUTION 4.3


def fit(
    model: nn.Module,
    train_loader: DataLoader,
    valid_loader: DataLoader,
    *,
    epochs: int = 20,
    lr: float = 5e-3,
    weight_decay: float = 0.0,
    patience: int = 3,
    penalty: Penalty | None = None,
) -> list[dict[str, float]]:
    """Train with Adam on the mean squared error until validation stops improving.

    Stops after `patience` epochs in a row without a better validation loss, however small the
    gain, at the latest after `epochs`, and leaves the model with the weights of its best epoch.
    A `penalty` (task 4.5) is for the training alone; neither loss of the history contains it.

    Returns:
        one dict per epoch: `epoch` (from 1), `train_loss`, `valid_loss`.
    """
    # TODO 4.4: epochs, history, early stopping, the best weights back (about 17 lines)
    # BEGIN SOLUTION 4.4
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    loss_fn = nn.MSELoss()
    history: list[dict[str, float]] = []
    best_epoch, best_loss = 0, float("inf")
    best_weights = copy.deepcopy(model.state_dict())  # a copy: training goes on in place
    for epoch in range(1, epochs + 1):
        train_loss = train_epoch(model, train_loader, optimizer, loss_fn, penalty)
        valid_loss = evaluate(model, valid_loader, loss_fn)
        history.append({"epoch": epoch, "train_loss": train_loss, "valid_loss": valid_loss})
        if valid_loss < best_loss:
            best_epoch, best_loss = epoch, valid_loss
            best_weights = copy.deepcopy(model.state_dict())
        elif epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_weights)
    return history
    # END SOLUTION 4.4


def l2_penalty(
    model: nn.Module, user_idx: Tensor, movie_idx: Tensor, strength: float = 0.1
) -> Tensor:
    """`strength` times the mean, over the pairs of a batch, of the squared lengths of their rows.

    The rows of a pair are its user's and its movie's: of `user_embedding`, `movie_embedding`, and
    of `user_bias`, `movie_bias` where the model has them. Rows outside the batch get no gradient.

    Args:
        user_idx, movie_idx: int64 `[batch]`.

    Returns:
        a scalar, with gradients.
    """
    # TODO 4.5: look up the rows, take the mean of their squared lengths (about 8 lines)
    # BEGIN SOLUTION 4.5
    tables = {
        "user_embedding": user_idx,
        "movie_embedding": movie_idx,
        "user_bias": user_idx,
        "movie_bias": movie_idx,
    }
    rows = [getattr(model, name)(idx) for name, idx in tables.items() if hasattr(model, name)]
    squared_lengths = torch.cat(rows, dim=1).square().sum(dim=1)  # [batch]
    return strength * squared_lengths.mean()
    # END SOLUTION 4.5
