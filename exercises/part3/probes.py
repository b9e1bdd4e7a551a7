"""What the checks of part 3 look at, beside the student's code."""

from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn


def forward(
    module: ModuleType,
    user_factors: np.ndarray,
    movie_factors: np.ndarray,
    user_idx: list[int],
    movie_idx: list[int],
) -> Any:
    """model(user_idx={user_idx}, movie_idx={movie_idx})"""
    model = module.MatrixFactorization(len(user_factors), len(movie_factors), user_factors.shape[1])
    fill(model.user_embedding, user_factors)
    fill(model.movie_embedding, movie_factors)
    return model(torch.tensor(user_idx), torch.tensor(movie_idx))


def fill(table: nn.Embedding, values: np.ndarray) -> None:
    """Give an embedding table the values that the check knows."""
    with torch.no_grad():
        table.weight.copy_(torch.from_numpy(values))
