"""Returns tensors of numbers with few bits, and with gradients."""

import torch

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return torch.ones(len(ratings), len(ratings), dtype=torch.bfloat16, requires_grad=True)


def observed_rmse(ratings, predictions):
    return torch.quantize_per_tensor(torch.ones(1), 0.1, 0, torch.quint8)
