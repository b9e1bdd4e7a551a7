"""Returns tensors that repeat one number, and that are negative only once they are read."""

import torch

STATES = {"1.2": "memory", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return torch.ones(1).expand(10**6, 10**6)


def observed_rmse(ratings, predictions):
    return torch._neg_view(torch.ones(3))
