"""Run many pytest commands, each in a fork of one process that has loaded torch and pytest.

`python -m tests.golden.warm` reads a JSON list of argument lists from standard input and writes a
JSON list of `[output, exit code]`, in the same order.
"""

import json
import os
import sys
import tempfile

import pytest

from grading import manifest
from grading.forks import in_forks, preload

LIMIT = 300.0  # seconds for one command; the slowest takes a few


def run(arguments: tuple[str, ...]) -> tuple[str, int]:
    """What `pytest ARGUMENTS` prints on both streams, and its exit code."""
    with tempfile.TemporaryFile() as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
        code = pytest.main(list(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
        output.seek(0)
        return output.read().decode("utf-8"), int(code)


def main() -> None:
    commands = [tuple(arguments) for arguments in json.load(sys.stdin)]
    preload(manifest.load().libraries)
    results = dict(in_forks(run, commands, workers=2, limit=LIMIT))
    for arguments, result in results.items():
        if isinstance(result, Exception):
            raise RuntimeError(f"pytest {' '.join(arguments)} gave no result") from result
    json.dump([results[arguments] for arguments in commands], sys.stdout)


if __name__ == "__main__":
    main()
