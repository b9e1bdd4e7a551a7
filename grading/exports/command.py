"""Shared by the export commands: get points from records, and fill in an exported file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.batch import policy as policies
from grading.batch import records
from grading.batch.policy import Policy
from grading.batch.records import Record
from grading.exports.errors import ExportError
from grading.exports.filling import Filled
from grading.exports.table import read_text
from grading.manifest import Course


def kept(grades: Path) -> list[Record]:
    """The records that `course grade` wrote into a folder.

    Raises:
        ExportError: there are none.
    """
    found = list(records.read_all(grades / "records"))
    if not found:
        raise ExportError(f"there are no records in {grades}; write them with: course grade")
    return found


@dataclass(frozen=True)
class Points:
    """What to fill in.

    Attributes:
        scores: by student: points, or with a policy the final percentage of all points.
        left_alone: by student, why nothing is filled in.
        platform_ids: the Canvas or Moodle ids of students whose work it delivered.
    """

    scores: dict[str, float]
    left_alone: dict[str, str]
    platform_ids: dict[str, str]


def rules_for(course: Course, grades: Path, policy: Path | None, no_policy: bool) -> Policy | None:
    """The given policy, else the one stored with the grades; None means plain points."""
    if no_policy:
        return None
    if policy is not None:
        return policies.load(policy, course)
    return policies.kept_in(grades, course) if (grades / policies.KEPT).exists() else None


def points(found: Sequence[Record], rules: Policy | None, zero_ungradable: bool) -> Points:
    """What each student gets. Where grading is incomplete or the submission is ungradable, nothing
    is filled in, so that a grade in the other system is not overwritten."""
    scores, left_alone = {}, {}
    for record in found:
        if record.status == "complete" or (zero_ungradable and record.status == "ungradable"):
            final = float(record.score) if rules is None else policies.grade(record, rules).final
            scores[record.student_id] = final
        else:
            left_alone[record.student_id] = f"{record.status}: {record.reason}"
    ids = {
        record.student_id: record.platform_id for record in found if record.platform_id is not None
    }
    return Points(scores, left_alone, ids)


def fill_file(
    exported: Path, out: Path, found: Points, fill: Callable[[str], Filled]
) -> Iterator[str]:
    """Write the filled file; returns lines that say what was filled in and what was not."""
    done, ids = fill(read_text(exported)), found.platform_ids
    out.write_bytes(done.text.encode("utf-8"))
    yield f"wrote {out}: {len(done.filled)} filled, matched by {', '.join(done.matched_by)}"
    for student, reason in found.left_alone.items():
        yield f"left alone, because not graded in full: {student} ({reason})"
    told = {name for student in found.left_alone for name in (student, ids.get(student))}
    others = [name for name in done.without_score if name not in told]
    for students, words in (
        (done.kept, "kept as they were"),
        (others, "in the file, but without a record"),
        (done.not_in_file, "graded, but not in the file"),
    ):
        if students:
            yield f"{words}: {', '.join(students)}"
    yield from done.warnings
