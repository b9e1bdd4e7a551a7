"""What a student reads, word for word.

Each file in `transcripts/` begins with the command; what it prints follows. After a change that is
meant: `UPDATE_GOLDEN=1 pytest tests/golden`, and read the difference before you commit it.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.courses import ROOT

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
EVERY = 4  # of the transcripts is not slow
COLD = ("all_passed_part3", "recursion", "syntax_error")
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="paths and the time limit read differently there"
)


def command_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


def arguments_of(command: str) -> list[str]:
    return [*shlex.split(command.removeprefix("$ pytest ")), "-pno:cacheprovider"]


def python(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python as a student does."""
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | ours,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def transcript(command: str, output: str, code: int) -> str:
    return normalised(f"{command}\n{output.rstrip()}\n(exit code {code})\n")


def normalised(text: str) -> str:
    """Without what differs from run to run: times, and where the repository lies."""
    text = re.sub(r"in \d+\.\d+s( \([\d:]+\))?", "in … s", text)
    text = re.sub(r"=+ (.*in … s) =+", r"\1", text)
    return text.replace(f"{ROOT}/", "").replace(str(ROOT), ".")


@pytest.fixture(scope="module")
def transcripts(request: pytest.FixtureRequest) -> dict[str, str]:
    """What each command that is to be tried prints, from forks of one warm process."""
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    of_this_file = [test for test in tests if test.path == request.path]
    paths = [test.callspec.params.get("path") for test in of_this_file if hasattr(test, "callspec")]
    commands = [command_of(path) for path in filter(None, paths)]
    run = python("-m", "tests.golden.warm", stdin=json.dumps([*map(arguments_of, commands)]))
    assert run.returncode == 0, run.stdout
    results = json.loads(run.stdout)
    return {
        command: transcript(command, output, code)
        for command, (output, code) in zip(commands, results, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", COLD)
def test_a_cold_process_prints_the_same_words(name: str) -> None:
    path = Path(__file__).parent / "transcripts" / f"{name}.txt"
    command = command_of(path)
    run = python("-m", "pytest", *arguments_of(command))
    assert transcript(command, run.stdout, run.returncode) == path.read_text(encoding="utf-8")


def test_there_are_at_least_30_situations() -> None:
    assert len(TRANSCRIPTS) >= 30


def parameters() -> list[Any]:
    return [
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % EVERY else [])
        for number, path in enumerate(TRANSCRIPTS)
    ]


@pytest.mark.parametrize("path", parameters())
def test_the_words_are_as_agreed(path: Path, transcripts: dict[str, str]) -> None:
    taken = transcripts[command_of(path)]
    if UPDATE:
        path.write_text(taken, encoding="utf-8")
    assert taken == path.read_text(encoding="utf-8")
    assert "Traceback" not in taken
    assert "\x1b[" not in taken
