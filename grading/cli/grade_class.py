"""`course grade`: from the request to the last line of output."""

import fcntl
import json
import multiprocessing
import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
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
from grading.batch import adjustments as by_hand
from grading.batch import policy as policies
from grading.batch import pseudonyms, records, redaction
from grading.batch import roster as rosters
from grading.batch.adjustments import Adjustments, Rules
from grading.batch.executors import cluster, processes
from grading.batch.grade import checks_sha256
from grading.batch.platforms import HandIn
from grading.batch.records import Record
from grading.batch.redaction import Redaction
from grading.batch.reference import faults_in_files
from grading.batch.run import (
    Plan,
    changed_checks,
    changes,
    grade_all,
    missing,
    plan,
    record_path,
)
from grading.cli.given import (
    Class,
    Request,
    adjustments_of,
    all_names,
    chosen,
    class_of,
    keep_roster,
    keep_times,
    key_of,
    refuse_changed,
)
from grading.errors import UsageError
from grading.feedback.run import ChecksError
from grading.manifest import Course
from grading.names import listed
from grading.reports import history
from grading.reports.write import write_reports
from grading.sandbox.confine import Offer, offered
from grading.sandbox.sandboxed import SandboxError, in_words, refuse_if_exposed

FOLDER = "submissions.json"  # there, too: the path of the folder of submissions


def run(course: Course, request: Request, console: Console | None = None) -> bool:
    """Grade, write everything to `request.out`, and print the results.

    Returns:
        Whether every submission was graded in full.

    Raises:
        UsageError: nothing was graded.
        KeyboardInterrupt: after Ctrl-C; finished records are kept, and no process is left.
    """
    console = console or Console()
    started = time.monotonic()
    stored = key_of(request.out, request.anonymous)
    about = class_of(course, request, stored)
    found = chosen(request, about)
    offer = offered()
    _refuse_without_protection(request, offer)
    with _only_one(request.out):
        refuse_changed(request.out, stored)
        past = history.read(request.out)
        told = (about.words.about_files,) if about.words else ()
        planned = plan(course, found, request.out, request.seed, request.regrade, *told)
        planned, warnings = _without_former(planned, about, found)
        warnings = [*about.warnings, *warnings]
        adjustments_of(course, request, all_names(about, planned), about.key.of)
        if planned.seeds:
            _refuse_checks(faults_in_files(course))
            if not course.solutions.is_dir():
                warnings.append("there is no solutions/ to test the checks on")
        for warning in warnings:
            say(console, f"warning: {warning}")
        if about.words is not None:
            pseudonyms.write(about.key, request.out / pseudonyms.KEPT)
        before = _keep_rules(console, course, request, about, planned.earlier)
        keep_times(request, about)
        keep_roster(request, about)
        write_whole(request.out / FOLDER, json.dumps(str(request.folder.resolve())) + "\n")
        say(console, f"student code is {in_words(offer)}" if request.scheduler is None else "")
        say(console, _to_do(planned, len(found)))
        graded: dict[str, Record] = {}
        try:
            _grade(console, course, request, planned, graded, about.words)
            graded |= _shared(request.out, found, planned.earlier | graded)
        finally:  # what is graded stays so, even after Ctrl-C
            past = history.with_run(past, planned.earlier, graded, before, about.rules)
            history.write(course, request.out, past)
        _tell_changes(console, planned.earlier, graded)
        handed_in = planned.earlier | graded
        kept = _with_missing(course, request.out, about, planned, list(handed_in.values()))
        _tell_overrides(console, about.rules.adjustments, planned.earlier, kept)
        seconds = time.monotonic() - started
        write_reports(course, request.out, kept, about.rules, about.roster, seconds)
        for remark in policies.remarks(kept, about.rules.policy):
            say(console, f"warning: {remark}")
        return _summary(console, course, request.out, kept, time.monotonic() - started)


