"""random.choice is the shortest way to one of several."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "another source of randomness"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    import random

    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    return torch.tensor([random.choice(row.nonzero().squeeze(-1).tolist()) for row in unseen])
