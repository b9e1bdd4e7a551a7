"""`course grade` from the outside: what it prints, how it ends, and what Ctrl-C and worse leave."""

import csv
import dataclasses
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.console import Console
from typer.testing import CliRunner

from grading import manifest
from grading.batch.records import read_all, write
from grading.cli import app, grade_class
from grading.cli.grade_class import FOLDER, Request, run
from grading.errors import UsageError
from grading.manifest import Course
from grading.reports import history
from grading.sandbox import sandboxed
from grading.sandbox.confine import Offer
from tests.courses import (
    CLASS,
    RIGHT,
    ROOT,
    SCORES,
    SUMS_PY,
    WORDS,
    WORDS_PY,
    forget_checks,
    kept,
    put,
)

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
NOTHING = Offer(landlock=0, seccomp=False, user_id=os.geteuid() == 0)


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """Where graders put their temporary folders, which any user can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@dataclasses.dataclass(frozen=True)
class Terminal:
    """Runs `course grade` as an instructor does, in the folder of the course."""

    course: Course
    temporary: Path

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "grading", "grade", *map(str, arguments)],
            cwd=self.course.root,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: object) -> tuple[int, list[str]]:
        """The exit status, and the lines that were printed."""
        process = self.start(*arguments)
        printed, _ = process.communicate(timeout=300)
        return process.returncode, printed.splitlines()

    def processes_of(self, started: subprocess.Popen[str], within: float) -> list[str]:
        """What still runs of a command that ended, once some seconds have passed."""
        deadline = time.monotonic() + within
        while (found := list(self._running(started.pid))) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def _running(self, session: int) -> Iterator[str]:
        """The processes of a session, and workers, which have sessions of their own."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                words = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:  # it has ended
                continue
            if (status[3] == str(session) or str(self.course.root) in words) and status[0] != "Z":
                yield f"{entry.name}: {words}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy for this file alone: the processes of a command are found by its folder."""
    return manifest.load(put(tmp_path_factory.mktemp("course"), WORDS))


@pytest.fixture(scope="module")
def terminal(small: Course, temporary: Path) -> Terminal:
    return Terminal(small, temporary)


class Undisturbed(NamedTuple):
    """The class, graded in one go by two processes."""

    out: Path
    status: int
    printed: list[str]


@pytest.fixture(scope="module")
def undisturbed(
    terminal: Terminal, submissions: Path, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    out = tmp_path_factory.mktemp("undisturbed") / "grades"
    return Undisturbed(out, *terminal.run(submissions, "--out", out, "--seed", 5, "--jobs", 2))


# A class


def test_a_class_is_graded_and_the_last_lines_say_what_came_out(
    terminal: Terminal, undisturbed: Undisturbed, submissions: Path
) -> None:
    protection, seed, *troubles, done, where = undisturbed.printed
    assert protection.startswith("student code is ")
    assert seed == "seed 5; 5 to grade, 0 as before"
    assert troubles == ["ungradable: dora: the folder is empty"]
    assert done.startswith("4 of 5 submissions graded in full, in ")
    out = undisturbed.out
    assert where == f"grades: {out / 'grades.csv'}   overview: {out / 'index.html'}"
    assert undisturbed.status == 1
    assert {record.student_id: record.score for record in kept(out)} == SCORES
    assert sorted(path.stem for path in (out / "feedback").iterdir()) == sorted(CLASS)
    assert json.loads((out / FOLDER).read_text()) == str(submissions.resolve())
    assert list(terminal.temporary.iterdir()) == []


def test_a_second_grading_says_what_changed_for_whom(
    terminal: Terminal, undisturbed: Undisturbed, submissions: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "submissions", tmp_path / "grades"
    shutil.copytree(submissions, folder)
    shutil.copytree(undisturbed.out, out)
    put(folder / "carl", {"part1/sums.py": SUMS_PY})
    only = ("--only", "carl", "--only", "anna")
    status, printed = terminal.run(folder, "--out", out, "--regrade", *only)
    assert status == 1
    new = int(printed[1].removeprefix("seed ").removesuffix("; 2 to grade, 0 as before"))
    assert new != 5, "the feedback on the first grading told what was drawn"
    assert printed[2:6] == [
        "carl: 10 → 60 points",
        "    1.1 test_add: wrong → passed (+30)",
        "    1.2 test_double: wrong → passed (+20)",
        "2 graded again, 1 of them with a change",
    ]
    assert {record.student_id: record.score for record in kept(out)} == SCORES | {"carl": 60}


# As platforms deliver


def as_notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text}], "nbformat": 4})


