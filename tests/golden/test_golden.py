"""What a student reads, word for word.

Each file in `transcripts/` begins with the command; what it prints follows. After a change that is
meant: `UPDATE_GOLDEN=1 pytest tests/golden`, and read the difference before you commit it.
"""

import contextlib
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest

from grading.forks import CAN_FORK, in_forks, preload

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="transcripts are taken in forks")


def command_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


def transcript(command: str) -> str:
    """Run `$ pytest …` in this process and return all that it prints, and the exit code."""
    os.chdir(ROOT)
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"}
    arguments = shlex.split(command.removeprefix("$ pytest "))
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        status = pytest.main([*arguments, "-pno:cacheprovider"])
        with contextlib.suppress(ValueError):
            sys.stdout.flush()
        printed.seek(0)
        text = printed.read().decode()
    return normalised(f"{command}\n{text.rstrip()}\n(exit code {int(status)})\n")


def normalised(text: str) -> str:
    """Without what differs from run to run: times, and where the repository lies."""
    text = re.sub(r"in \d+\.\d+s( \([\d:]+\))?", "in … s", text)
    text = re.sub(r"=+ (.*in … s) =+", r"\1", text)
    return text.replace(f"{ROOT}/", "").replace(str(ROOT), ".")


@pytest.fixture(scope="module")
def transcripts() -> dict[str, str]:
    preload()
    commands = [command_of(path) for path in TRANSCRIPTS]
    taken = dict(in_forks(transcript, commands, workers=2, limit=60))
    return {command: str(text) for command, text in taken.items()}


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
