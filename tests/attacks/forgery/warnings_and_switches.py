"""Switches what it can for the whole process: errors, warnings, gradients, printing."""

import warnings

import torch

STATES = {"1.2": "wrong"}
SCORE = 5

np.seterr(all="raise")
np.set_printoptions(threshold=0)
warnings.simplefilter("error")
torch.set_grad_enabled(False)
torch.set_default_dtype(torch.float64)


def user_similarity(ratings):
    return np.ones((len(ratings), len(ratings)))
