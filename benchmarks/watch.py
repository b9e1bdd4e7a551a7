"""From save to verdict with `course watch`, against a cold `pytest`: `python -m benchmarks.watch`.

Each round saves the stub of a part and waits for the line with the points, then runs the same part
cold, right afterwards, so that other load on the machine affects both. `--saves 200` also measures
the growth of the watching process and leftover processes.
"""

import argparse
import os
import pty
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.processes import children, memory
from grading import manifest
from grading.manifest import Course

PARTS = (2, 3, 4, 5)
GOAL_SECONDS, GOAL_RATIO = 0.4, 8.0
VERDICT, READY = b" points", b"q quit"


class Watch:
    """A `course watch` running in its own terminal."""

    def __init__(self, root: Path, part: int) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(root)
            os.execv(sys.executable, [sys.executable, "-m", "grading", "watch", str(part)])
        self.read_until(READY, 60)

    def read_until(self, text: bytes, seconds: float) -> None:
        """Wait until `text` has been printed."""
        seen, deadline = b"", time.monotonic() + seconds
        while text not in seen:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                raise TimeoutError(f"{text!r} did not come: {seen[-500:]!r}")
            seen += os.read(self.terminal, 1 << 16)

    def save(self, path: Path, text: str) -> float:
        """Save a file; returns the seconds until the verdict."""
        start = time.perf_counter()
        path.write_text(text, encoding="utf-8")
        self.read_until(VERDICT, 30)
        seconds = time.perf_counter() - start
        self.read_until(READY, 30)
        return seconds

    def quit(self) -> None:
        os.write(self.terminal, b"q")
        time.sleep(0.3)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def working_copy(course: Course, folder: Path) -> Path:
    """A copy of the course with the solutions in place of the stubs, where saves do no harm."""
    root = folder / "course"
    ignore = shutil.ignore_patterns(".git", ".venv*", "tests", "__pycache__", ".course")
    shutil.copytree(course.root, root, ignore=ignore)
    for part in course.parts:
        shutil.copy(course.solutions / part.path, root / "exercises" / part.path)
    return root


def cold(root: Path, part: int) -> float:
    """Seconds of a cold pytest on the same part."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "pytest", f"exercises/part{part}", "-q"]
    subprocess.run(command, cwd=root, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> int:
    """Print the table; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=20, help="saves per part (default: 20)")
    parser.add_argument("--cold", type=int, default=5, help="cold runs per part (default: 5)")
    arguments = parser.parse_args()
    course = manifest.load()
    console = Console()
    table = Table("part", "save to verdict, median s", "cold, median s", "ratio", "memory grows by")
    met = True
    with tempfile.TemporaryDirectory() as folder:
        root = working_copy(course, Path(folder))
        os.environ["PYTHONPATH"] = str(root)
        for number in PARTS:
            path = root / "exercises" / course.part(number).path
            text = path.read_text(encoding="utf-8")
            watch, warm_times, cold_times, before = Watch(root, number), [], [], 0.0
            for save in track(range(arguments.saves), f"part {number}"):
                warm_times.append(watch.save(path, f"{text}# save {save}\n"))
                if save == 4:
                    before = memory(watch.pid)
                if save % max(1, arguments.saves // arguments.cold) == 0:
                    cold_times.append(cold(root, number))
            growth, left = memory(watch.pid) - before, len(children(watch.pid))
            watch.quit()
            warm_median, cold_median = statistics.median(warm_times), statistics.median(cold_times)
            ratio = cold_median / warm_median
            met &= warm_median <= GOAL_SECONDS and ratio >= GOAL_RATIO and left == 0
            row = (f"{warm_median:.2f}", f"{cold_median:.2f}", f"{ratio:.1f}", f"{growth:.1f} MB")
            table.add_row(str(number), *row)
    console.print(table)
    goals = f"at most {GOAL_SECONDS} s, at least {GOAL_RATIO:g} times faster, no process left"
    console.print(f"goals: {goals}: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