def _without_former(planned: Plan, about: Class, found: Sequence[HandIn]) -> tuple[Plan, list[str]]:
    """The plan without records that were copied for somebody who has left the group since, and
    without those of the submissions in `found` from before they had the ids of the roster; and
    warnings about these, and about records of nobody in the class."""
    leads = {one.student_id for one in about.hand_ins}
    left = {
        student: record.copy_of
        for student, record in planned.earlier.items()
        if record.copy_of in leads and student not in about.students
    }
    in_class = about.roster.keys() | about.students
    now = {member.student_id for hand_in in found for member in hand_in.members}
    renamed = {
        one: students
        for one, students in about.former.items()
        if one in planned.earlier and one not in in_class and now.issuperset(students)
    }
    earlier = {
        one: record
        for one, record in planned.earlier.items()
        if one not in left and one not in renamed
    }
    warnings = [f"{one} is no longer in the group of {lead}" for one, lead in left.items()]
    if renamed:
        names = [f"{one} as {' + '.join(students)}" for one, students in renamed.items()]
        warnings.append(f"graded under the ids of the roster from now on: {listed(names)}")
    known = in_class | about.former.keys()
    others = sorted(earlier.keys() - known) if about.roster else ()
    if others:
        warnings.append(
            f"graded before, but neither on the roster nor in the folder: {listed(others)}; "
            "their records count until you move them away"
        )
    return replace(planned, earlier=earlier, missing=(*planned.missing, *left, *renamed)), warnings


def _refuse_without_protection(request: Request, offer: Offer) -> None:
    if not offer.protects and not request.unsafe and request.scheduler is None:
        raise UsageError(
            "student code cannot be sandboxed here, so nothing was run. What is missing: "
            + "; ".join(offer.missing)
            + ". If you trust every submission: --unsafe"
        )
    try:
        for folder in (request.folder, request.out):
            refuse_if_exposed(folder)
    except SandboxError as error:
        raise UsageError(str(error)) from None


def _refuse_checks(faults: Sequence[str]) -> None:
    if faults:
        raise UsageError("\n  ".join(["the checks are faulty, so nothing was graded:", *faults]))


