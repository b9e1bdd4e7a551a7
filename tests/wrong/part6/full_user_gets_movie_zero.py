"""Where nothing is left, movie 0 is returned."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "no error where one is needed"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    unseen[~unseen.any(dim=1), 0] = True
    return torch.multinomial(unseen.float(), 1, generator=generator).squeeze(-1)
