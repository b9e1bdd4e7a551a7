"""The words that a student reads about each task."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grading.feedback.results import Outcome, State, TaskResult
from grading.manifest import Course

MOST_PRINTED_LINES = 10
MARKS: dict[State, tuple[str, str]] = {
    "passed": ("✓", "green"),
    "wrong": ("✗", "red"),
    "crashed": ("✗", "red"),
    "missing": ("✗", "red"),
    "not_started": ("·", "yellow"),
    "blocked": ("·", "yellow"),
}


def lines(course: Course, results: Sequence[TaskResult]) -> Iterator[tuple[str, str | None]]:
    """One block per task, then the points and what to do next: each line with its colour."""
    for result in results:
        mark, colour = MARKS[result.state]
        yield f"{mark} {headline(result)}", colour
        for label, text in rows(course, result):
            yield f"    {label:<12}{text}", None
    yield "", None
    yield summary(results), None
    yield next_step(course, results), None


def headline(result: TaskResult) -> str:
    """The task and its state, in one line."""
    name = f"{result.task.id} {result.task.title}"
    failure = result.first_failure
    if failure is None:
        return f"{name}: passed ({result.score} of {result.max_score} points)"
    match failure.state:
        case "not_started":
            return f"{name}: not started"
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
        yield "to do", _todo(failure)
        yield "where", _where(course, failure)
    elif failure.state == "blocked":
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
    yield from _printed(failure)


def summary(results: Sequence[TaskResult]) -> str:
    """Points as a bar and as numbers."""
    score = sum(result.score for result in results)
    max_score = sum(result.max_score for result in results)
    return f"{bar(score, max_score)} {score} of {max_score} points"


def bar(score: int, max_score: int, width: int = 30) -> str:
    """A bar of text that is full only at full score."""
    filled = width * score // max_score if max_score else 0
    return "[" + "#" * filled + "-" * (width - filled) + "]"


def next_step(course: Course, results: Sequence[TaskResult]) -> str:
    """What to do next, and where."""
    for result in results:
        failure = result.first_failure
        if failure is not None and failure.state != "blocked":
            return f"next: {result.task.id} {result.task.title} in {_where(course, failure)}"
    parts = {result.task.part for result in results}
    following = [part for part in course.parts if part.number > max(parts, default=0)]
    if following:
        return f"all done here; next: part {following[0].number}, {following[0].title}"
    return "all done: your movie recommender is complete. See it at work: course demo --own"


def _todo(outcome: Outcome) -> str:
    return outcome.problem.split(": ", 1)[-1]


def _where(course: Course, outcome: Outcome) -> str:
    """The place in the student's file, as a path from the course folder."""
    if outcome.file is None:
        return f"exercises/{course.part(int(outcome.task.split('.')[0])).path.as_posix()}"
    path = Path(outcome.file)
    if path.is_relative_to(course.root):
        path = path.relative_to(course.root)
    return path.as_posix() + (f", line {outcome.line}" if outcome.line else "")


def _printed(outcome: Outcome) -> Iterator[tuple[str, str]]:
    lines = outcome.printed.rstrip().splitlines()
    for number, line in enumerate(lines[:MOST_PRINTED_LINES]):
        yield ("printed" if number == 0 else ""), line
    if len(lines) > MOST_PRINTED_LINES:
        yield "", f"… {len(lines) - MOST_PRINTED_LINES} more lines"
