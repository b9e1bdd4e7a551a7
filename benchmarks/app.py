"""How long a newcomer waits for the new list after a rating: `python -m benchmarks.app`.

Clients rate movie after movie at the same time, each over a connection of its own, by the request
that the page sends on a click. With a pause of 0 the next rating follows at once, which no person
does.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit

import numpy as np
from rich.console import Console
from rich.table import Table

GOAL_MS = 100


@contextmanager
def served() -> Iterator[str]:
    """A server of its own process on a free port: host and port."""
    command = [sys.executable, "-m", "grading", "app", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield urlsplit(server.stdout.readline().split()[3]).netloc
        finally:
            server.terminate()


def rate(server: str, seed: int, ratings: int, pause: float) -> list[float]:
    """One client: seconds for each of its ratings."""
    rng = random.Random(seed)
    connection = HTTPConnection(server)
    seconds, address = [], "/?"
    for movie in rng.sample(range(1, 300), ratings):
        time.sleep(pause * rng.uniform(0.5, 1.5))
        start = time.perf_counter()
        path = f"{address}&set={movie}.{rng.randint(3, 5)}"
        connection.request("GET", path, headers={"Live": "1"})
        answer = connection.getresponse()
        page = answer.read().decode()
        seconds.append(time.perf_counter() - start)
        assert answer.status == 200 and "Your list" in page
        address = unescape(page.partition('data-address="')[2].partition('"')[0])
    return seconds


def main() -> int:
    """Print the table; exit code 1 if the slowest twentieth takes longer than the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--ratings", type=int, default=30, help="of each client (default: 30)")
    arguments = parser.parse_args()
    table = Table("pause, s", "ratings", "per second", "median, ms", "p95, ms", "max, ms", "goal")
    late = False
    with served() as server, ThreadPoolExecutor(arguments.clients) as clients:
        rate(server, seed=-1, ratings=5, pause=0)  # what is computed once
        for pause in (0.0, 1.0):  # seconds
            start = time.perf_counter()
            runs = [
                clients.submit(rate, server, seed, arguments.ratings, pause)
                for seed in range(arguments.clients)
            ]
            ms = 1000 * np.concatenate([run.result() for run in runs])
            per_second = len(ms) / (time.perf_counter() - start)
            p95 = float(np.percentile(ms, 95))
            late |= p95 > GOAL_MS
            table.add_row(
                f"{pause:g}",
                str(len(ms)),
                f"{per_second:.0f}",
                f"{np.median(ms):.0f}",
                f"{p95:.0f}",
                f"{ms.max():.0f}",
                "met" if p95 <= GOAL_MS else "missed",
            )
    console = Console()
    console.print(table)
    console.print(f"goal: p95 of at most {GOAL_MS} ms with {arguments.clients} clients")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
