"""The times that the lessons name as ratios: `python -m benchmarks.speed`.

- One epoch of the reference loader and loop against a plain DataLoader, side by side: both train
  the same biased model on 80,000 ratings at batch 1024 with Adam; the plain one is
  `DataLoader(TensorDataset(…), batch_size=1024, shuffle=True)`. Runs alternate, and the fastest of
  each counts, to reduce the effect of other load.
- All users' scores movie by movie against one call per user.
- Training of the transformer of part 7 against that of the regularised model of part 4.

`--write` writes the ratios, to one digit, into the numbers of the lessons.
"""

import argparse
import sys
import time

import pandas as pd
import torch
from rich.console import Console
from rich.table import Table
from torch.utils.data import DataLoader, TensorDataset

from authoring.numbers import keep_timing
from data import load
from grading import manifest
from tutorial import next_movie
from tutorial.code import Code, DeepCode, load_deep_code
from tutorial.experiment import REGULARISED, WITH_BIASES, Dataset, fit, new_model, read

GOAL = 5.0
ATTENTION_GOAL = 60.0  # seconds of one core
COMMAND = "python -m benchmarks.speed --write"
ASKED = 4  # users whose movies are scored one by one


def plain_loader(ratings: pd.DataFrame) -> DataLoader:
    """The loader of most tutorials: rows are fetched one by one and collated."""
    dataset = TensorDataset(
        torch.tensor(ratings["user_idx"].to_numpy()),
        torch.tensor(ratings["movie_idx"].to_numpy()),
        torch.tensor(ratings["rating"].to_numpy()),
    )
    return DataLoader(dataset, batch_size=1024, shuffle=True)


def one_by_one_ratio(code: Code, dataset: Dataset, runs: int) -> float:
    """How many times as long a user's scores take pair by pair as in one call."""
    model = new_model(code, dataset.n_users, dataset.n_movies, 3.5, WITH_BIASES)
    pairs = [
        (torch.tensor([user]), torch.tensor([movie]))
        for user in range(ASKED)
        for movie in range(dataset.n_movies)
    ]
    singly, at_once = [], []
    for _ in range(runs):
        start = time.perf_counter()
        with torch.no_grad():
            for user_idx, movie_idx in pairs:
                model(user_idx, movie_idx).item()
        singly.append((time.perf_counter() - start) / ASKED)
        start = time.perf_counter()
        for user in range(dataset.n_users):
            code.recommend.score_movies(model, user)
        at_once.append((time.perf_counter() - start) / dataset.n_users)
    return min(singly) / min(at_once)


def training_seconds(code: DeepCode, dataset: Dataset) -> tuple[float, float]:
    """Of one core, so that other load counts less: the regularised model and the transformer."""
    ratings = next_movie.in_order(code, dataset)
    task = next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)
    start = time.process_time()
    fit(code, dataset, REGULARISED, lambda done, total: None)
    between = time.process_time()
    next_movie.attention(code, task, next_movie.Recipe(), seed=0)
    return between - start, time.process_time() - between


def main() -> int:
    """Print the times; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="epochs of each (default: 5)")
    parser.add_argument("--write", action="store_true", help="into the numbers of the lessons")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    course = manifest.load()
    code = load_deep_code(course, course.solutions)
    dataset: Dataset = read(code, load())
    loaders = {
        "make_loader": code.training.make_loader(dataset.train_encoded),
        "DataLoader(TensorDataset(…))": plain_loader(dataset.train_encoded),
    }
    seconds: dict[str, list[float]] = {name: [] for name in loaders}
    for run in range(arguments.runs + 1):
        for name, loader in loaders.items():
            model = new_model(code, dataset.n_users, dataset.n_movies, 3.5, WITH_BIASES)
            optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
            start = time.perf_counter()
            code.training.train_epoch(model, loader, optimizer, torch.nn.MSELoss())
            if run:  # the first one warms up
                seconds[name].append(time.perf_counter() - start)
    ours, plain = (min(values) for values in seconds.values())
    table = Table("loader", "fastest epoch", "ratio", title="one epoch, 80,000 ratings, batch 1024")
    for name, values in seconds.items():
        table.add_row(name, f"{min(values) * 1000:.0f} ms", f"{min(values) / ours:.1f}")
    console = Console()
    console.print(table)
    one_by_one = one_by_one_ratio(code, dataset, arguments.runs)
    console.print(f"a user's scores pair by pair: {one_by_one:.0f} times as long as in one call")
    regularised, attention = training_seconds(code, dataset)
    console.print(f"training: regularised {regularised:.1f} s, transformer {attention:.1f} s")
    if arguments.write:
        ratios = {
            "times-plain-loader": plain / ours,
            "times-pair-by-pair": one_by_one,
            "times-attention-to-regularised": attention / regularised,
        }
        for name, ratio in ratios.items():
            console.print(f"{name}: {keep_timing(course, name, ratio, COMMAND)}")
    met = plain / ours >= GOAL and attention <= ATTENTION_GOAL
    goals = f"at least {GOAL:g} times faster, transformer in at most {ATTENTION_GOAL:.0f} s"
    console.print(f"goals: {goals}: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
