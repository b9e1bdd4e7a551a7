"""The words that a student reads about each task."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grading.feedback.results import Outcome, TaskResult
from grading.manifest import Course, Task
from grading.states import SHOWN

MOST_PRINTED_LINES = 10
MOST_PRINTED_CHARACTERS = 200  # of a line


def lines(
    course: Course, results: Sequence[TaskResult], unsolved: Sequence[Task] | None = None
) -> Iterator[tuple[str, str | None]]:
    """One block per task, then the points and what to do next: each line with its colour.

    `unsolved` are the tasks of the course that the student has yet to solve, where that is known.
    """
    reported: set[str | None] = set()
    for result in results:
        failure = result.first_failure
        if failure is not None and failure.loading:
            if failure.file not in reported:
                yield from _cannot_load(course, failure)
            reported.add(failure.file)
            continue
        shown = SHOWN[result.state]
        first, *others = block(course, result)
        yield f"{shown.mark} {first}", shown.colour
        yield from ((line, None) for line in others)
    yield "", None
    yield summary(results), None
    yield next_step(course, results, unsolved), None


def _cannot_load(course: Course, failure: Outcome) -> Iterator[tuple[str, str | None]]:
    """A file that cannot be imported is reported once, not for each task."""
    details = dict(failure.rows)
    error = details.pop("error", failure.problem)
    yield f"✗ {_where(course, failure)} cannot be loaded: {error}", "red"
    if failure.looks_like:
        details["looks like"] = failure.looks_like
    for label, text in (*details.items(), *_printed(failure)):
        yield _row(label, text), None
    yield "  No task of this part can be checked until it can.", None


def block(course: Course, result: TaskResult) -> list[str]:
    """Everything that a student reads about one task: its headline, then the lines under it."""
    return [headline(result), *(_row(label, text) for label, text in rows(course, result))]


def check_block(course: Course, outcome: Outcome) -> tuple[str, ...]:
    """Everything that a student reads about one check."""
    return tuple(block(course, TaskResult(course.task(outcome.task), (outcome,))))


def _row(label: str, text: str) -> str:
    return f"    {label:<12}{text}"


def headline(result: TaskResult) -> str:
    """The task and its state, in one line."""
    name = _name(result.task)
    failure = result.first_failure
    if failure is None and result.unchecked:
        return f"{name}: passed so far ({_checked([result])})"
    if failure is None:
        return f"{name}: passed ({result.score} of {result.max_score} points)"
    match failure.state:
        case "not_started":
            return f"{name}: not started"
        case "blocked" if failure.problem:
            return f"{name}: fails, probably because {failure.needs} fails"
        case "blocked":
            return f"{name}: not checked yet: needs {failure.needs}"
        case _:
            return f"{name}: {failure.problem}"


def rows(course: Course, result: TaskResult) -> Iterator[tuple[str, str]]:
    """The lines under a task's headline, as label and text."""
    failure = result.first_failure
    if failure is None:
        return
    if failure.state == "not_started":
        yield "to do", failure.problem.split(": ", 1)[-1]
        yield "where", _where(course, failure)
    elif failure.state == "blocked":
        if failure.problem:
            yield "details", f"course check {result.task.id}"
        return
    else:
        yield "requires", failure.requirement
        if failure.called and failure.state != "missing":
            yield "called", failure.called
        yield from failure.rows
        if failure.looks_like:
            yield "looks like", failure.looks_like
        lesson = f"exercises/part{result.task.part}/README.md"
        yield "hint", f"course hint {result.task.id}        lesson  {lesson}"
        failing = sum(outcome.state != "passed" for outcome in result.outcomes)
        if failing > 1:
            checks = "the" if result.unchecked else "its"
            yield "after this", f"{failing - 1} more of {checks} {len(result.outcomes)} checks fail"
    yield from _printed(failure)


def summary(results: Sequence[TaskResult]) -> str:
    """Points as a bar and as numbers, the bonus beside the others; where not all checks ran, also
    how much was checked."""
    bonus = [result for result in results if result.task.bonus]
    others = [result for result in results if not result.task.bonus]
    counts = [
        (sum(result.score for result in some), sum(r.max_score + r.unchecked for r in some), noun)
        for some, noun in ((others, "points"), (bonus, "bonus points"))
        if some
    ]
    told = " and ".join(f"{score} of {worth} {noun}" for score, worth, noun in counts)
    points = f"{bar(*counts[0][:2])} {told}"
    return f"{points}, {_checked(results)}" if any(r.unchecked for r in results) else points


