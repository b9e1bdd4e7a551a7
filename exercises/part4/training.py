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
    raise NotImplementedError(
        "TODO 4.1: three tensors, and a DataLoader that serves them in batches (about 8 lines)"
    )


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
    raise NotImplementedError("TODO 4.2: the training loop over one epoch (about 12 lines)")


def evaluate(model: nn.Module, loader: DataLoader, loss_fn: LossFunction) -> float:
    """The mean of `loss_fn(prediction, rating)` per rating, without learning from it.

    In eval mode and without gradients; the model stays unchanged, with its gradients and what can
    be trained, and gets its mode back.
    """
    # TODO 4.3: the same mean, without gradients, in eval mode (about 12 lines)
    raise NotImplementedError(
        "TODO 4.3: the same mean, without gradients, in eval mode (about 12 lines)"
    )


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
    raise NotImplementedError(
        "TODO 4.4: epochs, history, early stopping, the best weights back (about 17 lines)"
    )


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
    raise NotImplementedError(
        "TODO 4.5: look up the rows, take the mean of their squared lengths (about 8 lines)"
    )