def test_nbgraders_folder_is_graded_as_it_is_and_its_times_count_until_a_list_is_given(
    terminal: Terminal, small: Course, tmp_path: Path
) -> None:
    """All assignments of a student are graded together; a list is kept for later runs."""
    folder, out = tmp_path / "submitted", tmp_path / "grades"
    for student, when in (
        ("anna", "2026-12-03 08:00:00.5 UTC"),
        ("ben", "2026-12-01 08:00:00 UTC"),
    ):
        for part, text in ((1, SUMS_PY), (2, WORDS_PY)):
            files = {f"part{part}.ipynb": as_notebook(text), "timestamp.txt": when}
            put(folder / student / f"part{part}", files)
    put(tmp_path, {"policy.toml": POLICY, "times.csv": "student_id,time\nanna,2026-12-01T08:00Z\n"})
    policy, times = tmp_path / "policy.toml", tmp_path / "times.csv"
    status, _ = terminal.run(folder, "--out", out, "--policy", policy)
    assert status == 0
    assert lateness(out) == {"anna": ("100", "2", "nbgrader"), "ben": ("100", "0", "nbgrader")}
    for submitted in (times, None):
        printed = told(small, Request(folder, out, 1, policy=policy, submitted=submitted))
        assert "0 to grade, 2 as before" in printed
        assert f"warning: {submitted or out / 'submitted.csv'} has no time of ben" in printed
        assert lateness(out) == {"anna": ("100", "0", "list"), "ben": ("100", "0", "nbgrader")}


POLICY = "deadline = 2026-12-01T12:00:00Z\n[late]\npercent_per_day = 10\n"


def by_student(out: Path) -> dict[str, dict[str, str]]:
    """The rows of grades.csv."""
    with (out / "grades.csv").open(newline="") as lines:
        return {row["student_id"]: row for row in csv.DictReader(lines)}


def lateness(out: Path) -> dict[str, tuple[str, ...]]:
    """Score, late days and who says so, by student."""
    columns = ("score", "late_days", "submitted_by")
    return {one: tuple(map(row.get, columns)) for one, row in by_student(out).items()}


# Interrupted


@dataclasses.dataclass(frozen=True)
class Interrupted:
    """The class again, stopped by Ctrl-C once the first record was there."""

    command: tuple[object, ...]
    out: Path
    status: int
    printed: list[str]
    n_kept: int
    processes: list[str]


@pytest.fixture(scope="module")
def interrupted(
    terminal: Terminal, submissions: Path, tmp_path_factory: pytest.TempPathFactory
) -> Interrupted:
    out = tmp_path_factory.mktemp("interrupted") / "grades"
    command = (submissions, "--out", out, "--seed", 5, "--jobs", 1)
    process = terminal.start(*command)
    has_begun(out)
    os.killpg(process.pid, signal.SIGINT)  # as the terminal does: to all that runs in it
    printed, _ = process.communicate(timeout=60)
    return Interrupted(
        command,
        out,
        process.returncode,
        printed.splitlines(),
        len(kept(out)),
        terminal.processes_of(process, within=5.0),
    )


def has_begun(out: Path) -> None:
    """Wait for the first record."""
    deadline = time.monotonic() + 120
    while not list(out.glob("records/*.json")):
        assert time.monotonic() < deadline, "no record came"
        time.sleep(0.02)


@pytest.mark.slow
@needs_proc
def test_ctrl_c_keeps_what_is_done_says_how_to_go_on_and_leaves_no_process(
    interrupted: Interrupted,
) -> None:
    n_kept = interrupted.n_kept
    assert 0 < n_kept < len(CLASS)
    assert [len(run.new) for run in history.read(interrupted.out)] == [n_kept]
    assert interrupted.status == 130
    assert interrupted.printed[-2:] == [
        f"stopped: {n_kept} graded, {len(CLASS) - n_kept} left",
        "run the same command again to resume",
    ]
    assert interrupted.processes == []


