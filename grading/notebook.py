"""Checks in a notebook: `check("3.2")` judges the cells that were run, as a module made of them.

The cells are taken from the kernel's history, in the order in which they were last run: what works
only because of something tried out in another cell does not pass. A notebook that is handed in is
read from top to bottom, so students are told to restart the kernel and run all cells before.
"""

import html
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grading import manifest
from grading.checks.notebook import Cell, Source, source_of
from grading.feedback.messages import check_block, headline, lines, rows, summary
from grading.feedback.progress import read_hints
from grading.feedback.results import Outcome, TaskResult, task_results
from grading.feedback.run import run_checks
from grading.manifest import Course, Part
from grading.states import SHOWN

CALL = re.compile(r"course (hint|check) (\d+\.\d+)(?: +lesson .*)?")  # the lesson stands above
COLOURS = {"green": "#2e8b57", "red": "#d1495b", "yellow": "#c58b00"}  # on white and on black

_cell_ids: dict[int, str] = {}  # by number in the history, where the front end says them
_found: dict[tuple[str, int, Source], list[Outcome]] = {}


class NotPassed(Exception):
    """A check did not pass; shown as the course's message, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


@dataclass(frozen=True)
class Report:
    """What `check` found, as HTML where it can be shown and else as text."""

    course: Course
    results: tuple[TaskResult, ...]

    def __repr__(self) -> str:
        *told, _ = lines(self.course, self.results)  # the last one names a file to go on with
        shown = told if len(self.results) > 1 else told[:-2]
        return "\n".join(_for_notebooks(line) for line, _ in shown)

    def _repr_html_(self) -> str:
        blocks = "".join(_html(self.course, result) for result in self.results)
        if len(self.results) > 1:
            blocks += f"<p><code>{html.escape(summary(self.results))}</code></p>"
        return f"<div>{blocks}</div>"


def check(what: str | float) -> Report:
    """Check the cells above: a task ("3.2") or a part (3).

    Raises:
        RuntimeError: this is no notebook.
        ManifestError: there is no such task or part.
    """
    course = manifest.load()
    text = str(what)
    if "." in text:
        tasks = [course.task(text)]
    else:
        if not text.isdecimal():
            raise manifest.ManifestError(f"there is no task or part {text!r}; try check('3.2')")
        tasks = list(course.part(int(text)).tasks)
    cells = _executed()
    outcomes = [outcome for task in tasks for outcome in _outcomes(course, task.id, 0, cells)]
    return Report(course, tuple(task_results(course, outcomes)))


def hint(task_id: str) -> None:
    """Print the next hint for a task, such as "3.2"."""
    course = manifest.load()
    print(*read_hints(course.root, course.task(str(task_id)), everything=False), sep="\n")


def require(task_id: str, name: str, seed: int = 0) -> None:
    """Raise `NotPassed` unless one check passes on the cells above.

    Args:
        name: of the check's function, without `test_`.
        seed: what the check draws its inputs from.
    """
    course = manifest.load()
    task = course.task(task_id)
    found = {one.check: one for one in _outcomes(course, task.id, seed, _executed())}
    outcome = found.get(f"test_{name}")
    if outcome is None:
        raise ValueError(f"task {task_id} has no check {name}")
    if outcome.state != "passed":
        raise NotPassed("\n".join(map(_for_notebooks, check_block(course, outcome))))


def _executed() -> list[Cell]:
    """The cells that this kernel has run, the one under way among them; of a cell that was run
    again the last version."""
    shell = _shell()
    if shell is None:
        raise RuntimeError("this works in a notebook; at a terminal, run: course check")
    history = shell.history_manager.input_hist_raw
    last = {_cell_ids.get(number, number): number for number in range(1, len(history))}
    return [Cell(number, history[number]) for number in sorted(last.values())]


def _shell() -> Any:
    """What runs the cells; None outside of a notebook."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _note_cell(info: Any) -> None:
    """Before a cell is run: it is the next one in the history."""
    if info.store_history and info.cell_id:
        _cell_ids[len(_shell().history_manager.input_hist_raw)] = info.cell_id


def _outcomes(course: Course, task_id: str, seed: int, cells: Sequence[Cell]) -> list[Outcome]:
    """What the checks of one task find; as long as no definition changes, they are run once."""
    key = task_id, seed, source_of(cells)
    if key not in _found:
        part = course.part(course.task(task_id).part)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / part.notebook.name
            path.write_text(_notebook(cells), encoding="utf-8")
            outcomes = run_checks(course, part, path, seed, tasks=[task_id])
        _found[key] = [_as_in_a_notebook(course, part, outcome) for outcome in outcomes]
    return _found[key]


def _notebook(cells: Sequence[Cell]) -> str:
    found = [
        {"cell_type": "code", "execution_count": cell.number, "source": cell.source}
        for cell in cells
    ]
    return json.dumps({"cells": found})


def _as_in_a_notebook(course: Course, part: Part, outcome: Outcome) -> Outcome:
    problem = outcome.problem
    if outcome.state == "missing":
        problem += "; run the cell that defines it"
    return replace(outcome, problem=problem, file=str(course.exercises / part.notebook))


def _for_notebooks(line: str) -> str:
    """A line of the terminal's words, with what to call here."""
    return CALL.sub(r'\1("\2")', line)


def _html(course: Course, result: TaskResult) -> str:
    shown = SHOWN[result.state]
    head = html.escape(f"{shown.mark} {headline(result)}")
    table = "".join(
        f'<tr style="background:none"><th style="text-align:left;vertical-align:top">'
        f"{html.escape(label)}</th>"
        f'<td style="text-align:left"><pre style="margin:0;white-space:pre-wrap">'
        f"{html.escape(_for_notebooks(text))}</pre></td></tr>"
        for label, text in rows(course, result)
    )
    return (
        f'<div style="border-left:4px solid {COLOURS[shown.colour]};padding:2px 10px;margin:6px 0">'
        f"<strong>{head}</strong>" + (f"<table>{table}</table>" if table else "") + "</div>"
    )


if (_running_in := _shell()) is not None:
    _running_in.events.register("pre_run_cell", _note_cell)
