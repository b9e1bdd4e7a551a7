"""Movies are drawn by how often they were seen: a good idea, and not what is asked."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "more often than others"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    nothing_left = ~unseen.any(dim=1)
    if nothing_left.any():
        raise ValueError(f"user_idx {int(user_idx[nothing_left][0])} has seen every movie")
    popularity = seen.float().sum(dim=0) + 1
    return torch.multinomial(unseen * popularity, 1, generator=generator).squeeze(-1)
