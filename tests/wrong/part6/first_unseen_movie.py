"""argmax finds an unseen movie, always the first."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "every row of a user got the same movie"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    torch.rand(1, generator=generator)
    return unseen.int().argmax(dim=1)
