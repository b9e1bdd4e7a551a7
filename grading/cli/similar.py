"""`course similar`: from the folder of grades to the pages on similarity."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import track

from grading.backup import write_whole
from grading.batch import pseudonyms, submissions
from grading.batch.pseudonyms import Key
from grading.batch.redaction import Redaction
from grading.cli.given import Request, by_student, key_of, roster_of
from grading.cli.grade_class import FOLDER, say
from grading.errors import UsageError
from grading.manifest import Course
from grading.names import plural
from grading.reports import similarity
from grading.reports.similar_pairs import similarity_csv, similarity_html


def run(course: Course, grades: Path, folder: Path | None, threshold: float | None) -> None:
    """Compare all submissions and write similarity.html and similarity.csv to `grades`.

    Raises:
        UsageError: there are no grades, or no submissions to compare.
    """
    console = Console()

    bar = partial(track, console=console, disable=not console.is_terminal)
    folder = _folder(grades, folder)
    threshold = similarity.THRESHOLD if threshold is None else threshold
    hand_ins, warnings = submissions.find(folder)
    if not hand_ins:
        raise UsageError(f"there is no folder and no archive in {folder}")
    if not course.solutions.is_dir():
        warnings.append("there is no solutions/, so what is in the reference counts as similar")
    request, key = Request(folder, grades, jobs=1), key_of(grades)
    known = key or Key()
    roster, _ = roster_of(request, known)
    _, hand_ins, more = by_student(course, request, hand_ins, roster, known)
    warnings += more
    words = None
    if key is not None:
        hand_ins = [pseudonyms.of_hand_in(hand_in, key) for hand_in in hand_ins]
        everybody = [one for hand_in in hand_ins for one in hand_in.members]
        if any(one.student_id not in key.first for one in everybody):
            raise UsageError(
                f"{grades / pseudonyms.KEPT} does not know everybody who handed in: grade the "
                "class again first"
            )
        words = Redaction.of(key, hand_ins, pseudonyms.of_roster(roster, key))
        warnings = [words.line(warning) for warning in warnings]
    for warning in warnings:
        say(console, f"warning: {warning}")
    given = similarity.given(course)
    texts: list[similarity.Text] = []
    left_out: list[tuple[str, str]] = []
    for hand_in in bar(hand_ins, "reading"):
        submission = submissions.read(course, hand_in)
        name = " + ".join(member.student_id for member in hand_in.members)
        found, reasons = similarity.texts(course, given, replace(submission, student_id=name))
        reasons += [submission.problem] if submission.problem else []
        if words is not None:
            found = [replace(text, content=words.code(text.content)) for text in found]
            reasons = [words.about_files(hand_in.student_id, reason) for reason in reasons]
        texts += found
        left_out += [(name, reason) for reason in reasons]
    texts = similarity.uncommon(texts)
    pairs = similarity.pairs(bar(similarity.candidates(texts), "comparing"), threshold)
    page = similarity_html(course, texts, pairs, left_out, threshold)
    write_whole(grades / "similarity.csv", similarity_csv(pairs))
    write_whole(grades / "similarity.html", page)
    of_all = plural(len(hand_ins), "submission")
    say(console, f"{plural(len(pairs), 'pair')} from {threshold:g} on, among {of_all}")
    say(console, f"page: {grades / 'similarity.html'}   table: {grades / 'similarity.csv'}")


def _folder(grades: Path, given: Path | None) -> Path:
    """The folder of submissions: the given one, or the one last graded into `grades`."""
    if not (grades / "records").is_dir():
        raise UsageError(f"{grades} is not a folder written by course grade")
    kept = grades / FOLDER
    if given is None and not kept.is_file():
        raise UsageError(f"{kept} is missing: name the folder of submissions with --submissions")
    folder = given or Path(json.loads(kept.read_text(encoding="utf-8")))
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder of submissions: if they were moved, name it with "
            "--submissions"
        )
    return folder
