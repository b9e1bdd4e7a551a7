"""What the export commands share: records to points, and an exported file to a filled one."""

from collections.abc import Callable, Iterator
from pathlib import Path

from grading.batch import policy as policies
from grading.batch import records
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


def points(course: Course, grades: Path, policy: Path | None) -> dict[str, float]:
    """By student: points, or with a policy the final percentage of all points."""
    found = kept(grades)
    if policy is None:
        return {record.student_id: float(record.score) for record in found}
    rules = policies.load(policy, course)
    return {record.student_id: policies.grade(record, rules).final for record in found}


def platform_ids(grades: Path) -> dict[str, str]:
    """What Canvas or Moodle calls those students whose work it delivered."""
    return {
        record.student_id: record.platform_id
        for record in kept(grades)
        if record.platform_id is not None
    }


def fill_file(exported: Path, out: Path, fill: Callable[[str], Filled]) -> Iterator[str]:
    """Write the filled file, and say in lines what was filled and what was not."""
    done = fill(read_text(exported))
    out.write_bytes(done.text.encode("utf-8"))
    yield f"wrote {out}: {len(done.filled)} filled, matched by {', '.join(done.matched_by)}"
    for students, words in (
        (done.kept, "kept as they were"),
        (done.without_score, "in the file, but without a record"),
        (done.not_in_file, "graded, but not in the file"),
    ):
        if students:
            yield f"{words}: {', '.join(students)}"
    yield from done.warnings
