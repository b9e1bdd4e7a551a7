"""Returns tensors that hold no data, or none that numpy knows."""

import torch

STATES = {"1.2": "wrong", "1.5": "wrong"}
SCORE = 5


def user_similarity(ratings):
    return torch.ones(len(ratings), len(ratings), device="meta")


def observed_rmse(ratings, predictions):
    return torch.eye(3).to_sparse()
