"""Shared by the export commands: get points from records, and fill in an exported file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.batch import adjustments as by_hand
from grading.batch import policy as policies
from grading.batch import pseudonyms, records
from grading.batch import roster as rosters
from grading.batch.adjustments import Adjustments, adjusted
from grading.batch.policy import Policy
from grading.batch.pseudonyms import Key
from grading.batch.records import Record
from grading.errors import UsageError
from grading.exports.filling import Filled
from grading.exports.table import read_text
from grading.manifest import Course
from grading.names import listed


def kept(grades: Path) -> list[Record]:
    """The records that `course grade` wrote into a folder, under pseudonyms if that is anonymous.

    Raises:
        UsageError: there are none.
    """
    found = list(records.read_all(grades / "records"))
    if not found:
        raise UsageError(f"there are no records in {grades}; write them with: course grade")
    return found


def kept_with_ids(course: Course, grades: Path) -> tuple[list[Record], Adjustments]:
    """The records and the adjustments under the ids of their students, for the platform that they
    are from.

    Raises:
        UsageError: there are none, or they are under pseudonyms and the key is missing or has not
            all of them.
    """
    adjustments, found = by_hand.kept_in(grades, course), kept(grades)
    key = pseudonyms.kept_in(grades) or Key()
    unknown = [one.student_id for one in found if one.anonymous and one.student_id not in key.first]
    if unknown:
        raise UsageError(
            f"{grades / pseudonyms.KEPT} does not say who is {listed(unknown)}: put back the key "
            "that course grade wrote"
        )
    real = [pseudonyms.real_record(one, key) if one.anonymous else one for one in found]
    return real, pseudonyms.renamed_adjustments(adjustments, key.id_of)


@dataclass(frozen=True)
class Points:
    """What to fill in.

    Attributes:
        scores: by student: points, or with a policy the final percentage of all points.
        records: by student, what the scores are of, with the points that were earned.
        left_alone: by student, why nothing is filled in.
        platform_ids: the Canvas or Moodle ids of students whose work it delivered.
        missing: students who handed in nothing, for whom nothing is filled in.
    """

    scores: dict[str, float]
    records: dict[str, Record]
    adjustments: Adjustments
    left_alone: dict[str, str]
    platform_ids: dict[str, str]
    missing: list[str]


def points(
    course: Course,
    grades: Path,
    policy: Path | None,
    no_policy: bool,
    zero_ungradable: bool,
    zero_missing: bool,
) -> Points:
    """What each student gets. Where grading is incomplete, or the submission is ungradable or
    missing, nothing is filled in, so that a grade in the other system is not overwritten."""
    zero = {"ungradable": zero_ungradable, "missing": zero_missing}
    rules = None if no_policy else _rules(course, grades, policy)
    found, adjustments = kept_with_ids(course, grades)
    scores, left_alone, missing = {}, {}, []
    for record in found:
        if record.status == "complete" or zero.get(record.status):
            counted = adjusted(record, adjustments)
            final = float(counted.score) if rules is None else policies.grade(counted, rules).final
            scores[record.student_id] = final
        elif record.status == "missing":
            missing.append(record.student_id)
        else:
            left_alone[record.student_id] = f"{record.status}: {record.reason}"
    by_student = {record.student_id: record for record in found}
    ids = {one: record.platform_id for one, record in by_student.items() if record.platform_id}
    return Points(scores, by_student, adjustments, left_alone, ids, missing)


def _rules(course: Course, grades: Path, policy: Path | None) -> Policy | None:
    """The given policy, else the one stored with the grades, with the deadlines of the
    roster, by the ids of students; None if there is none."""
    key = pseudonyms.kept_in(grades) or Key()
    if policy is not None:
        rules = policies.load(policy, course)
    elif (grades / policies.KEPT).exists():
        rules = pseudonyms.renamed(policies.kept_in(grades, course), key.id_of)
    else:
        return None
    roster = pseudonyms.real_roster(rosters.kept_in(grades), key)
    return rosters.with_extensions(rules, roster)


def fill_file(
    exported: Path, out: Path, found: Points, fill: Callable[[str], Filled]
) -> Iterator[str]:
    """Write the filled file; returns lines that say what was filled in and what was not."""
    done, ids = fill(read_text(exported)), found.platform_ids
    out.write_bytes(done.text.encode("utf-8"))
    yield f"wrote {out}: {len(done.filled)} filled, matched by {', '.join(done.matched_by)}"
    for student, reason in found.left_alone.items():
        yield f"left alone, because not graded in full: {student} ({reason})"
    told = {
        name
        for student in (*found.left_alone, *found.missing)
        for name in (student, ids.get(student))
    }
    others = [name for name in done.without_score if name not in told]
    for students, words in (
        (found.missing, "left alone, because nothing was handed in (--zero-missing fills in 0)"),
        (done.kept, "kept as they were"),
        (others, "in the file, but without a record"),
        (done.not_in_file, "graded, but not in the file"),
    ):
        if students:
            yield f"{words}: {', '.join(students)}"
    yield from done.warnings
