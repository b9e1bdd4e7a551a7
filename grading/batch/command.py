"""`course grade`, from the request to the last line on the screen."""

import difflib
import multiprocessing
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from grading.backup import write_whole
from grading.batch import policy as policies
from grading.batch import records, submissions
from grading.batch.executors import ClusterError, cluster, processes
from grading.batch.platforms import HandIn, timed
from grading.batch.policy import Policy, PolicyError
from grading.batch.records import Record, RecordError
from grading.batch.run import (
    Job,
    changed_checks,
    changes,
    grade_all,
    plan,
    record_path,
    write_reports,
)
from grading.batch.times import TimesError
from grading.manifest import Course
from grading.sandbox.home import SandboxError, in_words, refuse_if_exposed
from grading.sandbox.lockin import offered

TIMES = "submitted.csv"  # in the folder of grades: the list of times that was given last


class UsageError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


@dataclass(frozen=True)
class Request:
    """The arguments of `course grade`."""

    folder: Path
    out: Path
    jobs: int
    only: tuple[str, ...] = ()
    regrade: bool = False
    seed: int | None = None
    policy: Path | None = None
    scheduler: str | None = None
    unsafe: bool = False
    submitted: Path | None = None


def run(course: Course, request: Request, console: Console | None = None) -> bool:
    """Grade, write everything into `request.out`, and tell what came out.

    Returns:
        Whether every submission was graded in full.

    Raises:
        UsageError: nothing was graded.
        KeyboardInterrupt: after Ctrl-C; what is done is kept, and no process is left.
    """
    console = console or Console()
    started = time.monotonic()
    policy = _policy(course, request)
    found, warnings = _find(request)
    try:
        waiting, earlier, seed = plan(course, found, request.out, request.seed, request.regrade)
    except RecordError as error:
        raise UsageError(f"{error}; move it away, and its student is graded again") from None
    offer = offered()
    if not offer.protects and not request.unsafe and request.scheduler is None:
        raise UsageError(
            "student code cannot be locked in here, so nothing was run. What is missing: "
            + "; ".join(offer.missing)
            + ". If you trust every submission: --unsafe"
        )
    try:
        for folder in (request.folder, request.out):
            refuse_if_exposed(folder)
    except SandboxError as error:
        raise UsageError(str(error)) from None
    students = {hand_in.student_id for hand_in in found}
    if not request.only:
        warnings += _unknown_in_policy(policy, students)
    for warning in warnings:
        _say(console, f"warning: {warning}")
    _say(console, f"student code is {in_words(offer)}" if request.scheduler is None else "")
    _say(console, f"seed {seed}; {len(waiting)} to grade, {len(found) - len(waiting)} as before")
    jobs = [Job(course.root, hand_in, seed, request.unsafe) for hand_in in waiting]
    _keep_times(request)
    graded: list[str] = []  # students
    try:
        _grade(console, jobs, request, graded)
    except (SandboxError, ClusterError) as error:
        raise UsageError(str(error)) from None
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.kill()  # and with it all that it started
        left = len(jobs) - len(graded)
        _say(console, f"stopped: {len(graded)} graded, {left} left to do")
        _say(console, "the same command goes on from here")
        raise
    _tell_changes(console, earlier, request.out, graded)
    write_reports(course, request.out, policy, seconds=time.monotonic() - started)
    for remark in policies.remarks(list(records.read_all(request.out / "records")), policy):
        _say(console, f"warning: {remark}")
    return _summary(console, request.out, time.monotonic() - started)


def _policy(course: Course, request: Request) -> Policy:
    if request.policy is None:
        return Policy()
    try:
        return policies.load(request.policy, course)
    except PolicyError as error:
        raise UsageError(str(error)) from None


def _find(request: Request) -> tuple[list[HandIn], list[str]]:
    """The submissions that were asked for, with the times that a list gives, and warnings."""
    if not request.folder.is_dir():
        raise UsageError(f"{request.folder} is not a folder of submissions")
    if request.out.resolve().is_relative_to(request.folder.resolve()):
        raise UsageError(f"--out {request.out} lies among the submissions; name another folder")
    if (
        request.out.is_dir()
        and not (request.out / "records").is_dir()
        and any(request.out.iterdir())
    ):
        raise UsageError(f"--out {request.out} holds other files; name a new or an earlier folder")
    found, warnings = submissions.find(request.folder)
    if not found:
        raise UsageError(f"there is no folder and no archive in {request.folder}")
    times = request.submitted or request.out / TIMES
    if request.submitted is not None or times.is_file():
        try:
            found, more = timed(found, times)
        except TimesError as error:
            raise UsageError(str(error)) from None
        warnings += [] if request.only else more
    if request.only:
        ids = {hand_in.student_id: hand_in for hand_in in found}
        unknown = [student for student in request.only if student not in ids]
        if unknown:
            raise UsageError(
                f"there is no submission of {', '.join(unknown)}{_meant(unknown, ids)}"
            )
        found = [ids[student] for student in dict.fromkeys(request.only)]
    return found, warnings


def _keep_times(request: Request) -> None:
    """Later runs use the same list of times."""
    if request.submitted is not None and request.submitted.resolve() != request.out / TIMES:
        (request.out / "records").mkdir(parents=True, exist_ok=True)
        write_whole(request.out / TIMES, request.submitted.read_text(encoding="utf-8-sig"))


def _meant(unknown: Sequence[str], known: Iterable[str]) -> str:
    """A question about the name that was meant, where one is close."""
    close = difflib.get_close_matches(unknown[0], list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _unknown_in_policy(policy: Policy, students: set[str]) -> Iterator[str]:
    """Warnings about students whom the policy names and who handed in nothing."""
    for setting in ("extensions", "submitted"):
        for student in sorted(getattr(policy, setting).keys() - students):
            meant = _meant([student], students)
            yield f"[{setting}] of the policy: no submission of {student}{meant}"


def _grade(console: Console, jobs: list[Job], request: Request, graded: list[str]) -> None:
    """Grade all jobs under a progress bar; each record is written as it comes."""
    if not jobs:
        return
    n_processes = min(request.jobs, len(jobs))
    address = request.scheduler

    def make(n: int) -> Executor:
        return processes(n) if address is None else cluster(address)

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=len(jobs))
        for record in grade_all(jobs, make, n_processes):
            records.write(record, record_path(request.out, record.student_id))
            graded.append(record.student_id)
            progress.advance(bar)


def _tell_changes(
    console: Console, earlier: dict[str, Record], out: Path, graded: list[str]
) -> None:
    again = [student for student in graded if student in earlier]
    found = changes(earlier, [records.read(record_path(out, student)) for student in again])
    for change in sorted(found, key=lambda change: change.after.student_id):
        before, after = change.before.score, change.after.score
        _say(console, f"{change.after.student_id}: {before} → {after} points")
        for line in changed_checks(change):
            _say(console, f"    {line}")
    if again:
        _say(console, f"{len(again)} graded again, {len(found)} of them with a change")


def _summary(console: Console, out: Path, seconds: float) -> bool:
    kept = list(records.read_all(out / "records"))
    troubled = [record for record in kept if record.status != "complete"]
    for record in troubled:
        _say(console, f"{record.status}: {record.student_id}: {record.reason}")
    done = len(kept) - len(troubled)
    _say(console, f"{done} of {len(kept)} submissions graded in full, in {seconds:.0f} s")
    _say(console, f"grades: {out / 'grades.csv'}   overview: {out / 'index.html'}")
    return not troubled


def _say(console: Console, text: str) -> None:
    if text:
        console.print(escape(text), highlight=False, soft_wrap=True)
