"""The upper end of a range is left out once more."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "some unseen movies are never drawn"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    unseen[unseen.sum(dim=1) > 1, unseen.int().flip(1).argmax(dim=1).neg().sub(1)[0]] &= False
    unseen[~unseen.any(dim=1)] = ~seen[user_idx][~unseen.any(dim=1)]
    return torch.multinomial(unseen.float(), 1, generator=generator).squeeze(-1)
