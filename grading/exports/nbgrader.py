"""The points of every check as scores in nbgrader's gradebook, and pages for its feedback/.

The points of a check become the *manual* score of its test cell: `nbgrader export`, formgrader and
nbgrader's feedback prefer the manual score, and `nbgrader autograde` never writes it. Extra credit
is a human's decision and stays; nbgrader adds it. Points are written as earned; late penalties are
up to nbgrader.

`nbgrader release_feedback` publishes feedback/<student>/<assignment>/<notebook>.html under a name
derived from submission_secret.txt next to it, which `nbgrader submit` writes. It fails for the
whole class if that file or timestamp.txt is missing or is not text.
"""

import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from grading.backup import write_whole
from grading.batch.adjustments import NO_ADJUSTMENTS, Adjustments, given
from grading.batch.platforms import SECRET, TIMESTAMP
from grading.batch.records import Record, part_of, plain_name, total
from grading.batch.times import NBGRADER, is_proof, moment
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import listed, plural
from grading.reports.feedback import feedback_html

MOST_OF_A_SECRET = 1000  # bytes; nbgrader's have 128


def cell_name(task_id: str, check: str) -> str:
    """For example test-3-2-forward_of_one_pair for test_forward_of_one_pair of task 3.2."""
    return f"test-{task_id.replace('.', '-')}-{check.removeprefix('test_')}"


def assignment_name(part: int) -> str:
    """The name of a part's assignment and of its only notebook."""
    return f"part{part}"


def points_by_cell(
    record: Record, adjustments: Adjustments = NO_ADJUSTMENTS
) -> dict[int, dict[str, tuple[int, int]]]:
    """By part and test cell, score and maximum of each check. Hidden checks have no cell."""
    changed = {one.override.key: one.override.points for one in given(record, adjustments)}
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for task in record.tasks:
        cells = found.setdefault(part_of(task.id), {})
        more = changed.get((task.id, None), task.score) - task.score
        for check in task.checks:
            score = changed.get((task.id, plain_name(check.name)), check.score)
            step = min(max(more, -score), check.points - score)  # of the whole task's change
            more -= step
            cells[cell_name(task.id, check.name)] = (score + step, check.points)
    return found


def write(
    course: Course,
    records: Sequence[Record],
    path: Path,
    parts: Sequence[int] = (),
    adjustments: Adjustments = NO_ADJUSTMENTS,
) -> Iterator[str]:
    """Write scores into a gradebook and pages into feedback/ next to it; yields lines to print.

    Missing students and submissions are created. No scores are written for parts that were not
    submitted or for incomplete records. A page is written for each part that a student has in
    submitted/.

    Args:
        path: the gradebook.
        parts: only these; if empty, all parts in the records.

    Raises:
        UsageError: the file is not a gradebook, or its assignments do not match the records;
            nothing is written in that case.
    """
    from grading.exports import gradebook as gradebooks

    if parts:
        records = [_of_parts(record, parts) for record in records]
    complete = [record for record in records if record.status == "complete"]
    collected = _collected(course, path.parent / "submitted")
    students: set[str] = set()
    by_hand: list[str] = []
    n_scores = 0
    gradebooks.refuse_other_files(path)
    with gradebooks.opened(path) as gradebook:
        for part, worth in _worth(complete, parts).items():
            _refuse_misfits(part, worth, gradebooks.max_points(gradebook, assignment_name(part)))
        backup = gradebooks.back_up(path)
        known = {unicodedata.normalize("NFC", one.id): one.id for one in gradebook.students}
        for record in complete:
            # accented names have two Unicode forms; records use the composed one
            student = known.get(record.student_id, record.student_id)
            for part, cells in points_by_cell(record, adjustments).items():
                name, folder = assignment_name(part), collected.get((record.student_id, part))
                notebook = gradebooks.submitted(gradebook, student, name)
                if notebook is None and (folder or _handed_in(record, part)):
                    notebook = gradebooks.submit(gradebook, student, name, _time(record, folder))
                if notebook is not None:
                    scores = {cell: score for cell, (score, _) in cells.items()}
                    by_hand += gradebooks.write_scores(notebook, scores)
                    students.add(student)
                    n_scores += len(scores)
        gradebook.db.commit()
    yield f"kept the gradebook as it was in {backup}"
    yield f"wrote {path}: {n_scores} scores of {plural(len(students), 'student')}"
    if by_hand:
        yield f"where somebody had graded by hand: {listed(by_hand)}"
    pages = {key: folder for key, folder in collected.items() if not parts or key[1] in parts}
    yield from _write_pages(course, records, pages, path.parent / "feedback", adjustments)
    yield from _notes(records)


# Scores


