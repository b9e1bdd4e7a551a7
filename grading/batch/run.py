"""Grade a folder of submissions: in parallel and resumable.

`grade_one` does the work for one submission and runs wherever an executor puts it: in a process of
this machine, or on a cluster. Everything else happens in the process that the instructor started,
which writes each record as soon as it is available.
"""

import atexit
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grading import manifest
from grading.batch import records, submissions
from grading.batch.grade import checks_sha256, grade
from grading.batch.platforms import HandIn, plain
from grading.batch.records import Record
from grading.batch.reference import faults_on_reference
from grading.batch.submissions import Submission
from grading.errors import UsageError
from grading.feedback.run import ChecksError
from grading.manifest import Course
from grading.sandbox.sandboxed import SandboxError, Zygote

MakeExecutor = Callable[[int], Executor]  # from the number of jobs
Found = HandIn | Path

_one_at_a_time = threading.Lock()
_zygotes: dict[tuple[Path, bool], Zygote] = {}


@dataclass(frozen=True, eq=False)
class Job:
    """What a process needs to know to grade one submission."""

    course: Path
    submission: Found | Submission
    seed: int
    unsafe: bool
    alone: bool = True  # whether nothing else is graded meanwhile


@dataclass(frozen=True)
class Change:
    """A submission whose record changed."""

    before: Record
    after: Record


# One submission, wherever an executor runs it


def grade_one(job: Job) -> Record:
    """Read and grade one submission; the process reuses its zygote for the next one."""
    with _one_at_a_time:  # pytest and the random states belong to the whole process
        course = manifest.load(job.course)
        submission = _opened(course, job)
        record = grade(course, submission, _zygote(course, job.unsafe), job.seed, job.alone)
        if record.status == "incomplete" and job.alone:  # the zygote may have died: a new one
            record = grade(course, submission, _zygote(course, job.unsafe), job.seed, job.alone)
        return record


def _opened(course: Course, job: Job) -> Submission:
    if isinstance(job.submission, Submission):
        return job.submission
    return submissions.read(course, job.submission)


def grade_one_folder(course: Course, folder: Path, student_id: str) -> Record:
    """Grade a single folder with a new seed, in this process."""
    hand_in = replace(plain(folder), student_id=student_id)
    return grade_one(Job(course.root, hand_in, new_seed(), unsafe=False))


def try_checks(course: Path, part: int, seed: int, unsafe: bool) -> list[str]:
    """What is wrong with a part's checks: they run on the reference, twice if once fails."""
    with _one_at_a_time:
        loaded = manifest.load(course)
        alone = replace(loaded, parts=(loaded.part(part),))
        for _ in range(2):
            faults = faults_on_reference(alone, lambda: _zygote(loaded, unsafe), seed)
            if not faults:
                break
        return faults


def new_seed() -> int:
    """An unpredictable seed."""
    return secrets.randbelow(2**31)


def _zygote(course: Course, unsafe: bool) -> Zygote:
    key = course.root, unsafe
    if key not in _zygotes or _zygotes[key].process.poll() is not None:
        _zygotes[key] = Zygote(course, unsafe)
        atexit.register(_zygotes[key].close)
    return _zygotes[key]


# A class


@dataclass(frozen=True)
class Plan:
    """What to grade.

    Attributes:
        seeds: by submission, in order; submissions not in here have a valid record.
        earlier: the existing records, by student.
        opened: those of `seeds` that were opened to see whether they changed.
        missing: students who had handed in nothing.
    """

    seeds: dict[Found, int]
    earlier: dict[str, Record]
    opened: dict[Found, Submission] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def jobs(self, course: Course, unsafe: bool) -> list[Job]:
        return [
            Job(course.root, self.opened.get(hand_in, hand_in), seed, unsafe)
            for hand_in, seed in self.seeds.items()
        ]


def plan(
    course: Course,
    found: Sequence[Found],
    out: Path,
    seed: int | None,
    regrade: bool,
    told: Callable[[str, str], str] = lambda student, text: text,
) -> Plan:
    """Which submissions to grade, each with which seed.

    A record stays valid while the submission and the checks are the same, and the seed if one is
    given; if only the submission time changed, the record is updated. Without a `seed`, a first
    grading uses that of most records, so that a class is graded with one seed.
    Grading again uses a new one, because feedback on the first grading showed the inputs.

    Args:
        told: how the record of a student tells why the submission cannot be graded.
    """
    there = {record.student_id: record for record in records.read_all(out / "records")}
    earlier = {one: record for one, record in there.items() if record.status != "missing"}
    common = Counter(record.seed for record in earlier.values()).most_common(1)
    first = seed if seed is not None else common[0][0] if common else new_seed()
    again = seed if seed is not None else new_seed()
    checks = checks_sha256(course)

    def stands(hand_in: Found, record: Record | None) -> bool:
        if record is None or record.status == "incomplete":
            return False
        submission = submissions.read(course, hand_in)
        problem = submission.problem and told(record.student_id, submission.problem)
        same = (
            record.checks_sha256 == checks
            and seed in (None, record.seed)
            and record.submission_sha256 == submission.sha256
            and record.reason == problem
        )
        if same and (retimed := _retimed(record, submission)) != record:
            records.write(retimed, record_path(out, record.student_id))
            earlier[record.student_id] = retimed
        if not same:
            opened[hand_in] = submission
        return same

    seeds: dict[Found, int] = {}
    opened: dict[Found, Submission] = {}
    for hand_in in found:
        record = earlier.get(submissions.student_id(hand_in))
        if regrade or not stands(hand_in, record):
            seeds[hand_in] = first if record is None else again
    return Plan(seeds, earlier, opened, tuple(there.keys() - earlier.keys()))


