"""Grade one submission: run every check on it, with its code in a sandbox, and make a record."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from grading.batch.records import CheckRecord, HiddenRecord, Record, TaskRecord, plain_name, total
from grading.batch.submissions import Submission, sha256_of
from grading.checks.points import points_by_task
from grading.feedback.messages import block
from grading.feedback.results import Outcome, task_results
from grading.feedback.run import ChecksError, run_checks
from grading.manifest import Course, Part
from grading.sandbox.sandboxed import Sandboxed, Zygote
from grading.states import NOT_STARTED

MOST_OF_A_MESSAGE = 4000  # characters


def grade(
    course: Course, submission: Submission, zygote: Zygote, seed: int, alone: bool = True
) -> Record:
    """Run all checks on a submission. If the grader itself fails, the record is incomplete.

    Args:
        alone: whether nothing else is graded at the same time. Otherwise a lack of space or threads
            may be due to other submissions, and makes the record incomplete.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    checks, worth = _checks(course)
    outcomes: list[Outcome] = []
    reason = submission.problem
    if submission.problem is None:
        try:
            for of_part in outcomes_by_part(course, submission, zygote, seed, alone):
                outcomes += of_part
        except ChecksError as error:
            reason = f"the checks cannot be run: {error}"
        except Exception as error:  # the grader's own fault; the others are still graded
            reason = f"the grader failed: {error!r}"
    outcomes, left_out = _without_untouched(course, outcomes)
    tasks = tuple(_task_records(course, outcomes))
    hidden = tuple(_hidden_record(course, one) for one in outcomes if one.hidden)
    found = sum(task.max_score for task in tasks)
    expected = sum(points for task, points in worth.items() if task not in left_out)
    required = sum(points for task, points in worth.items() if not course.task(task).bonus)
    broken = next((outcome for outcome in outcomes if outcome.state == "broken"), None)
    if reason is None and broken is not None:
        reason = f"{broken.at}: {broken.problem}"
    if reason is None and found != expected:
        reason = f"checks worth {expected - found} of {expected} points were not run"
    ungradable = submission.problem is not None
    return Record(
        student_id=submission.student_id,
        submission_sha256=submission.sha256,
        checks_sha256=checks,
        seed=seed,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        status="ungradable" if ungradable else "complete" if reason is None else "incomplete",
        reason=reason,
        score=total((*tasks, *hidden))[0],
        max_score=max(total(tasks)[1], required) + total(hidden)[1],
        sandbox=zygote.words,
        tasks=tasks,
        hidden=hidden,
        warnings=submission.warnings,
        **submission.known,
    )


def outcomes_by_part(
    course: Course, submission: Submission, zygote: Zygote, seed: int, alone: bool = True
) -> Iterator[list[Outcome]]:
    """Run all checks on a submission; yields the outcomes part by part.

    `alone` is as in `grade`.

    Raises:
        ChecksError: checks cannot be imported.
        SandboxError, OSError, Shortage: this process cannot run a worker properly.
    """
    with _laid_out(course, submission, zygote.folder) as modules:
        for part in course.parts:
            with Sandboxed(zygote, modules, alone) as runner:
                hidden = hidden_checks(course, part)
                outcomes = run_checks(course, part, seed=seed, runner=runner, hidden=hidden)
                if runner.fault is not None:
                    raise runner.fault
            yield outcomes


def checks_sha256(course: Course) -> str:
    """Hash of everything that affects points: the manifest, the checks and their modules."""
    files = dict(_deciding_files(course))
    return sha256_of((path.as_posix(), files[path].read_bytes()) for path in sorted(files))


@cache
def _checks(course: Course) -> tuple[str, dict[str, int]]:
    """Hash and points by task, read once, because a process loads the checks only once."""
    return checks_sha256(course), points_by_task(course)


def hidden_checks(course: Course, part: Part) -> list[Path]:
    """The files with hidden checks."""
    return sorted((course.root / "tests" / "hidden" / part.folder).glob("test_*.py"))


def _deciding_files(course: Course) -> Iterator[tuple[Path, Path]]:
    """Name and place of each; those of the engine are named as if they lay in the course."""
    paths = [course.exercises / "course.toml"]
    for part in course.parts:
        folder = course.exercises / part.folder
        paths += (path for name in part.check_files if (path := folder / name).is_file())
        paths += hidden_checks(course, part)
    yield from ((path.relative_to(course.root), path) for path in paths)
    for path in (course.engine / "grading" / "checks").glob("*.py"):
        yield path.relative_to(course.engine), path


@contextmanager
def _laid_out(course: Course, submission: Submission, parent: Path) -> Iterator[dict[Path, Path]]:
    """The submission's files, readable for a worker, by the path that the checks use."""
    with tempfile.TemporaryDirectory(prefix="submission-", dir=parent) as name:
        folder = Path(name)
        folder.chmod(0o755)
        modules = {}
        for part in course.parts:
            for path in {part.path, part.notebook} & submission.files.keys():
                file = folder / path
                file.parent.mkdir(mode=0o755)
                file.write_bytes(submission.files[path])
                file.chmod(0o644)
                modules[course.exercises / part.path] = file
        yield modules


def _without_untouched(
    course: Course, outcomes: list[Outcome]
) -> tuple[list[Outcome], frozenset[str]]:
    """The outcomes without optional parts of which nothing was handed in, and their tasks."""
    started = {
        course.task(one.task).part for one in outcomes if one.state not in ("missing", *NOT_STARTED)
    }
    tasks = {task.id for task in course.tasks.values() if task.bonus and task.part not in started}
    seen = {outcome.task for outcome in outcomes}
    kept = [outcome for outcome in outcomes if outcome.task not in tasks]
    return kept, frozenset(tasks & seen)


def _task_records(course: Course, outcomes: list[Outcome]) -> Iterator[TaskRecord]:
    visible = [outcome for outcome in outcomes if not outcome.hidden]
    for result in task_results(course, visible):
        failure = result.first_failure
        yield TaskRecord(
            id=result.task.id,
            title=result.task.title,
            score=result.score,
            max_score=result.max_score,
            state=result.state,
            message=_printable("\n".join(block(course, result)))[:MOST_OF_A_MESSAGE],
            looks_like=failure.looks_like if failure else None,
            seconds=round(sum(outcome.seconds for outcome in result.outcomes), 3),
            checks=tuple(
                CheckRecord(outcome.check, outcome.points, outcome.state)
                for outcome in result.outcomes
            ),
            bonus=result.task.bonus,
        )


def _hidden_record(course: Course, outcome: Outcome) -> HiddenRecord:
    return HiddenRecord(
        name=plain_name(outcome.check),
        task=outcome.task,
        score=outcome.points if outcome.state == "passed" else 0,
        max_score=outcome.points,
        sentence=" ".join(outcome.requirement.split()),
        bonus=course.task(outcome.task).bonus,
    )


def _printable(text: str) -> str:
    """The text without terminal escapes and marks of text direction."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)
