"""The course as a whole: what a student and an instructor rely on."""

import itertools
import math
import os
import re
import time
from pathlib import Path

import pytest

from grading import manifest
from grading.checks.points import points_by_task
from grading.feedback.results import Outcome, task_results
from grading.feedback.run import run_checks
from grading.forks import in_forks, preload
from tests.courses import ROOT

COURSE = manifest.load(ROOT)
STUBS = COURSE.root / "exercises" / ".stubs"  # not exercises/: there a student may have started


def outcomes(job: tuple[int, Path, int]) -> list[Outcome]:
    number, submission, seed = job
    return run_checks(COURSE, COURSE.part(number), submission, seed)


def run_all(submission: Path, *seeds: int) -> dict[int, list[Outcome]]:
    """Seed → the outcomes of all parts, each part in a process of its own."""
    preload(COURSE.libraries)  # then a check's time is its own and not that of an import
    jobs = [(part.number, submission, seed) for seed in seeds for part in COURSE.parts]
    found: dict[int, list[Outcome]] = {seed: [] for seed in seeds}
    for (number, _, seed), result in in_forks(outcomes, jobs, workers=2, limit=60):
        assert not isinstance(result, Exception), f"part {number}: {result!r}"
        found[seed] += result
    return found


@pytest.fixture(scope="module")
def of_solutions() -> dict[int, list[Outcome]]:
    return run_all(COURSE.solutions, 0, 1)


@pytest.fixture(scope="module")
def of_stubs() -> list[Outcome]:
    return run_all(STUBS, 0)[0]


def test_there_are_100_points_and_20_of_a_bonus_over_all_tasks() -> None:
    totals = {False: 0, True: 0}
    for task, points in points_by_task(COURSE).items():
        totals[COURSE.task(task).bonus] += points
    assert totals == {False: 100, True: 20}
    assert points_by_task(COURSE).keys() == COURSE.tasks.keys()


def test_the_solutions_earn_every_point_whatever_the_seed(
    of_solutions: dict[int, list[Outcome]],
) -> None:
    for seed, found in of_solutions.items():
        bad = [(seed, o.task, o.requirement, o.problem) for o in found if o.state != "passed"]
        assert bad == []
        assert sum(outcome.points for outcome in found) == 120


def test_no_check_takes_a_second(of_solutions: dict[int, list[Outcome]]) -> None:
    """Of computing: where the clock says more, the processor's time decides."""
    seconds: dict[tuple[str, str], float] = {}
    for outcome in itertools.chain(*of_solutions.values()):
        check = outcome.task, outcome.requirement
        seconds[check] = min(outcome.seconds, seconds.get(check, math.inf))
    for task in {task for (task, _), taken in seconds.items() if taken >= 1}:
        part = COURSE.part(COURSE.task(task).part)
        before = time.process_time()
        checks = run_checks(COURSE, part, COURSE.solutions, tasks=[task])
        assert time.process_time() - before < len(checks), task


def test_a_stub_earns_nothing_and_each_task_is_not_started(of_stubs: list[Outcome]) -> None:
    results = task_results(COURSE, of_stubs)
    assert len(results) == len(COURSE.tasks)
    assert sum(result.score for result in results) == 0
    # A task that builds on another of its part cannot be reached before that one.
    states = {result.task.id: result.state for result in results}
    waiting = {task for task, state in states.items() if state == "blocked"}
    assert {state for task, state in states.items() if task not in waiting} == {"not_started"}
    needed = {o.needs for o in of_stubs if o.task in waiting and o.state == "blocked"}
    assert needed and all(states[task] == "not_started" for task in needed if task)


@pytest.mark.parametrize("path", sorted(COURSE.exercises.rglob("*.py")), ids=lambda p: p.name)
def test_nothing_under_exercises_imports_solutions_or_tests(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import)\s+(solutions|tests)\b", text, re.MULTILINE)


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_the_checks_of_a_part_use_no_other_part(part: manifest.Part) -> None:
    for name in part.check_files:
        text = (COURSE.exercises / part.folder / name).read_text(encoding="utf-8")
        others = {other.folder for other in COURSE.parts} - {part.folder}
        assert not any(f"exercises.{other}" in text for other in others)


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MOVIELENS_100K"), reason="needs MOVIELENS_100K")
def test_on_the_first_official_split_each_model_beats_the_one_before() -> None:
    # The recipes that `python -m benchmarks.accuracy` chooses inside the training ratings of u1.
    from benchmarks.accuracy import encoded_fold, train
    from data import load
    from tutorial import baselines
    from tutorial.code import load_code
    from tutorial.experiment import DOT_PRODUCT, REGULARISED, predict, rmse

    code = load_code(COURSE, COURSE.solutions)
    base, test = encoded_fold(code, load(), 1)
    dot_product, regularised = (
        rmse(predict(train(code, recipe, base, base, epochs, max(epochs))[0], test), test)
        for recipe, epochs in ((DOT_PRODUCT, [19]), (REGULARISED, [6, 3]))
    )
    biases = rmse(baselines.biases(base, test), test)
    assert rmse(baselines.global_mean(base, test), test) > biases > dot_product > regularised
    assert regularised <= 0.923


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_the_page_about_the_checks_counts_every_submission(part: manifest.Part) -> None:
    page = (COURSE.root / "docs" / "checks.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| {part.number} |"))
    for kind in ("wrong", "right"):
        count = len(list((COURSE.root / "tests" / kind / part.folder).glob("*.py")))
        assert f"| {count} of {count} |" in row
