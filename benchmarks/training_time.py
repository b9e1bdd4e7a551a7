"""How long the transformer of part 7 trains, beside the regularised model of part 4:
`python -m benchmarks.training_time`.

Both as `course demo` trains them, on one core. `--write` writes the ratio, to one digit, into the
numbers of the lessons.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from rich.console import Console

from authoring.numbers import keep_timing
from data import load
from grading import manifest
from tutorial import next_movie
from tutorial.code import load_deep_code
from tutorial.experiment import REGULARISED, fit, read

GOAL = 60.0  # seconds, for the transformer
COMMAND = "python -m benchmarks.training_time --write"


def seconds(run: Callable[[], object]) -> float:
    """Of the processor, so that other load counts less."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> int:
    """Print both times; exit code 1 if the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of MovieLens 100K")
    parser.add_argument("--write", action="store_true", help="into the numbers of the lessons")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    course, console = manifest.load(), Console()
    code = load_deep_code(course, course.solutions)
    dataset = read(code, load(arguments.data))
    ratings = next_movie.in_order(code, dataset)
    task = next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])  # the first one imports for a second
    regularised = seconds(lambda: fit(code, dataset, REGULARISED, lambda done, total: None))
    attention = seconds(lambda: next_movie.attention(code, task, next_movie.Recipe(), seed=0))
    console.print(f"regularised model: {regularised:.1f} s of one core")
    console.print(f"attention:         {attention:.1f} s of one core (goal: {GOAL:.0f} s)")
    if arguments.write:
        name = "times-attention-to-regularised"
        console.print(f"{name}: {keep_timing(course, name, attention / regularised, COMMAND)}")
    return int(attention > GOAL)


if __name__ == "__main__":
    sys.exit(main())
