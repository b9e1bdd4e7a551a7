"""Rewrites the file that was handed in, for the next process to load."""

import contextlib
import os

STATES = {}
SCORE = 5

got = []
for attempt in (
    lambda: open(__file__, "a").close(),
    lambda: os.unlink(__file__),
    lambda: os.rename(__file__, "attack"),
    lambda: os.symlink("attack", os.path.join(os.path.dirname(__file__), "attack.py")),
):
    with contextlib.suppress(OSError):
        attempt()
        got.append(attempt)

if got:
    raise RuntimeError(f"it did {len(got)} of these")
