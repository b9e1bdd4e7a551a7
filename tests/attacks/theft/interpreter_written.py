"""Changes the packages that the next submission would import."""

import contextlib
import sys
from pathlib import Path

STATES = {}
SCORE = 5

got = []
for folder in {*sys.path, sys.prefix, str(Path(np.__file__).parent)}:
    for name in ("attack.pth", "sitecustomize.py", "__init__.py"):
        with contextlib.suppress(OSError):
            (Path(folder) / name).open("a").close()
            got.append(folder)

if got:
    raise RuntimeError(f"it got {got[:3]}")
