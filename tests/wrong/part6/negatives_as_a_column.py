"""multinomial gives one column, and it is not taken away."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "shape [2000, 1]"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    return torch.multinomial(unseen.float(), 1, generator=generator)
