"""The unseen movie with the largest random key; log of a sum of exponentials as the loss."""

from solutions.part6.explore import *


def sample_negatives(user_idx, seen, generator):
    taken = seen[user_idx]
    if bool(taken.all(1).any()):
        user = user_idx[taken.all(1)].tolist()
        raise ValueError(f"these users have seen everything: {user}")
    keys = torch.rand(taken.shape, generator=generator, dtype=torch.float64)
    return keys.masked_fill(taken, -1).argmax(dim=1)


def bpr_loss(positive, negative):
    gap = negative - positive
    return torch.logsumexp(torch.stack([torch.zeros_like(gap), gap]), dim=0).mean()
