"""The error names the first user of the batch, not the one who has seen everything."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "an error that does not name the value"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[0])} has seen every movie")
    return torch.multinomial(unseen.float(), 1, generator=generator).squeeze(-1)