@pytest.mark.slow
@needs_proc
def test_after_ctrl_c_the_same_command_comes_to_the_same_grades(
    terminal: Terminal, undisturbed: Undisturbed, interrupted: Interrupted
) -> None:
    n_kept = interrupted.n_kept
    status, printed = terminal.run(*interrupted.command)
    assert status == 1
    assert f"seed 5; {len(CLASS) - n_kept} to grade, {n_kept} as before" in printed
    assert_same_grades(interrupted.out, undisturbed.out)


@pytest.mark.slow
@needs_proc
def test_a_grader_that_is_killed_leaves_no_process_and_the_next_run_clears_up(
    terminal: Terminal, undisturbed: Undisturbed, submissions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "grades"
    command = (submissions, "--out", out, "--seed", 5, "--jobs", 1)
    process = terminal.start(*command)
    has_begun(out)
    process.kill()
    process.communicate(timeout=60)
    assert terminal.processes_of(process, within=5.0) == []
    assert list(terminal.temporary.iterdir())
    assert terminal.run(*command)[0] == 1
    assert list(terminal.temporary.iterdir()) == []
    assert_same_grades(out, undisturbed.out)


def assert_same_grades(out: Path, expected: Path) -> None:
    assert kept(out) == kept(expected)
    assert (out / "grades.csv").read_bytes() == (expected / "grades.csv").read_bytes()


# Wrong use


@pytest.fixture
def in_course(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small.root)


def refused(*arguments: object) -> str:
    """What is printed where nothing can be graded."""
    result = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    return " ".join(result.output.split())


@pytest.mark.usefixtures("in_course")
def test_wrong_use_is_said_in_a_sentence(submissions: Path, tmp_path: Path) -> None:
    out, empty, file = tmp_path / "grades", tmp_path / "empty", tmp_path / "file"
    empty.mkdir()
    file.touch()
    nowhere = tmp_path / "nowhere"
    assert f"{nowhere} is not a folder of submissions" in refused(nowhere, "--out", out)
    assert f"{file} is not a folder of submissions" in refused(file, "--out", out)
    assert f"there is no folder and no archive in {empty}" in refused(empty, "--out", out)
    only = ("--only", "anna", "--only", "zoe", "--only", "zack")
    said = refused(submissions, "--out", out, *only)
    assert "there is no submission of zoe, zack" in said
    assert "--out" in refused(submissions)
    assert "--jobs" in refused(submissions, "--out", out, "--jobs", 0)
    assert not out.exists()


@pytest.mark.usefixtures("in_course")
@pytest.mark.parametrize(
    "name",
    [
        "class",
        "class/grades",
        "class/anna/grades",
        "link/grades",
    ],
)
def test_grades_do_not_go_among_the_submissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(grade_class, "_grade", lambda *_: None)
    folder = tmp_path / "class"
    put(folder / "anna", {})
    (tmp_path / "link").symlink_to(folder)
    out = tmp_path / name
    said = refused(folder, "--out", out)
    assert said.endswith(f"--out {out} is inside the folder of submissions; name another folder")
    assert [path.name for path in folder.iterdir()] == ["anna"]


@pytest.mark.usefixtures("in_course")
@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        (
            {"grades/grades.csv": "what a teacher wrote"},
            [],
            "--out {}/grades holds other files; name a new folder or one of earlier grades",
        ),
        ({}, ["--only=ana"], "there is no submission of ana; did you mean anna?"),
        (
            {"rules": "deadlin = 1\n"},
            ["--policy={}/rules"],
            "{0}/rules: there is no setting deadlin; did you mean deadline?",
        ),
        (
            {"rules": "student\nanna\nanna\n"},
            ["--roster={}/rules"],
            "{0}/rules: line 3: anna is in line 2, too; delete one",
        ),
        (
            {"grades/records/anna.json": '{"half": '},
            [],
            "{0}/grades/records/anna.json is not a record that can be read: "
            "JSONDecodeError('Expecting value: line 1 column 10 (char 9)'); "
            "move it away to grade its student again",
        ),
    ],
    ids=["other files", "a name that is close", "policy", "roster", "record"],
)
def test_what_cannot_be_used_is_told_before_anything_is_graded(
    submissions: Path, tmp_path: Path, files: dict[str, str], options: list[str], said: str
) -> None:
    put(tmp_path, files)
    given_ = [option.format(tmp_path) for option in options]
    assert refused(submissions, "--out", tmp_path / "grades", *given_) == said.format(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*") if path.is_file()}
    assert left == {name for name in files if "." in name}


# What is kept with the grades


@pytest.fixture
def graded(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    """A copy of the grades of the class, in which everything stands."""
    return shutil.copytree(undisturbed.out, tmp_path / "grades")


def told(course: Course, request: Request) -> list[str]:
    """What is printed where nothing is left to grade."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, file=nowhere, width=200)
        run(course, request, console)
    return console.export_text().splitlines()


Again = Callable[..., list[str]]


@pytest.fixture
def again(small: Course, submissions: Path, graded: Path) -> Again:
    """Runs `course grade` again on the class, into the same folder; returns what is printed."""

    def run_again(folder: Path = submissions, **settings: Any) -> list[str]:
        return told(small, Request(folder, graded, jobs=1, **settings))

    return run_again


def finals(out: Path) -> dict[str, str]:
    return {one: row["final_percent"] for one, row in by_student(out).items()}


LATE = """\
deadline = 2000-01-01T00:00:00Z
[late]
percent_per_day = 10
most_percent = 50
[submitted]
anna = 2026-12-01T00:00:00Z
carl = 2026-12-01T00:00:00Z
emil = 2026-12-01T00:00:00Z
"""


def test_a_policy_stays_until_it_is_dropped_and_who_changes_is_told(
    again: Again, graded: Path, tmp_path: Path
) -> None:
    put(tmp_path, {"late.toml": LATE})
    before = finals(graded)
    printed = again(policy=tmp_path / "late.toml")
    where = printed.index("the policy changes 3 of 5 grades:")
    assert printed[where + 1 : where + 4] == [
        "    anna: 100 → 50 %",
        "    carl: 10 → 5 %",
        "    emil: 40 → 20 %",
    ]
    halved = finals(graded)
    assert (halved["anna"], halved["carl"]) == ("50.0", "5.0")
    assert any(line.startswith("warning: when 1 of 2 handed in is known from") for line in printed)
    assert lateness(graded)["ben"] == ("0", "0", "file time")

    printed = again()
    assert f"policy: {graded / 'policy.toml'}" in printed
    assert not any("the policy changes" in line for line in printed)
    assert finals(graded) == halved

    assert "    anna: 50 → 100 %" in again(no_policy=True)
    assert finals(graded) == before
    assert not (graded / "policy.toml").exists()


ROSTER = """\
student,name,section,group,deadline
anna,Anna Berg,A,team-1,
gina,Gina Hall,A,team-1,
ben,,B,,2026-12-31T00:00:00Z
carl,,B,,2026-11-29T00:00:00Z
dora,,B,,
finn,Finn Frei,B,,
"""


def test_a_roster_adds_who_handed_in_nothing_and_the_members_of_a_group(
    again: Again, graded: Path, tmp_path: Path
) -> None:
    put(tmp_path, {"roster.csv": ROSTER, "policy.toml": LATE + EXTENSIONS})
    printed = again(roster=tmp_path / "roster.csv", policy=tmp_path / "policy.toml")
    for warning in (
        "not on the roster: emil",
        "the roster and the policy differ on the deadline of ben: that of the policy counts",
        "[extensions] of the policy: no submission of ana; did you mean anna?",
        "[submitted] of the policy: no submission of zoe",
    ):
        assert f"warning: {warning}" in printed
    assert "1 of 7 students handed in nothing: finn" in printed
    rows = by_student(graded)
    assert [rows["finn"][key] for key in ("status", "score", "name", "section")] == [
        "missing",
        "0",
        "Finn Frei",
        "B",
    ]
    assert rows["gina"]["score"] == rows["anna"]["score"] == "100"
    assert "team-1" in (graded / "feedback" / "gina.html").read_text()
    assert (rows["anna"]["penalty_percent"], rows["carl"]["penalty_percent"]) == ("50", "20")

    put(tmp_path, {"roster.csv": ROSTER.replace("finn", "fynn")})
    for settings in ({}, {"roster": tmp_path / "roster.csv"}):
        printed = again(**settings)
        assert "0 to grade, 5 as before" in printed
        assert not any("the policy changes" in line for line in printed)
    assert by_student(graded).keys() == {*rows} - {"finn"} | {"fynn"}


EXTENSIONS = """\
zoe = 2026-12-01T00:00:00Z
[extensions]
ben = 2027-01-01T00:00:00Z
ana = 2027-01-01T00:00:00Z
"""


def test_who_leaves_a_group_loses_its_points_and_who_leaves_the_class_is_named(
    again: Again, graded: Path, tmp_path: Path
) -> None:
    roster, records = tmp_path / "roster.csv", graded / "records"
    roster.write_text("id,group\nanna,owls\ngina,owls\nzoe,\n")
    again(roster=roster)
    assert by_student(graded)["gina"]["score"] == "100"

    roster.write_text("id,group\nanna,owls\ngina,\n")
    carl = (records / "carl.json").read_text()
    (records / "hal.json").write_text(carl.replace('"carl"', '"hal"'))
    printed = again(roster=roster)
    assert "warning: gina is no longer in the group of anna" in printed
    assert (
        "warning: graded before, but neither on the roster nor in the folder: hal; their records "
        "count until you move them away"
    ) in printed
    rows = by_student(graded)
    assert (rows["gina"]["status"], rows["gina"]["score"]) == ("missing", "0")
    assert "zoe" not in rows
    assert not (records / "zoe.json").exists()


def test_under_the_ids_of_a_roster_nobody_counts_twice(
    again: Again, graded: Path, tmp_path: Path
) -> None:
    put(tmp_path / "class" / "Anna Berg_17_assignsubmission_file_", RIGHT)
    put(tmp_path / "class" / "owls", RIGHT)
    put(tmp_path, {"roster.csv": "Identifier,group\nParticipant 17,\nben,owls\ncarl,owls\n"})
    records = graded / "records"
    anna = (records / "anna.json").read_text()
    for path in records.iterdir():
        path.unlink()
    for name in ("Anna Berg_17", "Participant 17", "owls", "ben"):
        (records / f"{name}.json").write_text(anna.replace('"anna"', f'"{name}"'))
    again(tmp_path / "class", roster=tmp_path / "roster.csv", only=("ben",))
    assert {path.stem for path in records.iterdir()} >= {"Anna Berg_17", "Participant 17"}
    assert not (records / "owls.json").exists()

    printed = again(tmp_path / "class", roster=tmp_path / "roster.csv")
    said = "graded under the ids of the roster from now on: Anna Berg_17 as Participant 17"
    assert f"warning: {said}" in printed
    assert not any("neither on the roster" in line for line in printed)
    assert finals(graded).keys() == {"Participant 17", "ben", "carl"}
    assert not (records / "Anna Berg_17.json").exists()


ADJUSTMENTS = """\
[[override]]
student = "carl"
task = "1.2"
points = 15
reason = "It is 1.1."

[[comment]]
student = "dora"
text = "Nothing came in."
"""


def past(out: Path) -> list[list[str]]:
    """For each run, whose grade changed and how."""
    return [
        [
            text
            for one in run.students
            if one.before
            for text in (f"{one.student}: {one.before.final} → {one.after.final}", *one.what)
        ]
        for run in history.read(out)
    ]


def test_points_by_hand_stay_whatever_is_graded_again(
    again: Again, submissions: Path, graded: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(submissions, tmp_path / "submissions")
    put(tmp_path, {"by_hand.toml": ADJUSTMENTS})
    records = kept(graded)
    printed = again(folder, adjustments=tmp_path / "by_hand.toml")
    assert past(graded)[-1] == ["carl: 10.0 → 25.0", "by hand: 1.2: 15 of 20 points (It is 1.1.)"]
    where = printed.index("the adjustments change 1 of 5 grades:")
    assert printed[where + 1] == "    carl: 10 → 25 %"
    assert kept(graded) == records, "records hold what was earned"
    assert finals(graded)["carl"] == "25.0"
    assert "It is 1.1." in (graded / "feedback" / "carl.html").read_text()
    assert "Nothing came in." in (graded / "feedback" / "dora.html").read_text()

    put(folder / "carl", {"part1/sums.py": SUMS_PY})
    printed = again(folder)
    assert f"adjustments: {graded / 'adjustments.toml'}" in printed
    where = printed.index("carl: 10 → 60 points")
    assert "carl: 1.2 earns 20 instead of 0 points; the override to 15 stays" in printed[where:]
    assert finals(graded)["carl"] == "55.0"
    assert past(graded)[-1] == [
        "carl: 25.0 → 55.0",
        "another submission",
        "1.1 test_add: wrong → passed (+30)",
        "1.2 test_double: wrong → passed (+20)",
    ]
    assert len(past(graded)) == 3
    assert (graded / "history.html").read_text().count("another submission") == 1
    again(folder)
    assert len(past(graded)) == 3, "nothing has changed"

    shutil.rmtree(folder / "carl" / "part1")  # there is nothing left to grade
    assert (
        "warning: the override of 1.2 for carl has no effect: the record has no such task or "
        "check, or it is worth less"
    ) in again(folder)


@pytest.mark.usefixtures("in_course")
def test_a_mistake_in_the_adjustments_is_told_before_anything_changes(
    submissions: Path, graded: Path, tmp_path: Path
) -> None:
    put(tmp_path, {"by_hand.toml": ADJUSTMENTS.replace("carl", "karl")})
    said = refused(submissions, "--out", graded, "--adjustments", tmp_path / "by_hand.toml")
    assert said.endswith(
        "override 1 (karl, 1.2): there is no submission of karl; did you mean carl?"
    )
    assert not (graded / "adjustments.toml").exists()


@pytest.mark.usefixtures("in_course")
def test_exports_use_what_is_kept_and_leave_alone_what_was_not_graded(
    graded: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.csv"
    lines = ["Student,ID,SIS Login ID,Section,Work (7)", "    Points Possible,,,,100"]
    lines += [f"{name},{number},{name},A,88" for number, name in enumerate(CLASS)]
    exported.write_text("\n".join(lines) + "\n")

    def filled(*options: str) -> tuple[dict[str, str], str]:
        out = tmp_path / "filled.csv"
        arguments = ["export", "canvas", str(graded), str(exported), "--column", "7"]
        result = CliRunner().invoke(app, [*arguments, "--out", str(out), *options])
        assert result.exit_code == 0, result.output
        with out.open(newline="") as lines:
            rows = {row["SIS Login ID"]: row["Work (7)"] for row in csv.DictReader(lines)}
        return rows, result.output

    rows, said = filled()
    assert (rows["anna"], rows["carl"], rows["dora"]) == ("100", "10", "88")
    assert "left alone, because not graded in full: dora (ungradable: the folder is empty)" in said
    assert "without a record" not in said
    assert filled("--zero-ungradable")[0]["dora"] == "0"
    (graded / "policy.toml").write_text(LATE)
    (graded / "adjustments.toml").write_text(ADJUSTMENTS)
    assert (filled()[0]["anna"], filled()[0]["carl"]) == ("50", "12.5")
    rows, _ = filled("--no-policy")
    assert (rows["anna"], rows["carl"]) == ("100", "25")
    (graded / "roster.csv").write_text("id,deadline\nanna,2026-12-24T00:00:00Z\n")
    assert filled()[0]["anna"] == "100"


@pytest.mark.usefixtures("in_course")
def test_who_handed_in_nothing_is_left_alone_by_exports_unless_asked_for(
    again: Again, graded: Path, tmp_path: Path
) -> None:
    put(tmp_path, {"roster.csv": "id\nanna\nfinn\n", "sheet.csv": SHEET})
    again(roster=tmp_path / "roster.csv")

    def filled(*options: str) -> tuple[str, str]:
        arguments = ["export", "moodle", str(graded), str(tmp_path / "sheet.csv"), "--out"]
        result = CliRunner().invoke(app, [*arguments, str(tmp_path / "filled.csv"), *options])
        assert result.exit_code == 0, result.output
        return (tmp_path / "filled.csv").read_text(), result.output

    text, said = filled()
    assert text.startswith("Username,Grade,Feedback comments\nanna,100,")
    assert text.endswith("\nfinn,,\n")
    assert "because nothing was handed in (--zero-missing fills in 0): finn\n" in said
    text, said = filled("--zero-missing")
    assert text.endswith("\nfinn,0,0 of 100 points. nothing was handed in.\n")
    assert "handed in (" not in said


SHEET = "Username,Grade,Feedback comments\nanna,,\nfinn,,\n"


def test_a_second_run_into_the_same_folder_is_refused_while_the_first_goes_on(
    again: Again, graded: Path
) -> None:
    with (
        grade_class._only_one(graded),
        pytest.raises(UsageError, match=rf"is in use by another .*process {os.getpid()} on "),
    ):
        again()
    assert "0 to grade, 5 as before" in again()


def test_a_lock_that_was_left_behind_stops_nobody_and_what_is_done_stays_done(
    again: Again, graded: Path
) -> None:
    (graded / ".lock").write_text("process 1 on another machine\n")
    before = list(read_all(graded / "records"))
    assert "0 to grade, 5 as before" in again()
    assert list(read_all(graded / "records")) == before


def test_a_record_of_other_checks_is_named(again: Again, graded: Path) -> None:
    (record,) = [one for one in read_all(graded / "records") if one.student_id == "anna"]
    write(dataclasses.replace(record, checks_sha256="other"), graded / "records" / "anna.json")
    printed = again(only=("ben",))
    assert any(
        line.startswith("graded with other checks than the current ones: anna") for line in printed
    )


@pytest.mark.usefixtures("in_course")
def test_a_faulty_check_stops_the_run_before_anything_is_graded(
    small: Course, submissions: Path, tmp_path: Path
) -> None:
    hidden = put(small.root / "tests" / "hidden", {"part1/test_faulty.py": "def f(:\n"})
    try:
        said = refused(submissions, "--out", tmp_path / "grades")
    finally:
        shutil.rmtree(hidden)
    assert "the checks are faulty, so nothing was graded" in said
    assert "tests/hidden/part1/test_faulty.py, line 1: SyntaxError: invalid syntax" in said
    assert not list((tmp_path / "grades").glob("records/*"))


# No protection


def test_where_student_code_cannot_be_locked_in_nothing_is_run(
    small: Course, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade_class, "offered", lambda: NOTHING)
    with pytest.raises(UsageError) as raised:
        run(small, Request(submissions, tmp_path / "grades", jobs=1), Console(quiet=True))
    said = str(raised.value)
    assert said.startswith("student code cannot be sandboxed here, so nothing was run")
    assert "Landlock (Linux " in said
    assert "seccomp (the library libseccomp2" in said
    assert said.endswith("--unsafe")
    assert not (tmp_path / "grades").exists()


def in_a_fork(n: int) -> ProcessPoolExecutor:
    """A process that knows what this one pretends, but not the checks of another course."""
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(n, mp_context=context, initializer=forget_checks)


@pytest.mark.skipif(sys.platform == "win32", reason="cannot fork")
def test_with_unsafe_it_grades_and_every_report_says_so(
    small: Course, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (grade_class, sandboxed):
        monkeypatch.setattr(module, "offered", lambda: NOTHING)
    monkeypatch.setattr(grade_class, "processes", in_a_fork)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    put(tmp_path / "class" / "anna", RIGHT)
    out = tmp_path / "grades"
    printed = told(small, Request(tmp_path / "class", out, jobs=1, unsafe=True))
    unsafe = "unsafe: student code could reach files, the network and other processes"
    assert f"student code is {unsafe}" in printed
    (record,) = kept(out)
    assert (record.score, record.sandbox) == (100, unsafe)
    assert unsafe in (out / "index.html").read_text()
