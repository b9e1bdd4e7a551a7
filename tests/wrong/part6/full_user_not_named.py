"""Somebody has seen everything; who is not said."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "does not name the value"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    if seen[user_idx].all(dim=1).any():
        raise ValueError("a user has seen every movie")
    return reference.sample_negatives(user_idx, seen, generator)
