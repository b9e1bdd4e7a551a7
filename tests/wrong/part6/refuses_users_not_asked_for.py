"""Any user who has seen everything is refused, also one who is not in the batch."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "ValueError"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    if seen.all(dim=1).any():
        raise ValueError(f"user {int(seen.all(dim=1).nonzero()[0])} has seen every movie")
    return reference.sample_negatives(user_idx, seen, generator)