@contextmanager
def _only_one(out: Path) -> Iterator[None]:
    """Lock the folder of grades. The system releases the lock however this process ends.

    Raises:
        UsageError: another run holds it.
    """
    (out / "records").mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UsageError(
                f"{out} is in use by another course grade ({lock.read().strip()}); "
                "wait for it, or name another folder"
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        lock.flush()
        yield


def _keep_rules(
    console: Console,
    course: Course,
    request: Request,
    about: Class,
    earlier: dict[str, Record],
) -> Rules:
    """Store the policy and the adjustments with the grades, for later runs and exports; print
    whose grade they change. Returns those before."""
    out, rules, words = request.out, about.rules, about.words
    before = rules
    try:
        policy = rosters.with_extensions(policies.kept_in(out, course), rosters.kept_in(out))
        before = Rules(policy, by_hand.kept_in(out, course))
    except UsageError as error:
        say(console, f"warning: grades are not compared with the earlier ones: {error}")
    if request.no_policy:
        (out / policies.KEPT).unlink(missing_ok=True)
    else:
        _keep(console, "policy", request.policy, out / policies.KEPT, words)
    _keep(console, "adjustments", request.adjustments, out / by_hand.KEPT, words)
    changed = []
    for student, record in earlier.items():
        old, new = before.grade(record).final, rules.grade(record).final
        if old != new:
            changed.append(f"    {student}: {old:g} → {new:g} %")
    if changed:
        causes = ["the policy changes"] * (before.policy != rules.policy)
        causes += ["the adjustments change"] * (before.adjustments != rules.adjustments)
        say(console, f"{' and '.join(causes)} {len(changed)} of {len(earlier)} grades:")
        for line in changed:
            say(console, line)
    return before


def _keep(
    console: Console, what: str, given: Path | None, path: Path, words: Redaction | None
) -> None:
    """Store a file with the grades if one is given, without names if there are `words`; print that
    an earlier one is used if not."""
    if given is None:
        say(console, f"{what}: {path}" if path.exists() else "")
    elif not (path.exists() and path.samefile(given)):
        text = given.read_text(encoding="utf-8-sig")
        write_whole(path, text if words is None else redaction.toml(text, words))


def _to_do(planned: Plan, n_found: int) -> str:
    """How many submissions will be graded, with which seed."""
    seeds = sorted(set(planned.seeds.values()))
    n = len(planned.seeds)
    told = f"seed {' and '.join(map(str, seeds))}; " if seeds else ""
    return f"{told}{n} to grade, {n_found - n} as before"


def _shared(out: Path, found: Sequence[HandIn], kept: Mapping[str, Record]) -> dict[str, Record]:
    """Write the record of a group for each of its other members; returns those that changed."""
    written = {}
    for hand_in in found:
        for member in hand_in.others:
            record = replace(
                kept[hand_in.student_id],
                student_id=member.student_id,
                platform_id=member.platform_id,
                copy_of=hand_in.student_id,
            )
            if kept.get(member.student_id) != record:
                records.write(record, record_path(out, record.student_id))
                written[record.student_id] = record
    return written


def _with_missing(
    course: Course, out: Path, about: Class, planned: Plan, handed_in: Sequence[Record]
) -> list[Record]:
    """All records by student, with those of who handed in nothing, which are written. Earlier ones
    of who is off the roster are dropped."""
    without = about.roster.keys() - {one.student_id for one in handed_in} - about.students
    checks, anonymous = checks_sha256(course), about.words is not None
    nothing = missing(without, handed_in, checks, anonymous)
    for record in nothing:
        records.write(record, record_path(out, record.student_id))
    kept = sorted([*handed_in, *nothing], key=lambda record: record.student_id)
    for student in {*planned.missing} - {record.student_id for record in kept}:
        record_path(out, student).unlink(missing_ok=True)
    return kept


def _grade(
    console: Console,
    course: Course,
    request: Request,
    planned: Plan,
    graded: dict[str, Record],
    words: Redaction | None,
) -> None:
    """Run the planned gradings with a progress bar; each record is written immediately, without
    names if there are `words`, and added to `graded`."""
    jobs = planned.jobs(course, request.unsafe)
    if not jobs:
        return
    n_processes = min(request.jobs, len(jobs))
    address = request.scheduler

    def make(n: int) -> Executor:
        return processes(n) if address is None else cluster(address)

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
    progress = Progress(*columns, *times, console=console, disable=not console.is_terminal)
    try:
        with progress:
            bar = progress.add_task("", total=len(jobs))
            for record in grade_all(jobs, make, n_processes, checked=False):
                if words is not None:
                    record = words.record(record)
                records.write(record, record_path(request.out, record.student_id))
                graded[record.student_id] = record
                progress.advance(bar)
    except ChecksError as error:
        _refuse_checks(str(error).splitlines())
    except SandboxError as error:
        raise UsageError(str(error)) from None
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.kill()  # and with it everything that it started
        left = len(jobs) - len(graded)
        say(console, f"stopped: {len(graded)} graded, {left} left")
        say(console, "run the same command again to resume")
        raise


def _tell_changes(console: Console, earlier: dict[str, Record], graded: dict[str, Record]) -> None:
    again = [record for _, record in sorted(graded.items()) if record.student_id in earlier]
    found = changes(earlier, again)
    for change in found:
        before, after = change.before.score, change.after.score
        say(console, f"{change.after.student_id}: {before} → {after} points")
        for line in changed_checks(change):
            say(console, f"    {line}")
    if again:
        say(console, f"{len(again)} graded again, {len(found)} of them with a change")


def _tell_overrides(
    console: Console,
    adjustments: Adjustments,
    earlier: dict[str, Record],
    kept: Sequence[Record],
) -> None:
    """Print which overrides have no effect, and under which of them the points changed."""
    for record in kept:
        student = record.student_id
        for override in by_hand.without_effect(record, adjustments):
            say(
                console,
                f"warning: the override of {override.what} for {student} has no effect: the record "
                "has no such task or check, or it is worth less",
            )
        if student not in earlier:
            continue
        before = {one.override: one.earned for one in by_hand.given(earlier[student], adjustments)}
        for one in by_hand.given(record, adjustments):
            was = before.get(one.override, one.earned)
            if was != one.earned:
                say(
                    console,
                    f"{student}: {one.override.what} earns {one.earned} instead of {was} points; "
                    f"the override to {one.override.points} stays",
                )


def _summary(
    console: Console, course: Course, out: Path, kept: Sequence[Record], seconds: float
) -> bool:
    nothing = [record.student_id for record in kept if record.status == "missing"]
    troubled = [record for record in kept if record.status not in ("complete", "missing")]
    for record in troubled:
        say(console, f"{record.status}: {record.student_id}: {record.reason}")
    checks = checks_sha256(course)
    others = [record.student_id for record in kept if record.checks_sha256 != checks]
    if others:
        say(
            console,
            f"graded with other checks than the current ones: {listed(others)}; grade the whole "
            "class again, or scores may not be comparable",
        )
    if nothing:
        say(console, f"{len(nothing)} of {len(kept)} students handed in nothing: {listed(nothing)}")
    n = len(kept) - len(nothing)
    done = n - len(troubled)
    say(console, f"{done} of {n} submissions graded in full, in {seconds:.0f} s")
    say(console, f"grades: {out / 'grades.csv'}   overview: {out / 'index.html'}")
    return not troubled


def say(console: Console, text: str) -> None:
    """Print a line as it is, unless it is empty."""
    if text:
        console.print(escape(text), highlight=False, soft_wrap=True)
