"""Half the memory, and no embedding table asks for more."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "dtype int32"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    return reference.sample_negatives(user_idx, seen, generator).int()