def _checked(results: Sequence[TaskResult]) -> str:
    checked = sum(result.max_score for result in results)
    return f"{checked} of {checked + sum(r.unchecked for r in results)} points checked"


def bar(score: int, max_score: int, width: int = 30) -> str:
    """A bar of text that is full only at full score."""
    filled = width * score // max_score if max_score else 0
    return "[" + "#" * filled + "-" * (width - filled) + "]"


def next_step(
    course: Course, results: Sequence[TaskResult], unsolved: Sequence[Task] | None = None
) -> str:
    """What to do next, and where; `unsolved` as for `lines`."""
    failures = [result.first_failure for result in results if result.first_failure is not None]
    for failure in failures:
        if failure.loading:
            return f"next: fix {_where(course, failure)}, so that the file imports without errors"
        if failure.state != "blocked":
            return f"next: {_name(course.task(failure.task))} in {_where(course, failure)}"
    for failure in failures:  # they wait for a task that was not checked
        if failure.needs in course.tasks:
            needed = course.task(failure.needs)
            return f"next: {_name(needed)} in {_path(course, needed)}"
    for result in results:
        if result.unchecked:
            return f"next: the other checks of {result.task.id}: course check {result.task.id}"
    return _after(course, {result.task.id for result in results}, unsolved)


def _after(course: Course, passed: set[str], unsolved: Sequence[Task] | None) -> str:
    """What is next after tasks that all passed: in their part, in a later one, in an earlier."""
    ids = list(course.tasks)
    last = max((ids.index(id_) for id_ in passed), default=-1)
    waiting = list(course.tasks.values())[last + 1 :] if unsolved is None else unsolved
    waiting = [task for task in waiting if task.id not in passed]
    here = {course.task(id_).part for id_ in passed}
    if all(task.bonus and task.part not in here for task in waiting):
        required = {task.id for task in course.tasks.values() if not task.bonus}
        if unsolved is None and not required <= passed:
            return "all done here; what is still to do: course progress"
        optional = f"; optional: part {waiting[0].part}" if waiting else ""
        return (f"all done. {course.finale}" if course.finale else "all done") + optional
    task = min(waiting, key=lambda task: (task.part not in here, ids.index(task.id) < last))
    if task.part in here:
        return f"next: {_name(task)} in {_path(course, task)}"
    part = course.part(task.part)
    if all(other in waiting for other in part.tasks):
        return f"all done here; next: part {part.number}, {part.title}"
    return f"all done here; next: {_name(task)} in {_path(course, task)}"


def _name(task: Task) -> str:
    return f"{task.id} {task.title}"


def _path(course: Course, task: Task) -> str:
    return f"exercises/{course.part(task.part).path.as_posix()}"


def _where(course: Course, outcome: Outcome) -> str:
    """The place in the student's file, as a path from the course folder."""
    if outcome.file is None:
        return _path(course, course.task(outcome.task))
    path = Path(outcome.file)
    if path.is_relative_to(course.root):
        path = path.relative_to(course.root)
    return place_in(path.as_posix(), outcome.cell, outcome.line)


def place_in(file: str, cell: str | None, line: int | None) -> str:
    """A place in a file, and in one cell of it if it is a notebook."""
    where = [file, *([f"cell {cell}"] if cell else []), *([f"line {line}"] if line else [])]
    return ", ".join(where)


def _printed(outcome: Outcome) -> Iterator[tuple[str, str]]:
    lines = outcome.printed.rstrip().splitlines()
    for number, line in enumerate(lines[:MOST_PRINTED_LINES]):
        truncated = line[:MOST_PRINTED_CHARACTERS] + "…" * (len(line) > MOST_PRINTED_CHARACTERS)
        yield ("printed" if number == 0 else ""), truncated
    if len(lines) > MOST_PRINTED_LINES:
        yield "", f"… {len(lines) - MOST_PRINTED_LINES} more lines"
