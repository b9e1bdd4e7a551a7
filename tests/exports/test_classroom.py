"""The workflow of GitHub Classroom."""

import re
from dataclasses import replace
from typing import Any

import pytest

from grading.checks.points import points_by_task
from grading.errors import UsageError
from grading.exports.classroom import workflow
from grading.manifest import Course

yaml = pytest.importorskip("yaml")
COMMAND_GRADER = "classroom-resources/autograding-command-grader@v1"
REPORTER = "classroom-resources/autograding-grading-reporter@v1"


@pytest.fixture(scope="module")
def document(course: Course) -> dict[Any, Any]:
    return yaml.safe_load(workflow(course))


@pytest.fixture(scope="module")
def steps(document: dict[Any, Any]) -> list[dict[str, Any]]:
    return document["jobs"]["run-autograding-tests"]["steps"]


def test_it_runs_on_each_push_but_not_on_classrooms_own(document: dict[Any, Any]) -> None:
    assert document[True] == ["push", "repository_dispatch"]  # YAML 1.1 reads `on` as true
    assert document["permissions"] == {"checks": "write", "actions": "read", "contents": "read"}
    [job] = document["jobs"].values()
    assert job["if"] == "github.actor != 'github-classroom[bot]'"


def test_there_is_a_step_per_task(course: Course, steps: list[dict[str, Any]]) -> None:
    points = points_by_task(course)
    graders = [step for step in steps if step.get("uses") == COMMAND_GRADER]
    assert [step["with"]["test-name"] for step in graders] == [
        f"{task.id} {task.title}" + " (bonus)" * task.bonus for task in course.tasks.values()
    ]
    for step, task in zip(graders, course.tasks.values(), strict=True):
        assert step["with"]["command"] == f"course check {task.id}"
        assert step["with"]["max-score"] == (0 if task.bonus else points[task.id])
        assert isinstance(step["with"]["timeout"], int)
        assert set(step["with"]) == {"test-name", "command", "timeout", "max-score"}
        assert re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", step["id"])
    assert sum(step["with"]["max-score"] for step in graders) == 100


def test_the_course_is_installed_before_the_first_task(steps: list[dict[str, Any]]) -> None:
    first = [step.get("uses") for step in steps].index(COMMAND_GRADER)
    assert steps[0]["uses"] == "actions/checkout@v4"
    assert any("pip install" in step.get("run", "") for step in steps[:first])


def test_the_last_step_reports_every_task(steps: list[dict[str, Any]]) -> None:
    ids = [step["id"] for step in steps if step.get("uses") == COMMAND_GRADER]
    assert len(set(ids)) == 35
    report = steps[-1]
    assert report["uses"] == REPORTER
    assert report["with"] == {"runners": ",".join(ids)}
    assert report["env"] == {
        f"{id_.upper()}_RESULTS": f"${{{{steps.{id_}.outputs.result}}}}" for id_ in ids
    }


@pytest.mark.parametrize("title", ['say "x": # – {{ y }} \\'])
def test_a_title_may_hold_any_character(small: Course, title: str) -> None:
    task = replace(small.parts[0].tasks[0], title=title)
    odd = replace(small, parts=(replace(small.parts[0], tasks=(task,)),))
    [job] = yaml.safe_load(workflow(odd))["jobs"].values()
    assert job["steps"][3]["with"]["test-name"] == f"1.1 {title}"


def test_a_task_without_points_is_refused(small: Course) -> None:
    task = replace(small.parts[0].tasks[0], id="1.9")
    odd = replace(small, parts=(replace(small.parts[0], tasks=(task,)),))
    with pytest.raises(UsageError, match=r"task 1\.9 has no points"):
        workflow(odd)
