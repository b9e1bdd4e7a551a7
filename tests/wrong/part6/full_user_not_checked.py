"""multinomial complains itself, about probabilities."""

from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "wrong kind of error"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = ~seen[user_idx]
    return torch.multinomial(unseen.float(), 1, generator=generator).squeeze(-1)
