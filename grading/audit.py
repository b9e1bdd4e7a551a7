"""Are the checks any good? Wrong submissions must be caught, right ones must pass.

`tests/wrong/partN/<slug>.py` states the tasks that must fail (FAILS) and words that their message
must hold (SAYS); `tests/right/partN/<slug>.py` must earn every point.
"""

import ast
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grading import manifest
from grading.feedback.messages import headline, rows
from grading.feedback.results import TaskResult, task_results
from grading.feedback.run import run_checks
from grading.manifest import Course


@dataclass(frozen=True)
class Submission:
    """One file of tests/wrong or tests/right; `fails` is empty for a right one."""

    part: int
    path: Path
    fails: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Verdict:
    submission: Submission
    complaints: tuple[str, ...]  # what is not as the submission states; none is good
    seconds: float  # of the slowest check


def submissions(course: Course, parts: set[int]) -> Iterator[Submission]:
    """The wrong and right submissions of the given parts."""
    for part in sorted(parts):
        for path in sorted((course.root / "tests" / "wrong" / f"part{part}").glob("*.py")):
            stated = _constants(path)
            yield Submission(part, path, tuple(stated["FAILS"]), stated["SAYS"])
        for path in sorted((course.root / "tests" / "right" / f"part{part}").glob("*.py")):
            yield Submission(part, path)


def judge(course: Course, submission: Submission) -> Verdict:
    """Run the checks on one submission and compare the results with what it states."""
    outcomes = run_checks(course, course.part(submission.part), submission.path)
    results = task_results(course, outcomes)
    complaints = tuple(_complaints(course, submission, results))
    return Verdict(submission, complaints, max(outcome.seconds for outcome in outcomes))


def audit(course: Course, parts: set[int], jobs: int = 2) -> Iterator[Verdict]:
    """Judge every submission, in a few processes that are warm where the system can fork."""
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    if method == "fork":
        _warm()
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        everything = list(submissions(course, parts))
        yield from pool.map(judge, [course] * len(everything), everything)


def _warm() -> None:
    """Import what every check needs before forking; one thread, or a fork may hang."""
    import torch

    torch.set_num_threads(1)


def _constants(path: Path) -> dict:
    """FAILS and SAYS, read without running the file."""
    found = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("FAILS", "SAYS"):
                found[name] = ast.literal_eval(node.value)
    if missing := {"FAILS", "SAYS"} - found.keys():
        raise manifest.ManifestError(f"{path} does not state {' and '.join(sorted(missing))}")
    return found


def _complaints(course: Course, submission: Submission, results: list[TaskResult]) -> Iterator[str]:
    for result in results:
        id_, must_fail = result.task.id, result.task.id in submission.fails
        failed = result.first_failure is not None
        if must_fail and not failed:
            yield f"{id_} passes and must fail"
        if failed and not must_fail:
            yield f"{id_} fails and must pass: {headline(result)}"
    message = "\n".join(
        line
        for result in results
        if result.task.id in submission.fails
        for line in (headline(result), *(text for _, text in rows(course, result)))
    )
    if submission.says not in message:
        yield f"the message lacks {submission.says!r}:\n{message}"


def main() -> int:
    """Print every complaint and the totals per part."""
    course = manifest.load()
    parts = {int(number) for number in sys.argv[1:]} or {part.number for part in course.parts}
    bad = 0
    for verdict in audit(course, parts):
        name = verdict.submission.path.relative_to(course.root)
        if verdict.seconds > 1:
            print(f"slow: {name}: {verdict.seconds:.2f} s")
        for complaint in verdict.complaints:
            print(f"{name}: {complaint}")
        bad += bool(verdict.complaints)
    wrong = [s for s in submissions(course, parts) if s.fails]
    right = [s for s in submissions(course, parts) if not s.fails]
    print(f"{len(wrong)} wrong, {len(right)} right, {bad} not as stated")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
