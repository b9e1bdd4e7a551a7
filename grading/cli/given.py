"""What `course grade` is given, now or by an earlier run: the class, its submissions, the rules."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grading.backup import write_whole
from grading.batch import adjustments as by_hand
from grading.batch import policy as policies
from grading.batch import pseudonyms, records, submissions
from grading.batch import roster as rosters
from grading.batch.adjustments import Adjustments, Rules
from grading.batch.groups import by_roster, owners
from grading.batch.platforms import HandIn, timed
from grading.batch.policy import Policy
from grading.batch.pseudonyms import Key
from grading.batch.redaction import Redaction
from grading.batch.roster import Student
from grading.batch.run import Plan
from grading.batch.times import LIST, read_list
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import meant
from grading.spreadsheets import csv_text

TIMES = "submitted.csv"  # in the folder of grades: the latest list of times


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
    no_policy: bool = False
    roster: Path | None = None
    adjustments: Path | None = None
    anonymous: bool = False


@dataclass(frozen=True)
class Class:
    """Who is in a class, what they handed in, and what applies to them.

    Attributes:
        delivered: the submissions by the ids that they came with.
        hand_ins: the same by student, one for each group; with pseudonyms if the class is
            anonymous, as all that follows.
        rules: the policy, with the deadlines of the roster, and the adjustments.
        former: the students on the roster, by what their submission is called if that is no id on
            it: so its record was called before there was a roster.
        words: what takes names out of texts, if the class is anonymous.
    """

    delivered: list[HandIn]
    hand_ins: list[HandIn]
    roster: Mapping[str, Student]
    rules: Rules
    warnings: list[str]
    former: Mapping[str, tuple[str, ...]]
    key: Key = field(default_factory=Key)
    words: Redaction | None = None

    @property
    def students(self) -> set[str]:
        """Who handed in, or is in the group of somebody who did."""
        return {one.student_id for hand_in in self.hand_ins for one in hand_in.members}


def class_of(course: Course, request: Request, key: Key | None) -> Class:
    """The class, under pseudonyms if there is a key, in which new people are added.

    Raises:
        UsageError: something that was given, now or by an earlier run, is invalid.
    """
    known = key or Key()
    roster, warnings = roster_of(request, known)
    delivered, more = _find(request)
    warnings += more
    policy, adjustments = _policy(course, request, known), adjustments_of(course, request)
    owned = owners(delivered, roster)
    if key is not None:
        others = policy.extensions.keys() | policy.submitted.keys()
        called = {one: name for one, (name, _) in owned.items()}
        known = pseudonyms.of_class(key, roster, delivered, called, others)
    delivered, hand_ins, more = by_student(course, request, delivered, roster, known)
    rules = Rules(rosters.with_extensions(policy, roster), adjustments)
    former = {one: students for one, (_, students) in owned.items() if one not in roster}
    found = Class(delivered, hand_ins, roster, rules, warnings, former)
    if not request.only:
        warnings += more
        warnings += rosters.remarks(policy, roster, known.tell)
        warnings += _unknown_in_policy(policy, found.students | roster.keys(), known.tell)
    return found if key is None else _without_names(found, known, request)


def _without_names(found: Class, key: Key, request: Request) -> Class:
    """The class under pseudonyms. Stored adjustments are so already."""
    hand_ins = [pseudonyms.of_hand_in(one, key) for one in found.hand_ins]
    hand_ins.sort(key=lambda one: one.student_id)  # also the order in which they are graded
    roster = pseudonyms.of_roster(found.roster, key)
    words = Redaction.of(key, hand_ins, roster)
    policy, adjustments = found.rules
    if request.adjustments is not None:
        adjustments = pseudonyms.renamed_adjustments(adjustments, key.of, words.line)
    rules = Rules(pseudonyms.renamed(policy, key.of), adjustments)
    warnings = [words.line(warning) for warning in found.warnings]
    former = {key.of(one): tuple(map(key.of, of)) for one, of in found.former.items()}
    return Class(found.delivered, hand_ins, roster, rules, warnings, former, key, words)


def chosen(request: Request, about: Class) -> list[HandIn]:
    """The submissions to grade: those of --only, or all."""
    if not request.only:
        return about.hand_ins
    only = [about.key.of(student) for student in request.only]
    by_student = {one.student_id: hand_in for hand_in in about.hand_ins for one in hand_in.members}
    unknown = [student for student in only if student not in by_student]
    if unknown:
        raise UsageError(
            f"there is no submission of {', '.join(unknown)}{meant(unknown[0], by_student)}"
        )
    return list(dict.fromkeys(by_student[student] for student in only))


def all_names(about: Class, planned: Plan) -> set[str]:
    """What the students can be called in a file that is given."""
    students = about.students | about.roster.keys() | planned.earlier.keys()
    return students | {name for student in students for name in about.key.names(student)}


def key_of(out: Path, anonymous: bool = False) -> Key | None:
    """The key stored with the grades, or a new one for --anonymous; else None."""
    path, key = out / pseudonyms.KEPT, pseudonyms.kept_in(out)
    earlier = next(records.read_all(out / "records"), None) if key is None else None
    if earlier is not None and earlier.anonymous:
        raise UsageError(f"{out} is anonymous, and {path} is missing: put it back")
    if earlier is not None and anonymous:
        raise UsageError(f"{out} has grades with ids: name another folder to be anonymous")
    return key or (Key() if anonymous else None)


def refuse_changed(out: Path, key: Key | None) -> None:
    """Refuse a key that another run has changed since it was read."""
    if key is not None and key != (pseudonyms.kept_in(out) or Key()):
        raise UsageError(
            f"{out / pseudonyms.KEPT} was changed by another course grade; run the command again"
        )


def roster_of(request: Request, key: Key) -> tuple[dict[str, Student], list[str]]:
    """The given roster and remarks on it, else the one stored with the grades; with ids."""
    if request.roster is not None:
        return rosters.read(request.roster)
    return pseudonyms.real_roster(rosters.kept_in(request.out), key), []


def _find(request: Request) -> tuple[list[HandIn], list[str]]:
    """All submissions, and warnings."""
    if not request.folder.is_dir():
        raise UsageError(f"{request.folder} is not a folder of submissions")
    if request.out.resolve().is_relative_to(request.folder.resolve()):
        raise UsageError(
            f"--out {request.out} is inside the folder of submissions; name another folder"
        )
    if (
        request.out.is_dir()
        and not (request.out / "records").is_dir()
        and any(request.out.iterdir())
    ):
        raise UsageError(
            f"--out {request.out} holds other files; name a new folder or one of earlier grades"
        )
    found, warnings = submissions.find(request.folder)
    if not found:
        raise UsageError(f"there is no folder and no archive in {request.folder}")
    return found, warnings


def by_student(
    course: Course,
    request: Request,
    found: list[HandIn],
    roster: Mapping[str, Student],
    key: Key,
) -> tuple[list[HandIn], list[HandIn], list[str]]:
    """The submissions with times from a list if there is one, the same by roster, and warnings."""
    warnings: list[str] = []
    if request.submitted is not None:
        found, warnings = timed(found, request.submitted, tell=key.tell)
    elif (request.out / TIMES).is_file():
        found, warnings = timed(found, request.out / TIMES, key.labelled, key.tell)
    if not roster:
        return found, found, warnings
    everybody, more = by_roster(course, found, roster, key.tell)
    return found, everybody, warnings + more


def _policy(course: Course, request: Request, key: Key) -> Policy:
    """The given policy, else the one stored with the grades; with ids."""
    if request.no_policy:
        return Policy()
    if request.policy is not None:
        return policies.load(request.policy, course)
    return pseudonyms.renamed(policies.kept_in(request.out, course), key.id_of)


def _unknown_in_policy(
    policy: Policy, students: set[str], tell: Callable[[str], str] = str
) -> Iterator[str]:
    """Warnings about students in the policy who submitted nothing."""
    for setting in ("extensions", "submitted"):
        for student in sorted(getattr(policy, setting).keys() - students):
            close = meant(student, students, tell)
            yield f"[{setting}] of the policy: no submission of {tell(student)}{close}"


def adjustments_of(
    course: Course,
    request: Request,
    students: Collection[str] | None = None,
    of: Callable[[str], str] = str,
) -> Adjustments:
    """The given adjustments, else those stored with the grades; `students` and, for those given,
    `of` are as for `load`."""
    if request.adjustments is not None:
        return by_hand.load(request.adjustments, course, students, of)
    return by_hand.kept_in(request.out, course, students)


def keep_times(request: Request, about: Class) -> None:
    """Later runs use the same list of times."""
    if request.submitted is None:
        return
    said, _ = read_list(request.submitted)
    known = said if about.words is None else about.key.labels
    times = {name: at for name, at in said.items() if name in known}
    times |= {
        one.student_id: one.sent.at
        for one in about.delivered
        if one.sent and one.sent.by == LIST and one.sent.at
    }
    rows = sorted((about.key.label(name), at) for name, at in times.items())
    write_whole(request.out / TIMES, csv_text([("student_id", "time"), *rows]))


def keep_roster(request: Request, about: Class) -> None:
    """Later runs and exports use the same roster."""
    if request.roster is not None:
        rosters.write(about.roster, request.out / rosters.KEPT)
