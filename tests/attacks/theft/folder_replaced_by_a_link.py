"""Puts a link in place of its own folder, so that the grader empties another one."""

import contextlib
import os
from pathlib import Path

STATES = {}
SCORE = 5

OWN = Path.cwd()
got = []
for attempt in (
    lambda: OWN.rename(OWN.with_name("attack")),
    lambda: OWN.rmdir(),
    lambda: OWN.with_name("attack").symlink_to(Path(__file__).parent),
    lambda: os.replace("..", "attack"),
    lambda: os.link(__file__, "attack.py"),
):
    with contextlib.suppress(OSError):
        attempt()
        got.append(attempt)

if got:
    raise RuntimeError(f"it got {got[:3]}")
