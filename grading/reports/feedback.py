"""A student's feedback page, and how pages are rendered.

Every text in a record may come from hostile code. So templates always escape, and every value
passes through `clean`.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grading.batch.adjustments import (
    NO_ADJUSTMENTS,
    Adjustments,
    adjusted,
    given,
)
from grading.batch.policy import Grade
from grading.batch.records import (
    Record,
    hidden_name,
    part_of,
    points_by_part,
    task_key,
    with_bonus,
)
from grading.batch.roster import Student
from grading.manifest import Course
from grading.names import plural
from grading.spreadsheets import csv_text
from grading.states import SHOWN

MOST_CHARACTERS = 1000  # of one text, and of one line of a message
MOST_LINES = 200  # of a message
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control characters except tab and newline, surrogates, separators, private characters, and
# everything invisible or that changes the text direction. Joiners stay: emoji need them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0e\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def feedback_html(
    course: Course,
    record: Record,
    grade: Grade | None,
    student: Student | None = None,
    adjustments: Adjustments = NO_ADJUSTMENTS,
) -> str:
    """One student's page, self-contained; with the group if `student` has one.

    Args:
        record: with the points that were earned.
        grade: of the points that count.
    """
    mine = adjustments.of(record.student_id)
    found = tuple(one for one in given(record, mine) if one.override.points != one.earned)
    counted = adjusted(record, mine)
    return page(
        "feedback.html.j2",
        course=course,
        record=counted,
        grade=grade,
        group=student.group if student else "",
        parts=_parts(course, counted),
        found=found,
        points=with_bonus(counted),
        changed=list(dict.fromkeys(one.override.task for one in found)),
        comments=mine.comments,
        tasks={task.id for task in record.tasks},
    )


def page(template: str, **values: Any) -> str:
    """Render a template."""
    return _environment().get_template(template).render(**values)


def table(rows: Iterable[Iterable[object]]) -> str:
    """A CSV file of these rows, with every text cleaned."""
    return csv_text(
        [clean(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )


def clean(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text with invisible characters made visible, truncated if too long."""
    text = text.replace("\r\n", "\n")
    left_out = len(text) - most
    shown = UNSEEN.sub(REPLACEMENT, text[:most])
    return shown if left_out <= 0 else f"{shown} … ({left_out:,} more characters)"


def message_lines(text: str) -> list[str]:
    """The lines of a message, truncated to MOST_LINES."""
    lines = text.replace("\r\n", "\n").rstrip().split("\n")
    left_out = len(lines) - MOST_LINES
    return lines if left_out <= 0 else [*lines[:MOST_LINES], f"… {left_out:,} more lines"]


def moment(text: str) -> str:
    """An ISO 8601 time in readable form; any other text unchanged."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{when:%Y-%m-%d %H:%M} {when.tzname() or ''}".rstrip()


def percent(value: float) -> str:
    """With one decimal if it is not zero."""
    return f"{value:.1f}".removesuffix(".0") + " %"


def duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def state_words(state: str) -> tuple[str, str]:
    """The mark and words for a state."""
    shown = SHOWN.get(state)
    return (shown.mark, shown.word) if shown else ("✗", state)


def in_full(text: str) -> Markup:
    """A text of the instructor's, which is shown however long it is."""
    return escape(clean(text, most=len(text)))


def _parts(course: Course, record: Record) -> list[dict[str, Any]]:
    """What the page shows of each part."""
    titles = {part.number: part.title for part in course.parts}
    return [
        {
            "number": number,
            "title": titles.get(number, ""),
            "score": score,
            "max_score": max_score,
            "tasks": sorted(
                (task for task in record.tasks if part_of(task.id) == number),
                key=lambda task: task_key(task.id),
            ),
            "hidden": [check for check in record.hidden if part_of(check.task) == number],
        }
        for number, (score, max_score) in points_by_part(record).items()
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: tuple[Callable, ...] = (
        csp_hash,
        duration,
        hidden_name,
        in_full,
        message_lines,
        moment,
        percent,
        plural,
        state_words,
    )
    environment.filters |= {function.__name__: function for function in filters}
    return environment


def csp_hash(script: str) -> str:
    """The script's hash source for a content security policy."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _finalize(value: Any) -> Any:
    """Filter for everything that a template prints; Markup was made by the template itself."""
    return value if isinstance(value, Markup) else clean(str(value))
