"""The settings without a sandbox, the copies of the gradebook, and what stops a command."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")

from grading.nbgrader.gradebook import KEPT, back_up, back_up_once
from tests.nbgrader.toy import RIGHT, Toy

WARNS = 'import sys, warnings\nprint("careful", file=sys.stderr)\nwarnings.warn("careful")\n'
SCRIPT = "from IPython.display import HTML\nHTML('<b>bold</b><script>steal()</script>')"


@dataclass(frozen=True)
class Run:
    toy: Toy
    stderr: str
    scores: dict[str, float]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A submission, graded where bubblewrap is not to be found."""
    nothing = tmp_path_factory.mktemp("programs")
    toy = Toy(tmp_path_factory.mktemp("course") / "toy", {**os.environ, "PATH": str(nothing)})
    (toy.root / "source" / "toy" / "words.txt").write_text("the instructor's")
    done = toy.nbgrader("generate_assignment", "toy")
    assert done.returncode == 0, done.stderr
    prints = {"answer-half": "def half(x):\n    print(1, file=sys.stderr)\n    return x / BASE"}
    notebook = toy.hand_in("anna", RIGHT | prints, [WARNS, SCRIPT, "open('words.txt').read()"])
    notebook.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    toy.save("anna", notebook)
    (toy.submitted("anna") / "words.txt").write_text("the student's")
    done = toy.nbgrader("autograde", "toy")
    assert done.returncode == 0, done.stderr
    yield Run(toy, done.stderr, toy.scores())


def copies(toy: Toy) -> list[Path]:
    return sorted((toy.root / "backups").glob("gradebook-*.db"))


def test_a_run_without_a_sandbox_works_and_says_so_once(run: Run) -> None:
    assert run.stderr.count("NOTHING PROTECTS THIS RUN: bubblewrap is not installed") == 1
    assert "apt install bubblewrap" in run.stderr


def test_a_warning_in_a_test_and_a_kernel_of_its_own_cost_no_points(run: Run) -> None:
    assert run.scores == {"anna": 5}


def test_a_file_of_the_instructor_does_not_replace_one_of_the_student(run: Run) -> None:
    assert (run.toy.graded("anna").parent / "words.txt").read_text() == "the student's"


def test_feedback_runs_no_code_of_the_student(run: Run) -> None:
    done = run.toy.nbgrader("generate_feedback", "toy")
    assert done.returncode == 0, done.stderr
    page = (run.toy.root / "feedback" / "anna" / "toy" / "toy.html").read_text()
    assert "<b>bold</b>" in page
    assert "<script>steal()" not in page


def test_each_command_that_writes_grades_copies_the_gradebook_once(run: Run) -> None:
    assert len(copies(run.toy)) == 1  # before the first command there was none to copy
    with closing(sqlite3.connect(copies(run.toy)[0])) as copy:
        assert copy.execute("SELECT name FROM notebook").fetchall() == [("toy",)]


def test_a_gradebook_that_cannot_be_copied_stops_the_command(run: Run, tmp_path: Path) -> None:
    toy = Toy(tmp_path / "toy")
    (toy.root / "gradebook.db").write_text("this is no database")
    done = toy.nbgrader("generate_assignment", "toy")
    assert done.returncode == 1
    assert "nbgrader_config.py: DatabaseError" in done.stderr
    assert not (toy.root / "release").exists()
    assert not list((toy.root / "backups").iterdir())


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    path = tmp_path / "gradebook.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE grade (points INTEGER)")
        database.executemany("INSERT INTO grade VALUES (?)", [(1,)] * 5000)
        database.commit()
    return path


def test_without_a_gradebook_there_is_nothing_to_copy(tmp_path: Path) -> None:
    assert back_up(tmp_path / "gradebook.db") is None
    assert not list(tmp_path.iterdir())


def test_a_copy_made_while_somebody_writes_is_whole(gradebook: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(gradebook)) as database:
            while not stop.is_set():
                with database:  # all rows change, or none
                    database.execute("UPDATE grade SET points = points + 1")
                time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(gradebook) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    for copy in made:
        assert copy is not None
        with closing(sqlite3.connect(copy)) as database:
            counts = database.execute("SELECT count(*), count(DISTINCT points) FROM grade")
            assert counts.fetchall() == [(5000, 1)]


def test_the_newest_copies_are_kept_and_nothing_else_lies_beside_them(gradebook: Path) -> None:
    made = [back_up(gradebook) for _ in range(KEPT + 3)]
    assert sorted((gradebook.parent / "backups").iterdir()) == made[-KEPT:]


def test_one_process_copies_once(gradebook: Path) -> None:
    assert back_up_once(gradebook) == back_up_once(gradebook)
    assert len(list((gradebook.parent / "backups").iterdir())) == 1
