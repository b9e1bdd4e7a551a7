"""Asks torch for 64 GB of zeros."""

import torch

STATES = {"1.5": "memory"}
SCORE = 5


def observed_rmse(ratings, predictions):
    return torch.zeros(64 << 30, dtype=torch.uint8).sum().item()
