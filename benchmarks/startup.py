"""Cold `pytest exercises/partN` on the solutions against the bare imports that the part needs, as
whole processes: `python -m benchmarks.startup`.

Runs alternate, and the fastest of each counts. "Bare" is `python -c` with the listed imports. Part
1 needs only numpy, which loads faster than pytest itself: there, bare is pytest with one empty test
that imports numpy.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from grading import manifest

GOAL = 1.6
TORCH = "import torch"
ADAM = "torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])"
BARE = {
    1: "import numpy",
    2: "import pandas; from sklearn.model_selection import train_test_split",
    3: TORCH,
    4: f"import torch, pandas; {ADAM}",
    5: "import torch, pandas",
    6: "import torch; from sklearn.linear_model import LogisticRegression",
}


def seconds(command: list[str]) -> float:
    """How long a process takes from start to exit."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def bare_command(part: int, folder: Path) -> list[str]:
    """The process to compare a part with; `folder` is for the files it needs."""
    if part != 1:
        return [sys.executable, "-c", BARE[part]]
    test = folder / "test_empty.py"
    test.write_text(f"{BARE[part]}\n\n\ndef test_nothing():\n    pass\n", encoding="utf-8")
    return [sys.executable, "-m", "pytest", f"--rootdir={folder}", str(test)]


def main() -> int:
    """Print the table; exit code 1 if a part misses the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default: 5)")
    arguments = parser.parse_args()
    course = manifest.load()
    os.chdir(course.root)
    folder = tempfile.TemporaryDirectory()
    commands: dict[tuple[int, str], list[str]] = {}
    for part in course.parts:
        commands[part.number, "bare"] = bare_command(part.number, Path(folder.name))
        commands[part.number, "checks"] = [
            *(sys.executable, "-m", "pytest", f"exercises/{part.folder}"),
            "--submission=solutions",
        ]
    measured: dict[tuple[int, str], list[float]] = {key: [] for key in commands}
    steps: list[Callable[[], None]] = []
    for _ in range(arguments.runs):
        for key, command in commands.items():
            steps.append(lambda key=key, command=command: measured[key].append(seconds(command)))  # type: ignore[misc]
    for step in track(steps, "cold starts"):
        step()
    folder.cleanup()
    table = Table("part", "bare imports", "s", "pytest, s", "ratio")
    missed = False
    for part in course.parts:
        bare, checks = (min(measured[part.number, kind]) for kind in ("bare", "checks"))
        missed |= checks / bare > GOAL
        name = "pytest, " * (part.number == 1) + BARE[part.number]
        row = (str(part.number), name, f"{bare:.2f}", f"{checks:.2f}")
        table.add_row(*row, f"{checks / bare:.2f}")
    console = Console()
    console.print(table)
    console.print(f"goal: at most {GOAL} for each part: {'missed' if missed else 'met'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
