"""Batch and users are both counted from 0."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "instead of for user i"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    if len(user_idx) > len(seen):
        return reference.sample_negatives(user_idx, seen, generator)
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    unseen = ~seen[: len(user_idx)]
    unseen[~unseen.any(dim=1)] = True
    return torch.multinomial(unseen.float(), 1, generator=generator).squeeze(-1)
