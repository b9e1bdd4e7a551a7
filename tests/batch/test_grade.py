"""One submission: the points it gets, the words it gets, and whose fault it is where it gets none.

Student code runs where it runs for a class: in a worker, confined as far as this machine can.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from grading import manifest
from grading.batch import grade as module
from grading.batch.grade import MOST_OF_A_MESSAGE, checks_sha256, grade, hidden_checks
from grading.batch.policy import Policy
from grading.batch.policy import grade as grade_by
from grading.batch.records import (
    CheckRecord,
    HiddenRecord,
    Record,
    TaskRecord,
    bonus,
    with_bonus,
)
from grading.batch.submissions import Submission, sha256_of
from grading.feedback.results import Outcome
from grading.manifest import Course
from grading.reports.feedback import feedback_html
from grading.sandbox.sandboxed import Zygote
from grading.states import State
from tests.courses import (
    PARTLY,
    RIGHT,
    STUB,
    SUMS_PY,
    WORDS,
    WORDS_PY,
    Grader,
    make_optional,
    put,
)

MakeGrader = Callable[[Course], Grader]


def states(record: Record) -> dict[str, str]:
    return {task.id: task.state for task in record.tasks}


def scores(record: Record) -> dict[str, int]:
    return {task.id: task.score for task in record.tasks}


def task(record: Record, id_: str) -> TaskRecord:
    return next(task for task in record.tasks if task.id == id_)


def but(name: str, text: str) -> dict[str, str]:
    """The right submission with another file."""
    return RIGHT | {name: text}


# Points, states and words


def test_a_right_submission_gets_all_points(grader: Grader) -> None:
    record = grader(RIGHT)
    assert (record.status, record.reason) == ("complete", None)
    assert (record.score, record.max_score) == (100, 100)
    assert [(task.id, task.title, task.score, task.max_score) for task in record.tasks] == [
        ("1.1", "add", 40, 40),
        ("1.2", "double", 20, 20),
        ("2.1", "join", 40, 40),
    ]
    assert set(states(record).values()) == {"passed"}
    assert task(record, "1.1").message == "1.1 add: passed (40 of 40 points)"
    assert task(record, "1.1").checks == (
        CheckRecord("test_add", 30, "passed"),
        CheckRecord("test_add_nothing", 10, "passed"),
    )
    assert (record.hidden, record.warnings) == ((), ())


def test_the_record_says_what_was_graded_by_what_and_when(small: Course, grader: Grader) -> None:
    record = grader(RIGHT, student="ben", seed=11)
    assert (record.student_id, record.seed) == ("ben", 11)
    files = [(name, text.encode()) for name, text in sorted(RIGHT.items())]
    assert record.submission_sha256 == sha256_of(files)
    assert record.checks_sha256 == checks_sha256(small)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.started)
    assert record.submitted is not None
    assert record.seconds >= sum(task.seconds for task in record.tasks) > 0
    assert "confined by" in record.sandbox or "unsafe" in record.sandbox


def test_a_stub_gets_no_points_and_reads_what_to_do(grader: Grader) -> None:
    record = grader(STUB)
    assert (record.status, record.score, record.max_score) == ("complete", 0, 100)
    assert set(states(record).values()) == {"not_started"}
    assert task(record, "1.1").message.splitlines()[0] == "1.1 add: not started"
    assert "add them (1 line)" in task(record, "1.1").message


def test_a_mistake_costs_the_checks_that_see_it_and_no_others(grader: Grader) -> None:
    record = grader(PARTLY)
    assert (record.status, record.score) == ("complete", 10)
    assert states(record) == {"1.1": "wrong", "1.2": "wrong", "2.1": "missing"}
    assert scores(record) == {"1.1": 10, "1.2": 0, "2.1": 0}
    told = task(record, "1.1")
    assert told.looks_like == "the second was taken from the first"
    for label in ("requires", "called", "returned", "expected", "looks like", "hint"):
        assert f"\n    {label}" in told.message
    assert [check.state for check in told.checks] == ["wrong", "passed"]


def test_a_task_that_needs_one_not_solved_is_not_held_against_it(grader: Grader) -> None:
    stub = 'def add(first, second):\n    raise NotImplementedError("TODO 1.1: add them (1 line)")\n'
    record = grader(but("part1/sums.py", stub + SUMS_PY[SUMS_PY.index("\n\ndef double") :]))
    assert states(record) == {"1.1": "not_started", "1.2": "blocked", "2.1": "passed"}
    assert task(record, "1.2").message == "1.2 double: not checked yet: needs 1.1"


def test_a_file_that_cannot_be_imported_costs_its_part(grader: Grader) -> None:
    record = grader(but("part1/sums.py", "def add(first, second)\n    return 3\n"))
    assert states(record) == {"1.1": "crashed", "1.2": "crashed", "2.1": "passed"}
    assert "SyntaxError" in task(record, "1.1").message


def test_another_seed_draws_other_inputs_and_the_same_one_the_same(grader: Grader) -> None:
    first, again, other = (task(grader(PARTLY, seed=seed), "1.1").message for seed in (1, 1, 2))
    assert first == again != other


def test_the_path_of_the_grader_is_not_told(small: Course, grader: Grader) -> None:
    record = grader(but("part1/sums.py", "1 / 0\n"))
    for one in record.tasks:
        assert "/tmp" not in one.message
        assert str(small.root) not in one.message


# What is missing, and what cannot be read


def test_parts_that_were_not_handed_in_are_missing(grader: Grader) -> None:
    record = grader({"part2/words.py": WORDS_PY})
    assert (record.status, record.score, record.max_score) == ("complete", 40, 100)
    assert states(record) == {"1.1": "missing", "1.2": "missing", "2.1": "passed"}


def test_a_file_that_was_not_taken_is_missing_and_the_warning_stays(
    grader: Grader, tmp_path: Path
) -> None:
    folder = put(tmp_path / "carl", {"part2/words.py": WORDS_PY, "notes.txt": "please"})
    (folder / "part1").mkdir()
    (folder / "part1" / "sums.py").symlink_to("/etc/passwd")
    record = grader.grade_folder(folder)
    assert (record.status, states(record)["1.1"]) == ("complete", "missing")
    assert record.warnings == (
        "part1/sums.py is a symbolic link, which is not followed: ignored",
        "not asked for, so ignored: notes.txt",
    )


def test_a_function_that_is_not_there_is_missing(grader: Grader) -> None:
    record = grader(but("part1/sums.py", SUMS_PY.replace("def double", "def twice")))
    assert states(record) == {"1.1": "passed", "1.2": "missing", "2.1": "passed"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "the folder is empty"),
        ({"essay.txt": ""}, "there is no file that the course asks for, such as part1/sums.py"),
    ],
)
def test_where_there_is_nothing_to_grade_the_record_says_why(
    grader: Grader, files: dict[str, str], reason: str
) -> None:
    record = grader(files)
    assert (record.status, record.reason) == ("ungradable", reason)
    assert (record.score, record.max_score, record.tasks) == (0, 100, ())


# Hostile and unlucky code


@pytest.mark.parametrize(
    "end",
    ["__import__('os')._exit(0)", "__import__('ctypes').string_at(0)", "raise SystemExit(0)"],
    ids=["exit", "segmentation fault", "SystemExit"],
)
def test_code_that_ends_its_process_costs_only_the_check_that_called_it(
    grader: Grader, end: str
) -> None:
    deadly = SUMS_PY.replace(
        "    return first", f"    if second == 0:\n        {end}\n    return first"
    )
    record = grader(but("part1/sums.py", deadly))
    assert (record.status, record.score) == ("complete", 90)
    assert states(record) == {"1.1": "crashed", "1.2": "passed", "2.1": "passed"}
    assert scores(record) == {"1.1": 30, "1.2": 20, "2.1": 40}


def test_a_loop_that_never_ends_costs_only_what_it_holds_up(grader: Grader) -> None:
    record = grader(
        but(
            "part1/sums.py",
            SUMS_PY.replace("return add(number, number)", "while True: pass"),
        )
    )
    assert (record.status, states(record)["1.2"], record.score) == ("complete", "timeout", 80)


def test_what_is_printed_is_told_in_part(grader: Grader) -> None:
    loud = 'for _ in range(100_000):\n    print("loud" * 1000)\n'
    record = grader(but("part1/sums.py", loud + SUMS_PY.replace("first + second", "1")))
    message = task(record, "1.1").message
    assert "    printed     loud" in message
    assert len(message) <= MOST_OF_A_MESSAGE


def test_a_message_is_bounded_and_holds_nothing_that_a_terminal_obeys(grader: Grader) -> None:
    evil = "\\x1b[2J\\u202e\\x07" + "x" * 100_000
    code = f'def join(first, second):\n    print("{evil}\\n" * 9)\n    raise ValueError("{evil}")\n'
    message = task(grader(but("part2/words.py", code)), "2.1").message
    assert "ValueError" in message
    assert len(message) <= MOST_OF_A_MESSAGE
    assert all(char.isprintable() or char == "\n" for char in message)


def test_the_next_student_is_graded_after_one_who_spoiled_everything(grader: Grader) -> None:
    grader(
        but("part1/sums.py", "import builtins, os\nbuiltins.sum = None\nos.kill(os.getppid(), 9)")
    )
    assert grader(RIGHT).score == 100


# The grader's own faults


def graded(course: Course, folder: Path, **files: str) -> Record:
    """In this process and without a worker: for tests that replace the checks."""
    zygote = cast(Zygote, SimpleNamespace(folder=folder, words="nothing"))
    taken = {Path(name): text.encode() for name, text in (files or RIGHT).items()}
    return grade(course, Submission("anna", taken, ("careful",), None, None), zygote, 3)


def passing(course: Course, part: manifest.Part, **_: object) -> list[Outcome]:
    """What the checks of a part find that are all passed."""
    worth = {"1.1": 40, "1.2": 20, "2.1": 40}
    return [Outcome(task.id, worth[task.id], "", "passed", 1, 0.0) for task in part.tasks]


def test_an_error_of_the_grader_leaves_an_incomplete_record(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_checks(course: Course, part: manifest.Part, **settings: Any) -> list[Outcome]:
        if part.number == 2:
            raise RuntimeError("no disk")
        return passing(course, part)

    monkeypatch.setattr(module, "run_checks", run_checks)
    record = graded(small, tmp_path)
    assert record.status == "incomplete"
    assert record.reason == "the grader failed: RuntimeError('no disk')"
    assert (record.score, record.max_score, record.warnings) == (60, 100, ("careful",))
    assert list(tmp_path.iterdir()) == []


def test_checks_that_did_not_run_leave_an_incomplete_record(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run_checks", lambda *_, **__: [])
    record = graded(small, tmp_path)
    assert record.status == "incomplete"
    assert record.reason == "checks worth 100 of 100 points were not run"
    assert (record.score, record.max_score) == (0, 100)


def test_an_optional_part_is_a_bonus_beside_the_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_optional(manifest.load(put(tmp_path / "course", WORDS)), 2)
    monkeypatch.setattr(module, "run_checks", passing)
    record = graded(course, tmp_path)
    assert (record.status, record.score, record.max_score) == ("complete", 60, 60)
    assert bonus(record) == (40, 40)
    assert {task.id: task.bonus for task in record.tasks} == {
        "1.1": False,
        "1.2": False,
        "2.1": True,
    }


@pytest.mark.parametrize("state", ["missing", "not_started"])
def test_an_optional_part_that_was_not_started_is_not_in_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    course = make_optional(manifest.load(put(tmp_path / "course", WORDS)), 2)

    def run_checks(course: Course, part: manifest.Part, **_: object) -> list[Outcome]:
        found = passing(course, part)
        return [replace(one, state=state) for one in found] if part.optional else found

    monkeypatch.setattr(module, "run_checks", run_checks)
    record = graded(course, tmp_path)
    assert (record.status, record.score, record.max_score) == ("complete", 60, 60)
    assert [task.id for task in record.tasks] == ["1.1", "1.2"]
    assert with_bonus(record) == "60 of 60 points"


def test_a_zygote_that_is_gone_is_replaced(grader: Grader) -> None:
    grader(RIGHT)
    (process,) = grader.executor._processes.values()  # type: ignore[attr-defined]
    (zygote,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(zygote), 9)
    record = grader(RIGHT)
    assert (record.status, record.score) == ("complete", 100)


def test_whatever_a_check_says_the_message_is_bounded_and_can_be_printed(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "\x1b[2J\u202e" + "x" * 2 * MOST_OF_A_MESSAGE

    def run_checks(course: Course, part: manifest.Part, **_: object) -> list[Outcome]:
        return [replace(one, state="wrong", problem=long) for one in passing(course, part)]

    monkeypatch.setattr(module, "run_checks", run_checks)
    for one in graded(small, tmp_path).tasks:
        assert len(one.message) == MOST_OF_A_MESSAGE
        assert one.message.startswith(f"{one.id} {one.title}: \ufffd[2J\ufffdx")


# What decides about points


@pytest.mark.parametrize(
    "name",
    [
        "exercises/course.toml",
        "exercises/part1/probes.py",
        "exercises/part2/mistakes.py",
        "exercises/part2/test_part2.py",
        "tests/hidden/part2/test_hidden_part2.py",
        "grading/checks/expect.py",
    ],
)
def test_the_hash_of_the_checks_covers_all_that_decides_about_points(
    tmp_path: Path, name: str
) -> None:
    engine = {"grading/__init__.py": "", "grading/checks/expect.py": ""}
    course = manifest.load(put(tmp_path, WORDS | engine))
    before = checks_sha256(course)
    assert checks_sha256(course) == before
    path = tmp_path / name
    put(tmp_path, {name: (path.read_text() if path.exists() else "") + "\n# changed\n"})
    assert checks_sha256(course) != before


# Hidden checks

SENTENCE = "Sums of negative numbers are right, too."
HIDDEN = f'''\
from exercises.part1 import probes
from grading.checks import expect, task


@task("1.1", points=2)
def test_negative_numbers(student):
    """{SENTENCE}"""
    expect(student.run(probes.add, first=-31337, second=-1), "the sum").equals(-31338)


@task("1.2", points=3)
def test_zero(student):
    """Twice nothing is nothing."""
    expect(student.run(probes.double, number=0), "twice the number").equals(0)
'''
HIDDEN_FILE = "tests/hidden/part1/test_hidden_part1.py"
ONLY_POSITIVE = SUMS_PY.replace("first + second", "abs(first) + abs(second)")


def test_hidden_checks_count_but_tell_only_name_points_and_sentence(
    tmp_path: Path, make_grader: MakeGrader
) -> None:
    course = manifest.load(put(tmp_path / "course", WORDS | {HIDDEN_FILE: HIDDEN}))
    grader = make_grader(course)
    right, wrong = grader(RIGHT), grader(but("part1/sums.py", ONLY_POSITIVE))
    assert (right.status, right.score, right.max_score) == ("complete", 105, 105)
    assert (wrong.status, wrong.score, wrong.max_score) == ("complete", 103, 105)
    assert wrong.hidden == (
        HiddenRecord("negative numbers", "1.1", 0, 2, SENTENCE),
        HiddenRecord("zero", "1.2", 3, 3, "Twice nothing is nothing."),
    )
    assert wrong.tasks[0].state == "passed"
    page = feedback_html(course, wrong, grade_by(wrong, Policy()))
    assert "<b>negative numbers</b>: 0 of 2 points" in page
    assert SENTENCE in page
    for secret in ("31337", "31338", "the sum", "hidden_part1"):
        assert secret not in page
    nothing = grader({"part2/words.py": WORDS_PY})
    assert (nothing.status, nothing.max_score) == ("complete", 105)
    assert [check.score for check in nothing.hidden] == [0, 0]


def test_hidden_checks_belong_to_a_part_and_are_optional(small: Course, tmp_path: Path) -> None:
    assert [hidden_checks(small, part) for part in small.parts] == [[], []]
    put(tmp_path, WORDS | {HIDDEN_FILE: HIDDEN, "tests/hidden/part1/notes.md": ""})
    found = [hidden_checks(manifest.load(tmp_path), part) for part in small.parts]
    assert found == [[tmp_path / HIDDEN_FILE], []]
