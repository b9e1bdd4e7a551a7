"""What a student reads, word for word.

Each file in `transcripts/` begins with the command; what it prints follows. After a change that is
meant: `UPDATE_GOLDEN=1 pytest tests/golden`, and read the difference before you commit it.
"""

import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="paths and the time limit read differently there"
)


def command_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


def transcript(command: str) -> str:
    """All that `$ pytest …` prints, and the exit code."""
    arguments = shlex.split(command.removeprefix("$ pytest "))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "-pno:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return normalised(f"{command}\n{run.stdout.rstrip()}\n(exit code {run.returncode})\n")


def normalised(text: str) -> str:
    """Without what differs from run to run: times, and where the repository lies."""
    text = re.sub(r"in \d+\.\d+s( \([\d:]+\))?", "in … s", text)
    text = re.sub(r"=+ (.*in … s) =+", r"\1", text)
    return text.replace(f"{ROOT}/", "").replace(str(ROOT), ".")


@pytest.fixture(scope="module")
def transcripts() -> dict[str, str]:
    commands = [command_of(path) for path in TRANSCRIPTS]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(commands, pool.map(transcript, commands), strict=True))


def test_there_are_at_least_30_situations() -> None:
    assert len(TRANSCRIPTS) >= 30


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_words_are_as_agreed(path: Path, transcripts: dict[str, str]) -> None:
    taken = transcripts[command_of(path)]
    if UPDATE:
        path.write_text(taken, encoding="utf-8")
    assert taken == path.read_text(encoding="utf-8")
    assert "Traceback" not in taken
    assert "\x1b[" not in taken
