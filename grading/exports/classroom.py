"""GitHub Classroom: a workflow that grades each push, with one step per task."""

import json
from collections.abc import Iterator, Mapping

from grading.checks.points import points_by_task
from grading.errors import UsageError
from grading.manifest import Course, Task

WORKFLOW = ".github/workflows/classroom.yml"
PYTHON = "3.11"
MINUTES = 3  # for the checks of one task; most of it to import the libraries on a slow machine

HEAD = """\
# Points while a student works. The checks are in the student's own repository, next to code that
# could change them. For marks, collect the work and run `course grade`.
name: Autograding tests

on: [push, repository_dispatch]

permissions:
  checks: write
  actions: read
  contents: read

jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: {python}
          cache: pip
          cache-dependency-path: {versions}
      - name: Install the course
        run: |
{install}
"""

INSTALL = "          python -m pip install"
TORCH = "torch --extra-index-url https://download.pytorch.org/whl/cpu"

STEP = """\
      - name: {name}
        id: {id}
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: {name}
          command: {command}
          timeout: {minutes}
          max-score: {points}
"""

REPORT = """\
      - name: Report the points
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
{results}
        with:
          runners: {runners}
"""


def workflow(course: Course) -> str:
    """The text of `.github/workflows/classroom.yml` in a student's repository.

    Classroom gives all points of a task or none.

    Raises:
        UsageError: a task has no points.
    """
    points = points_by_task(course)
    if missing := [task for task in course.tasks if task not in points]:
        raise UsageError(f"task {missing[0]} has no points; give it a check that is worth some")
    return _head(course) + "".join(_steps(course, points)) + _report(course)


def _head(course: Course) -> str:
    locked = (course.root / "constraints.txt").is_file()
    pip = INSTALL + " -c constraints.txt" * locked
    return HEAD.format(
        python=_text(PYTHON),
        versions="constraints.txt" if locked else "pyproject.toml",
        install="\n".join([f"{pip} {TORCH}"] * ("torch" in course.libraries) + [f"{pip} -e ."]),
    )


def _steps(course: Course, points: Mapping[str, int]) -> Iterator[str]:
    for task in course.tasks.values():
        yield STEP.format(
            name=_text(f"{task.id} {task.title}{' (bonus)' * task.bonus}"),
            id=_step_id(task),
            command=_text(f"course check {task.id}"),
            minutes=MINUTES,
            points=0 if task.bonus else points[task.id],  # Classroom has one total, without bonus
        )


def _report(course: Course) -> str:
    ids = [_step_id(task) for task in course.tasks.values()]
    lines = [
        f'          {id_.upper()}_RESULTS: "${{{{steps.{id_}.outputs.result}}}}"' for id_ in ids
    ]
    return REPORT.format(results="\n".join(lines), runners=",".join(ids))


def _step_id(task: Task) -> str:
    return f"task_{task.id.replace('.', '_')}"


def _text(value: str) -> str:
    """A text in double quotes, valid in both YAML and JSON."""
    return json.dumps(value, ensure_ascii=False)