def _retimed(record: Record, submission: Submission) -> Record:
    """The record, updated with what is known now besides the code."""
    return replace(record, **submission.known, copy_of=None)


def grade_all(
    jobs: Sequence[Job],
    make_executor: MakeExecutor,
    n_processes: int,
    checked: bool = True,
) -> Iterator[Record]:
    """The records of all jobs, as they are finished.

    Unless `checked`, the checks are first tested on the reference.

    A process that dies breaks the whole pool, and a machine that runs out of a resource fails the
    next request, whoever made it. Affected jobs are then run one by one; a job that fails alone
    gets a record that says so.

    Raises:
        SandboxError: student code cannot be run where the executor would run it, not even once.
        UsageError: the executor is gone.
    """
    waiting = [replace(job, alone=n_processes == 1) for job in jobs]
    works = False  # whether student code can be run at all
    while waiting:
        done: set[Job] = set()
        for job, result in _run(waiting, make_executor, n_processes, checked):
            if isinstance(result, Record) and (job.alone or result.status != "incomplete"):
                works = True
                done.add(job)
                yield result
            elif isinstance(result, SandboxError) and not works:
                break
        checked = True
        left = [job for job in waiting if job not in done]
        suspects, waiting = left[: 2 * n_processes + 1], left[2 * n_processes + 1 :]
        for job in suspects:
            for _, result in _run([replace(job, alone=True)], make_executor, 1):
                if isinstance(result, SandboxError) and not works:
                    raise result
                works = works or isinstance(result, Record)
                yield result if isinstance(result, Record) else _lost(job, result)


def _run(
    jobs: Sequence[Job], make_executor: MakeExecutor, n_processes: int, checked: bool = True
) -> Iterator[tuple[Job, Record | Exception]]:
    """Each job's result, or the error if a process failed, died or could not be started."""
    executor = make_executor(n_processes)
    futures: dict[Future[Record], Job] = {}
    try:
        if not checked:
            _refuse_faulty_checks(executor, jobs[0])
        try:
            futures |= {executor.submit(grade_one, job): job for job in jobs}
        except (OSError, RuntimeError) as error:  # no more processes or threads
            yield jobs[0], error
            return
        for future in as_completed(list(futures)):
            yield futures.pop(future), _result(future)  # records are let go, however many
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _refuse_faulty_checks(executor: Executor, job: Job) -> None:
    """Raise ChecksError if the reference does not get full points in every part."""
    parts = manifest.load(job.course).parts
    tried = [
        executor.submit(try_checks, job.course, part.number, job.seed, job.unsafe) for part in parts
    ]
    try:
        faults = [fault for of_part in tried for fault in of_part.result()]
    except SandboxError:
        raise
    except CancelledError:
        raise UsageError("the cluster went away; run the same command again to resume") from None
    except Exception as error:
        raise ChecksError(f"they could not be run on the reference: {error!r}") from error
    if faults:
        raise ChecksError("\n".join(faults))


def _result(future: Future[Record]) -> Record | Exception:
    try:
        return future.result()
    except CancelledError:
        raise UsageError("the cluster went away; run the same command again to resume") from None
    except Exception as error:  # each executor has one of its own for a process that died
        return error


def _lost(job: Job, error: Exception) -> Record:
    """The record of a submission on which the grader's own process failed or died."""
    course = manifest.load(job.course)
    submission = _opened(course, job)
    return _nothing_graded(
        student_id=submission.student_id,
        submission_sha256=submission.sha256,
        checks_sha256=checks_sha256(course),
        seed=job.seed,
        status="incomplete",
        reason=f"the grader's own process failed on this submission: {error!r}",
        sandbox="unknown: the process died",
        warnings=submission.warnings,
        **submission.known,
    )


def missing(
    students: Iterable[str], kept: Sequence[Record], checks: str, anonymous: bool = False
) -> list[Record]:
    """The records of students who handed in nothing, with the highest score of the class."""
    return [
        _nothing_graded(
            student_id=student,
            submission_sha256=submissions.sha256_of(()),
            checks_sha256=checks,
            seed=0,
            status="missing",
            reason="nothing was handed in",
            max_score=max((record.max_score for record in kept), default=0),
            anonymous=anonymous,
        )
        for student in students
    ]


def _nothing_graded(**known: Any) -> Record:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    nothing = {"seconds": 0.0, "score": 0, "max_score": 0, "sandbox": "", "tasks": ()}
    return Record(**{"started": now, **nothing, **known})


def record_path(out: Path, student_id: str) -> Path:
    return out / "records" / f"{records.file_name(student_id)}.json"


def changes(before: dict[str, Record], after: Sequence[Record]) -> list[Change]:
    """Whose points differ from the earlier record."""
    found = []
    for record in after:
        earlier = before.get(record.student_id)
        if earlier is not None and _points(earlier) != _points(record):
            found.append(Change(earlier, record))
    return found


def changed_checks(change: Change) -> Iterator[str]:
    """Each check whose result changed, in words: "3.2 test_…: wrong → passed (+2)"."""
    before, after = _points(change.before), _points(change.after)
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, (0, "not there")), after.get(name, (0, "not there"))
        if old != new:
            yield f"{name}: {old[1]} → {new[1]} ({new[0] - old[0]:+d})"


def _points(record: Record) -> dict[str, tuple[int, str]]:
    """Points and state of each check."""
    found: dict[str, tuple[int, str]] = {
        f"{task.id} {check.name}": (check.score, check.state)
        for task in record.tasks
        for check in task.checks
    }
    for hidden in record.hidden:
        state = "passed" if hidden.score else "not passed"
        found[f"{hidden.task} {hidden.name} (hidden)"] = hidden.score, state
    return found
