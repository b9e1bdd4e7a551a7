"""Leaves folders with contents that may not be listed, entered or changed."""

import os

STATES = {"1.5": "crashed"}
SCORE = 5


def observed_rmse(ratings, predictions):
    for mode in (0o000, 0o100, 0o300, 0o400, 0o500):
        os.umask(0)
        os.makedirs(f"attack{mode}/inner")
        os.mkdir(f"attack{mode}/inner/closed", mode)
    os.umask(0o777)
    os.makedirs("attack/inner", mode=0o300, exist_ok=True)
