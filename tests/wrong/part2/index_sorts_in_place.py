"""sort() sorts without a copy: also the list of whoever called."""

import numpy as np

from solutions.part2.dataset import *

FAILS = ["2.3"]
SAYS = "the caller's own data"


def build_index(ids):
    if not isinstance(ids, list):
        ids = np.array(ids).tolist()
    ids.sort()
    return {raw_id: idx for idx, raw_id in enumerate(dict.fromkeys(ids))}
