"""Only what no user of the batch has seen is drawn."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "only what nobody in the batch has seen"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    return torch.multinomial(nobody(unseen).float(), 1, generator=generator).squeeze(-1)


def nobody(unseen: Tensor) -> Tensor:
    """What nobody has seen; where there is no such movie, what each has not."""
    common = unseen.all(dim=0)
    return common.expand_as(unseen) if common.any() else unseen
