"""From outcomes to what a student reads: results, messages, and the progress that is kept."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.checks.points import points_by_task, points_in
from grading.feedback import progress
from grading.feedback.messages import bar, next_step, rows, summary
from grading.feedback.progress import Progress
from grading.feedback.results import Outcome, TaskResult, task_results
from grading.manifest import Course
from tests.courses import make_optional


def outcome(task: str, state: str = "passed", points: int = 1, **more: Any) -> Outcome:
    return Outcome(task, points, "It must be so.", state, number=1, seconds=0.0, **more)  # type: ignore[arg-type]


def states(results: list[TaskResult]) -> dict[str, str]:
    return {result.task.id: result.state for result in results}


# Results


def test_outcomes_become_tasks_in_the_order_of_the_course_with_their_points(tiny: Course) -> None:
    """Each task shows its first failure; a check of a task that does not exist is left out."""
    found = [
        *(outcome("2.1"), outcome("9.9"), outcome("1.1")),
        *(outcome("1.2", points=3), outcome("1.2", "crashed", 2), outcome("1.2", "wrong")),
    ]
    results = task_results(tiny, found)
    assert [(result.score, result.max_score) for result in results] == [(1, 1), (3, 6), (1, 1)]
    assert [*states(results).items()] == [("1.1", "passed"), ("1.2", "crashed"), ("2.1", "passed")]
    assert results[1].first_failure == found[4]


@pytest.mark.parametrize("state", ["crashed", "timeout"])
def test_a_crash_in_another_task_waits_for_it_while_that_one_fails_too(
    tiny: Course, state: str
) -> None:
    inside, back = outcome("1.4", state, needs="1.3"), outcome("1.3", state, needs="1.4")
    for others, expected in (
        ([outcome("1.3", "wrong")], "blocked"),
        ([outcome("1.3")], state),
        ([], state),  # 1.3 was not checked
        ([back], state),  # two tasks never wait for each other alone
    ):
        assert states(task_results(tiny, [*others, inside]))["1.4"] == expected


def test_an_outcome_survives_the_way_through_json(tiny: Course) -> None:
    one = outcome("1.1", "wrong", rows=(("returned", "1"), ("expected", "2")), line=3)
    assert Outcome.from_plain(json.loads(json.dumps(vars(one)))) == one


# Messages


def test_the_bar_is_full_only_at_full_score() -> None:
    assert bar(0, 10, 10) == "[----------]"
    assert bar(5, 10, 10) == "[#####-----]"
    assert bar(99, 100, 10) == "[#########-]"
    assert bar(100, 100, 10) == "[##########]"
    assert bar(0, 0, 10) == "[----------]"


def test_the_summary_keeps_the_bonus_apart(tiny: Course) -> None:
    course = make_optional(tiny, 2)
    results = task_results(course, [outcome("1.1", points=2), outcome("2.1", "wrong", 4)])
    assert summary(results) == f"{bar(2, 2)} 2 of 2 points and 0 of 4 bonus points"
    assert summary(results[1:]) == f"{bar(0, 4)} 0 of 4 bonus points"


def test_long_output_of_the_student_is_cut_in_both_directions(tiny: Course) -> None:
    printed = "\n".join(["x" * 1000] * 12)
    (result,) = task_results(tiny, [outcome("1.1", "wrong", printed=printed)])
    shown = [text for _, text in rows(tiny, result)]
    assert shown[-1] == "… 2 more lines"
    assert max(len(line) for line in shown) <= 201


def test_the_place_is_told_from_the_course_folder_on(tiny: Course) -> None:
    todo = {"problem": "TODO 1.1: add", "line": 7}
    inside = outcome("1.1", "not_started", file=str(tiny.exercises / "part1/sums.py"), **todo)
    outside = outcome("1.1", "not_started", file="/elsewhere/sums.py", **todo)
    for one, where in ((inside, "exercises/part1/sums.py"), (outside, "/elsewhere/sums.py")):
        (result,) = task_results(tiny, [one])
        assert dict(rows(tiny, result)) == {"to do": "add", "where": f"{where}, line 7"}


WAITS = outcome("1.4", "blocked", needs="1.3")


def step(course: Course, *found: Outcome) -> str:
    return next_step(course, task_results(course, found))


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([outcome("1.1")], "1.2 subtract"),
        ([outcome("1.1"), outcome("1.2", "wrong")], "1.2 subtract"),
        ([WAITS, outcome("1.3", "wrong")], "1.3 power and Counter"),
        ([WAITS], "1.3 power and Counter"),
    ],
    ids=["after one that passed", "the first open one", "what it waits for", "not even checked"],
)
def test_the_next_step_is_the_first_task_that_is_open(
    tiny: Course, outcomes: list[Outcome], words: str
) -> None:
    assert step(tiny, *outcomes) == f"next: {words} in exercises/part1/sums.py"


@pytest.mark.parametrize(
    ("checked", "unsolved", "words"),
    [
        ("1.1", "1.2 1.3 2.1", "next: 1.2 subtract in exercises/part1/sums.py"),
        ("1.3", "1.2 2.1", "next: 1.2 subtract in exercises/part1/sums.py"),
        ("1.5", "2.1", "all done here; next: part 2, Fractions"),
        ("2.1", "1.4 1.5", "all done here; next: 1.4 square in exercises/part1/sums.py"),
        ("2.1", "1.1 1.2 1.3 1.4 1.5", "all done here; next: part 1, Whole numbers"),
        ("1.5", "", "all done"),
    ],
)
def test_the_next_step_after_a_pass_is_a_task_that_is_not_solved(
    tiny: Course, checked: str, unsolved: str, words: str
) -> None:
    results = task_results(tiny, [outcome(checked)])
    assert next_step(tiny, results, [tiny.task(id_) for id_ in unsolved.split()]) == words


def test_after_a_part_the_next_part_comes_and_after_all_the_demo(tiny: Course) -> None:
    first = [outcome(f"1.{number}") for number in range(1, 6)]
    assert step(tiny, *first) == "all done here; next: part 2, Fractions"
    last = outcome("2.1")
    assert step(tiny, last) == "all done here; what is still to do: course progress"
    assert step(tiny, *first, last) == "all done"
    ending = replace(tiny, finale="See it at work: course demo")
    assert step(ending, *first, last) == "all done. See it at work: course demo"


def test_an_optional_part_is_not_asked_for(tiny: Course) -> None:
    course = make_optional(tiny, 2)
    results = [outcome(f"1.{number}") for number in range(1, 6)]
    assert step(course, *results) == "all done; optional: part 2"
    assert step(course, *results, outcome("2.1")) == "all done"


# Points


def test_points_are_read_from_the_marks(tiny: Course) -> None:
    assert points_by_task(tiny) == {
        "1.1": 40,
        "1.2": 10,
        "1.3": 10,
        "1.4": 10,
        "1.5": 20,
        "2.1": 10,
    }


def test_a_part_without_checks_has_no_points(tmp_path: Path) -> None:
    assert points_in(tmp_path / "test_part9.py") == {}


# Progress


def result(course: Course, task: str, score: int) -> TaskResult:
    return TaskResult(course.task(task), (outcome(task, points=score),))


def test_without_a_file_there_is_no_progress(tmp_path: Path) -> None:
    assert progress.load(tmp_path) == Progress()


def test_what_is_recorded_is_read_again_and_the_last_check_counts(tiny: Course) -> None:
    progress.record(tiny.root, [result(tiny, "1.1", 4), result(tiny, "1.2", 2)])
    progress.record(tiny.root, [result(tiny, "1.1", 3)])
    assert progress.load(tiny.root).points == {"1.1": 3, "1.2": 2}


def test_hints_stay_when_points_are_recorded(tiny: Course) -> None:
    list(progress.read_hints(tiny.root, tiny.task("1.1")))
    progress.record(tiny.root, [result(tiny, "1.1", 4)])
    kept = progress.load(tiny.root)
    assert (kept.points, kept.hints) == ({"1.1": 4}, {"1.1": 1})


def test_the_time_runs_from_the_first_check_with_code_to_the_first_pass(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(minute: int, state: str) -> None:
        monkeypatch.setattr(progress.time, "time", lambda: 1e9 + 60 * minute)
        found = TaskResult(tiny.task("1.1"), (outcome("1.1", state=state),))
        progress.record(tiny.root, [found, result(tiny, "1.2", 2)])

    for minute, state in enumerate(("not_started", "wrong", "crashed", "passed", "wrong")):
        check(minute, state)
    check(60, "passed")
    assert progress.minutes_to_pass((tiny.root / progress.FILE).read_bytes()) == {
        "1.1": 2.0,
        "1.2": 0.0,
    }


@pytest.mark.parametrize(
    "times",
    [
        '"begun": {"1.1": 5}, "passed": {}',
        '"begun": {}, "passed": {"1.1": 5}',
        '"begun": {"1.1": 9}, "passed": {"1.1": 5}',
        '"begun": {"1.1": 0}, "passed": {"1.1": 99999999}',
        '"begun": 5, "passed": {"1.1": 5}',
    ],
)
def test_what_is_no_time_counts_for_nothing(times: str) -> None:
    assert progress.minutes_to_pass(f'{{"points": {{}}, "hints": {{}}, {times}}}'.encode()) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"points": {}}',
        b'{"points": [1], "hints": {}}',
        b'{"points": {"1.1": "many"}, "hints": {}}',
        b'{"points": {"1.1": null}, "hints": {}}',
        b'{"points": {"1.1": 1e999}, "hints": {}}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_is_set_aside_with_a_note(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / progress.FILE
    path.parent.mkdir()
    path.write_bytes(content)
    kept = progress.load(tmp_path)
    assert (kept.points, kept.hints) == ({}, {})
    assert "progress.json could not be read; it is kept as progress.broken.json" in kept.note
    assert not path.exists()
    assert (path.parent / "progress.broken.json").read_bytes() == content
    assert progress.load(tmp_path).note == "", "told once"


def test_the_file_is_written_created_atomically(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.save(tmp_path, Progress(points={"1.1": 1}))
    before = (tmp_path / progress.FILE).read_bytes()

    def full_disk(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space left"):
        progress.save(tmp_path, Progress(points={"1.1": 2}))
    assert (tmp_path / progress.FILE).read_bytes() == before


def test_a_folder_that_cannot_be_written_to_does_not_spoil_the_verdict(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(root: Path, kept: Progress) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(progress, "save", read_only)
    progress.record(tiny.root, [result(tiny, "1.1", 4)])
    said = list(progress.read_hints(tiny.root, tiny.task("1.1")))
    assert said[1] == "hint 1 of 3: What is a sum?"
    assert "could not be recorded" in said[-1]


def test_a_file_that_cannot_even_be_opened_does_not_spoil_the_verdict(tiny: Course) -> None:
    (tiny.root / ".course").write_text("a file where the folder should be")
    progress.record(tiny.root, [result(tiny, "1.1", 4)])
    assert (tiny.root / ".course").is_file()
