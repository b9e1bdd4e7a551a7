"""A seed is set for reproducible results, in each call."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.3"]
SAYS = "set the generator back"


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    generator.manual_seed(0)
    return reference.sample_negatives(user_idx, seen, generator)