def _worth(records: Sequence[Record], parts: Sequence[int]) -> dict[int, dict[str, int]]:
    """Maximum score by part and test cell, according to the records."""
    found: dict[int, dict[str, int]] = {}
    for record in records:
        for part, cells in points_by_cell(record).items():
            found.setdefault(part, {}).update({cell: most for cell, (_, most) in cells.items()})
    if records and (unknown := set(parts) - found.keys()):
        raise UsageError(f"no record has a part {min(unknown)}")
    return found


def _refuse_misfits(part: int, worth: Mapping[str, int], there: Mapping[str, float]) -> None:
    """Raise UsageError unless each check of the records has a cell worth the same points."""
    name = assignment_name(part)
    for cell, points in worth.items():
        if cell not in there:
            raise UsageError(
                f'notebook {name} of the gradebook has no test cell "{cell}"; '
                f"generate it again with: nbgrader generate_assignment {name} --force"
            )
        if there[cell] != points:
            raise UsageError(
                f'"{cell}" is worth {there[cell]:g} points in the gradebook and '
                f"{points} in the records; grade and generate with the same course"
            )


def _time(record: Record, folder: Path | None) -> datetime | None:
    """When a part was submitted; None if only file times say so."""
    if record.submitted is None or not is_proof(record.submitted_by):
        return None
    stamped = folder and record.submitted_by == NBGRADER and moment(_text(folder / TIMESTAMP))
    return stamped or moment(record.submitted)  # the record's time is that of the newest part


# Feedback


def _collected(course: Course, submitted: Path) -> dict[tuple[str, int], Path]:
    """The folder that nbgrader collected, by student (as named in records) and part."""
    numbers = {part.folder: part.number for part in course.parts}
    return {
        (unicodedata.normalize("NFC", folder.parent.name), numbers[folder.name]): folder
        for folder in sorted(submitted.glob("*/*"))
        if folder.name in numbers
    }


def _write_pages(
    course: Course,
    records: Sequence[Record],
    collected: Mapping[tuple[str, int], Path],
    feedback: Path,
    adjustments: Adjustments,
) -> Iterator[str]:
    """Write a page for each collected part and the files that release_feedback needs."""
    by_student = {record.student_id: record for record in records}
    n_pages, without_secret = 0, []
    for (student, part), submitted in collected.items():
        if student not in by_student:
            continue
        target = feedback / submitted.parent.name / submitted.name
        page = target / f"{assignment_name(part)}.html"
        record, mine = _of_parts(by_student[student], [part]), adjustments.of(student, part)
        write_whole(page, feedback_html(course, record, None, adjustments=mine))
        page.chmod(
            0o644
        )  # release_feedback copies the mode, and students must be able to read the copy
        secret = _text(submitted / SECRET)
        if not secret:  # a random one keeps the command from failing for the whole class
            without_secret.append(student)
            secret = _text(target / SECRET) or secrets.token_hex()
        write_whole(target / SECRET, secret)
        write_whole(target / TIMESTAMP, _text(submitted / TIMESTAMP))
        n_pages += 1
    yield f"wrote {feedback}: {plural(n_pages, 'page')}"
    if without_secret:
        yield (
            "not handed in with nbgrader submit, so nbgrader fetch_feedback cannot find the page: "
            + listed(list(dict.fromkeys(without_secret)))
        )


def _of_parts(record: Record, parts: Sequence[int]) -> Record:
    """The record reduced to these parts, of which a bonus counts like the others."""
    tasks = tuple(replace(task, bonus=False) for task in record.tasks if part_of(task.id) in parts)
    hidden = tuple(
        replace(check, bonus=False) for check in record.hidden if part_of(check.task) in parts
    )
    score, max_score = total([*tasks, *hidden])
    return replace(record, tasks=tasks, hidden=hidden, score=score, max_score=max_score)


def _text(path: Path) -> str:
    """The text of a small file, or "" if it is missing. A student may have written it."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(MOST_OF_A_SECRET).decode("ascii", errors="ignore")


# Records


def _handed_in(record: Record, part: int) -> bool:
    tasks = [task for task in record.tasks if part_of(task.id) == part]
    return any(check.state != "missing" for task in tasks for check in task.checks)


def _notes(records: Sequence[Record]) -> Iterator[str]:
    """Which records have points that are not written to nbgrader, and why."""
    missing = [record.student_id for record in records if record.status == "missing"]
    if missing:
        yield f"handed in nothing, so no score is written: {listed(missing)}"
    for record in records:
        if record.status not in ("complete", "missing"):
            reason = record.reason or "no reason is given"
            yield f"NO SCORE: {record.student_id}, whose record is {record.status}: {reason}"
    if hidden := sum(bool(record.hidden) for record in records):
        yield f"hidden checks have no cells, so their points are not in nbgrader: {hidden} records"
