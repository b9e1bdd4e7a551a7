"""A class: what is graded again, what a process that dies costs, what changed, and the reports."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading import manifest
from grading.batch import records, run
from grading.batch.adjustments import Rules
from grading.batch.executors import processes
from grading.batch.grade import checks_sha256
from grading.batch.platforms import plain
from grading.batch.records import CheckRecord, HiddenRecord, Record, file_name, read_all
from grading.batch.run import (
    Change,
    Job,
    Plan,
    changed_checks,
    changes,
    grade_all,
    plan,
    record_path,
)
from grading.batch.submissions import read
from grading.batch.times import LIST, Sent
from grading.errors import UsageError
from grading.manifest import Course
from grading.reports.write import write_reports
from grading.sandbox.sandboxed import SandboxError
from tests.courses import RIGHT, STUB, WORDS, put
from tests.records import record, task

SEED = 7


# What is graded again


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "grades"


@pytest.fixture
def found(tmp_path: Path) -> list[Path]:
    """What two students handed in."""
    folder = tmp_path / "submissions"
    return [put(folder / "anna", RIGHT), put(folder / "ben", STUB)]


@pytest.fixture
def keep(small: Course, out: Path) -> Callable[..., Record]:
    """Writes the record that grading a submission would leave."""

    def write(path: Path, **changed: Any) -> Record:
        submission = read(small, path)
        values = {
            "submission_sha256": submission.sha256,
            "checks_sha256": checks_sha256(small),
            "seed": SEED,
            "submitted": submission.submitted,
            "submitted_by": submission.submitted_by,
        }
        kept = record(submission.student_id, (task("1.1"),), **values | changed)
        records.write(kept, record_path(out, kept.student_id))
        return kept

    return write


@pytest.fixture
def planned(small: Course, out: Path) -> Callable[..., Plan]:
    """What `course grade` would do with these submissions."""
    return lambda found, seed=None, regrade=False: plan(small, found, out, seed, regrade)


Keep = Callable[..., Record]
Planned = Callable[..., Plan]


def graded(planned: Plan) -> list[Path]:
    return list(planned.seeds)


def test_at_first_everything_is_graded_with_a_new_seed(found: list[Path], planned: Planned) -> None:
    first = planned(found)
    assert (graded(first), first.earlier) == (found, {})
    (seed,) = set(first.seeds.values())
    assert 0 <= seed < 2**31
    assert seed not in planned(found).seeds.values()
    assert planned(found, 5).seeds == dict.fromkeys(found, 5)


def test_a_record_stands_and_its_seed_goes_on(
    found: list[Path], keep: Keep, planned: Planned
) -> None:
    goes_on = Plan({found[1]: SEED}, {"anna": keep(found[0])})
    assert planned(found) == goes_on
    assert planned(found, SEED) == goes_on


@pytest.mark.parametrize(("more", "stands"), [({}, True), ({"part1.ipynb": "{}"}, False)])
def test_a_record_that_says_why_it_cannot_be_graded_stands_until_that_is_another_reason(
    tmp_path: Path, keep: Keep, planned: Planned, more: dict[str, str], stands: bool
) -> None:
    empty = put(tmp_path / "carl", {})
    keep(empty, status="ungradable", reason="the folder is empty")
    put(empty, more)
    assert graded(planned([empty])) == ([] if stands else [empty])


@pytest.mark.parametrize(
    "changed",
    [{"status": "incomplete"}, {"checks_sha256": "other"}, {"submission_sha256": "other"}],
)
def test_who_is_graded_again_gets_a_new_seed_and_the_class_keeps_its_own(
    found: list[Path], keep: Keep, planned: Planned, changed: dict[str, str]
) -> None:
    kept = keep(found[0], **changed)
    again = planned(found)
    assert (graded(again), again.earlier) == (found, {"anna": kept})
    assert again.seeds[found[0]] != SEED == again.seeds[found[1]]
    assert planned(found, SEED).seeds == dict.fromkeys(found, SEED)


def test_who_hands_in_something_else_is_graded_again(
    found: list[Path], keep: Keep, planned: Planned
) -> None:
    for path in found:
        keep(path)
    put(found[1], {"part1/sums.py": RIGHT["part1/sums.py"]})
    assert graded(planned(found)) == found[1:]


def test_what_was_opened_to_compare_it_is_not_opened_again(
    small: Course, found: list[Path], keep: Keep, planned: Planned
) -> None:
    keep(found[0], submission_sha256="other")
    changed, new = planned(found).jobs(small, unsafe=False)
    assert changed.submission == read(small, found[0])
    assert new.submission == found[1]


def test_checks_that_changed_grade_everybody_again(
    found: list[Path], out: Path, tmp_path: Path, keep: Keep
) -> None:
    for path in found:
        keep(path)
    changed = WORDS | {"exercises/part2/probes.py": WORDS["exercises/part2/probes.py"] + "\n"}
    course = manifest.load(put(tmp_path / "changed", changed))
    assert graded(plan(course, found, out, None, regrade=False)) == found


def test_another_seed_and_regrade_grade_everybody_again(
    found: list[Path], keep: Keep, planned: Planned
) -> None:
    for path in found:
        keep(path)
    assert graded(planned(found)) == []
    assert planned(found, SEED + 1).seeds == dict.fromkeys(found, SEED + 1)
    again = planned(found, regrade=True)
    assert graded(again) == found
    assert SEED not in again.seeds.values()
    assert len(set(again.seeds.values())) == 1


def test_another_time_of_handing_in_is_written_down_and_nothing_graded_again(
    found: list[Path], out: Path, keep: Keep, planned: Planned
) -> None:
    kept = keep(found[0])
    for name in RIGHT:
        os.utime(found[0] / name, (0, 1_000_000_000))
    assert graded(planned(found[:1])) == []
    again = "2001-09-09T01:46:40+00:00"
    assert list(read_all(out / "records")) == [replace(kept, submitted=again)]
    sent = replace(plain(found[0]), sent=Sent(LIST, "2026-12-01T21:10:00+00:00"))
    assert graded(planned([sent])) == []
    (timed,) = read_all(out / "records")
    assert (timed.submitted, timed.submitted_by) == ("2026-12-01T21:10:00+00:00", "list")


def test_a_student_with_a_seed_of_her_own_keeps_her_grade(
    found: list[Path], keep: Keep, planned: Planned
) -> None:
    found.append(put(found[0].parent / "carl", RIGHT))
    for path, seed in zip(found, (SEED + 1, SEED, SEED), strict=True):
        keep(path, seed=seed)
    assert graded(planned(found)) == []
    assert graded(planned(found, SEED)) == found[:1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"schema_version": 1, "student_id": "an',
        b'{"schema_version": 1}',
        b'{"schema_version": 2, "tasks": []}',
        b"\xff",
        b"[]",
    ],
)
def test_a_file_that_is_no_record_is_named(
    found: list[Path], out: Path, planned: Planned, content: bytes
) -> None:
    path = record_path(out, "ben")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        planned(found)
    assert str(raised.value).startswith(f"{path} is not a record that can be read: ")


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    checks = (CheckRecord("test_add", 4, "passed"),)
    hidden = (HiddenRecord("zero", "1.2", 0, 2, "Twice nothing is nothing."),)
    whole = record(
        "änna", (task("1.1", checks=checks),), hidden, warnings=("careful",), seconds=0.5
    )
    records.write(whole, tmp_path / "records" / "one.json")
    assert list(read_all(tmp_path / "records")) == [whole]
    assert [path.name for path in (tmp_path / "records").iterdir()] == ["one.json"]


def test_a_record_is_written_created_atomically(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records" / "anna.json"
    records.write(record("anna"), path)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        records.write(record("anna", seconds=9.0), path)
    assert list(read_all(path.parent)) == [record("anna")]


@pytest.mark.parametrize("student", ["anna", "Müller, Jörg", "s+1@example.org", "a b.c-d_e~f;g=h"])
def test_a_file_is_called_after_its_student(student: str) -> None:
    assert file_name(student) == student


def test_students_with_names_that_no_file_can_have_get_files_of_their_own() -> None:
    strange = ["a/b", "a_b", "a:b", "../x", "a\\udcffb", "x" * 101, "x" * 102, "\N{SNOWMAN}"]
    names = [file_name(student) for student in strange]
    assert len(set(names)) == len(strange)
    for name in names:
        assert "/" not in name
        assert len(name.encode()) < 250


def test_nobody_gets_the_file_of_another_by_the_name_of_a_folder() -> None:
    hashed = file_name("O'Brien")
    for name in (hashed, hashed.upper(), file_name(hashed)):
        assert file_name(name).lower() != hashed.lower()
    assert file_name("ada-0123456789ab") == "ada-0123456789ab"


def test_a_name_fits_in_whatever_script_it_is_written() -> None:
    assert len(f".{file_name('愛' * 90)}.json.4194304.part".encode()) <= 255


# Processes that die


def made_up(job: Job) -> Record:
    return record(job.submission.name, (task("1.1"),), seed=job.seed)


def grade_or_die(job: Job) -> Record:
    """Stands in for `grade_one`: ends its process on "always", and the first time on "once"."""
    been_here = job.submission.parent / f"{job.submission.name}.been_here"
    if job.submission.name == "always" or (
        job.submission.name == "once" and not been_here.exists()
    ):
        been_here.touch()
        os._exit(9)
    return made_up(job)


GradedBy = Callable[..., Iterator[Record]]


@pytest.fixture
def graded_by(small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GradedBy:
    """Grades students with a function in place of `grade_one`."""

    def grade(
        function: Callable[[Job], Record], *students: str, on: Any = processes, n: int = 1
    ) -> Iterator[Record]:
        monkeypatch.setattr(run, "grade_one", function)
        folders = [put(tmp_path / student, RIGHT) for student in students]
        return grade_all([Job(small.root, one, SEED, unsafe=False) for one in folders], on, n)

    return grade


def test_a_process_that_died_on_its_way_is_given_another_chance(graded_by: GradedBy) -> None:
    students = ("anna", "once", "ben", "carl", "dora")
    found = {one.student_id: one.status for one in graded_by(grade_or_die, *students)}
    assert found == dict.fromkeys(students, "complete")


@pytest.mark.parametrize("n_processes", [1, 2])
def test_a_process_that_dies_costs_only_the_submission_that_killed_it(
    small: Course, tmp_path: Path, graded_by: GradedBy, n_processes: int
) -> None:
    students = ("always", "anna", "ben", "carl")
    found = {one.student_id: one for one in graded_by(grade_or_die, *students, n=n_processes)}
    lost = found.pop("always")
    assert found == {one: record(one, (task("1.1"),), seed=SEED) for one in students[1:]}
    assert (lost.status, lost.score, lost.max_score, lost.tasks) == ("incomplete", 0, 0, ())
    assert lost.reason is not None
    assert lost.reason.startswith("the grader's own process failed on this submission: ")
    assert lost.submission_sha256 == read(small, tmp_path / "always").sha256
    assert (lost.checks_sha256, lost.seed) == (checks_sha256(small), SEED)


class AtOnce(Executor):
    """An executor that runs each job when it is submitted, in this process."""

    def __init__(self, n: int = 1) -> None:
        self.n = n
        self.is_shut = False

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.is_shut = True


def test_what_the_machine_may_have_lacked_is_graded_again_alone(graded_by: GradedBy) -> None:
    def short_of_space(job: Job) -> Record:
        lacks = not job.alone and job.submission.name == "anna"
        return replace(made_up(job), status="incomplete") if lacks else made_up(job)

    graded = graded_by(short_of_space, "anna", "ben", on=AtOnce, n=2)
    assert {one.student_id: one.status for one in graded} == {"anna": "complete", "ben": "complete"}


def test_a_grader_that_cannot_be_started_any_more_costs_one_record(graded_by: GradedBy) -> None:
    def no_more_processes(job: Job) -> Record:
        if job.submission.name == "ben":
            raise SandboxError("the process that student code is forked from does not answer")
        return made_up(job)

    graded = graded_by(no_more_processes, "anna", "ben", "carl", on=AtOnce, n=2)
    found = {one.student_id: one.status for one in graded}
    assert found == {"anna": "complete", "ben": "incomplete", "carl": "complete"}


class Broken(AtOnce):
    """An executor that is broken from its second job on, as a pool with a dead process is."""

    def submit(self, fn: Callable, /, *args: Any, **kwargs: Any) -> Future:
        if self.n == 0:
            fn = _fail
        self.n = 0
        return super().submit(fn, *args, **kwargs)


def _fail(*_: object) -> None:
    raise RuntimeError("the pool is broken")


def test_each_record_comes_once_however_often_the_pool_breaks(graded_by: GradedBy) -> None:
    executors: list[Broken] = []

    def make(n: int) -> Broken:
        executors.append(Broken(n))
        return executors[-1]

    students = [f"student{number:02}" for number in range(12)]
    graded = list(graded_by(made_up, *students, on=make, n=2))
    assert sorted(one.student_id for one in graded) == students
    assert {one.status for one in graded} == {"complete"}
    assert all(executor.is_shut for executor in executors)


def test_where_student_code_cannot_be_run_grading_stops(graded_by: GradedBy) -> None:
    def refuse(job: Job) -> Record:
        raise SandboxError("no seccomp")

    executor = AtOnce()
    with pytest.raises(SandboxError, match="no seccomp"):
        list(graded_by(refuse, "anna", on=lambda n: executor))
    assert executor.is_shut


def test_who_stops_listening_stops_the_executor(graded_by: GradedBy) -> None:
    executor = AtOnce()
    graded = graded_by(made_up, "anna", "ben", on=lambda n: executor)
    next(graded)
    assert not executor.is_shut
    graded.close()  # type: ignore[attr-defined]
    assert executor.is_shut


# What changed


def checked(state: str, student: str = "anna", hidden: int = 0, name: str = "test_add") -> Record:
    checks = (CheckRecord(name, 4, state), CheckRecord("test_zero", 1, "passed"))  # type: ignore[arg-type]
    return record(
        student,
        (task("1.1", state, checks=checks),),
        (HiddenRecord("negative numbers", "1.1", hidden, 2, ""),),
    )


def test_a_change_is_other_points_or_another_end_of_a_check() -> None:
    before = {one.student_id: one for one in (checked("wrong"), checked("wrong", "ben"))}
    after = [checked("crashed"), checked("wrong", "ben"), checked("wrong", "new")]
    assert changes(before, after) == [Change(before["anna"], after[0])]
    slower = replace(before["ben"], seconds=99.0, seed=5)
    assert changes(before, [slower]) == []


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (checked("wrong"), checked("passed"), ["1.1 test_add: wrong → passed (+4)"]),
        (checked("passed"), checked("timeout"), ["1.1 test_add: passed → timeout (-4)"]),
        (checked("wrong"), checked("crashed"), ["1.1 test_add: wrong → crashed (+0)"]),
        (
            checked("wrong"),
            checked("wrong", hidden=2),
            ["1.1 negative numbers (hidden): not passed → passed (+2)"],
        ),
        (
            checked("passed"),
            checked("passed", name="test_sum"),
            [
                "1.1 test_add: passed → not there (-4)",
                "1.1 test_sum: not there → passed (+4)",
            ],
        ),
        (checked("passed"), checked("passed"), []),
    ],
)
def test_each_check_that_changed_is_told(before: Record, after: Record, lines: list[str]) -> None:
    assert list(changed_checks(Change(before, after))) == lines


# Reports


def test_the_reports_hold_everybody_and_nobody_else(
    small: Course, out: Path, keep: Keep, found: list[Path]
) -> None:
    kept = [keep(path) for path in found]
    put(out, {"feedback/gone.html": "", ".feedback.part/half.html": ""})
    write_reports(small, out, kept, Rules(), seconds=1.0)
    assert sorted(path.name for path in out.iterdir()) == [
        "analysis.csv",
        "feedback",
        "grades.csv",
        "index.html",
        "records",
    ]
    pages = {path.stem: path.read_text() for path in (out / "feedback").iterdir()}
    assert sorted(pages) == ["anna", "ben"]
    assert "Feedback for anna" in pages["anna"]
    with (out / "grades.csv").open(newline="") as lines:
        assert [row["student_id"] for row in csv.DictReader(lines)] == ["anna", "ben"]
    overview = (out / "index.html").read_text()
    assert "anna" in overview
    assert "ben" in overview


def test_each_page_is_called_like_the_record(small: Course, out: Path) -> None:
    records.write(record("a/b"), record_path(out, "a/b"))
    write_reports(small, out, list(read_all(out / "records")), Rules())
    (page,) = (out / "feedback").iterdir()
    (kept,) = (out / "records").iterdir()
    assert page.stem == kept.stem


@pytest.mark.parametrize("name", ["feedback/anna.html", "grades.csv", "index.html"])
def test_reports_that_cannot_be_written_leave_the_earlier_ones(
    small: Course, out: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_reports(small, out, [record("anna")], Rules())
    before = (out / name).read_bytes()
    honest = io.open

    def full(path: Path, mode: str = "r", *args: Any, **settings: Any) -> Any:
        if "w" in mode and Path(name).name in path.name:
            path.touch()
            raise OSError("no space left on device")
        return honest(path, mode, *args, **settings)

    monkeypatch.setattr(io, "open", full)
    with pytest.raises(OSError, match="no space"):
        write_reports(small, out, [record("anna", seconds=9.0)], Rules())
    assert (out / name).read_bytes() == before
