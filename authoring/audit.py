"""Are the checks any good? Wrong submissions must be caught, right ones pass, mutants die.

`tests/wrong/partN/<slug>.py` states the tasks that must fail (FAILS) and words that their messages
must contain (SAYS); `tests/right/partN/<slug>.py` must earn every point; mutants are the solutions
with one small fault each, and some check must fail on each one that is not listed as equivalent.
"""

import ast
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from authoring.affected import affected, run_on_solution
from authoring.mutants import Mutant, equivalent, mutants
from grading import manifest
from grading.checks.runner import module_name
from grading.checks.student import InProcess
from grading.feedback.messages import check_block, headline
from grading.feedback.results import Outcome, task_results
from grading.feedback.run import Checks, with_checks
from grading.forks import CAN_FORK, in_forks, preload
from grading.manifest import Course, Part

TIME_TO_MUTATE = 60.0  # seconds for the mutants of one part; they take three
TIME_LIMIT = 20.0  # seconds for all checks of one part on one submission, or on a batch of mutants
MEMORY = 4 << 30  # bytes of address space for a submission; torch itself takes one
BATCH = 10  # mutants that share a process
MUTANTS_TO_KILL = 0.97  # of those that are not listed as equivalent

Kind = Literal["wrong", "right", "mutant"]


@dataclass(frozen=True)
class Submission:
    """One module to run the checks on.

    Attributes:
        fails, says: stated by a wrong one.
        tasks: those to check, if not all.
    """

    kind: Kind
    part: int
    path: Path
    fails: tuple[str, ...] = ()
    says: str = ""
    mutant: Mutant | None = None
    tasks: tuple[str, ...] = ()


Batch = Sequence[Submission]


@dataclass(frozen=True)
class Verdict:
    """`complaints`: deviations from what was expected. `failed`: the checks that failed."""

    submission: Submission
    complaints: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()
    slowest: float = 0.0  # seconds of the slowest check


@dataclass
class Audit:
    """The results for one part. `checks`: every check, by its requirement."""

    part: int
    checks: tuple[str, ...]
    verdicts: list[Verdict] = field(default_factory=list)
    equivalent: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def of(self, kind: Kind) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.submission.kind == kind]

    def good(self, kind: Kind) -> int:
        return sum(not verdict.complaints for verdict in self.of(kind))

    @property
    def survivors(self) -> list[Mutant]:
        """Mutants that passed every check and are not listed as equivalent."""
        alive = (v.submission.mutant for v in self.of("mutant") if v.complaints)
        return [mutant for mutant in alive if mutant and mutant.key not in self.equivalent]

    @property
    def n_equivalent(self) -> int:
        keys = {v.submission.mutant.key for v in self.of("mutant") if v.submission.mutant}
        return len(keys & self.equivalent.keys())

    @property
    def n_mutants(self) -> int:
        """How many could be killed."""
        return len(self.of("mutant")) - self.n_equivalent

    @property
    def unneeded(self) -> list[str]:
        """Checks that are never the only one to catch a wrong submission."""
        alone = {next(iter(v.failed)) for v in self.of("wrong") if len(v.failed) == 1}
        return [check for check in self.checks if check not in alone]


def submissions(course: Course, parts: Iterable[int]) -> Iterator[Submission]:
    """The wrong and right submissions of the given parts."""
    for part in sorted(parts):
        for path in sorted((course.root / "tests" / "wrong" / f"part{part}").glob("*.py")):
            stated = _constants(path)
            yield Submission("wrong", part, path, tuple(stated["FAILS"]), stated["SAYS"])
        for path in sorted((course.root / "tests" / "right" / f"part{part}").glob("*.py")):
            yield Submission("right", part, path)


def write_mutants(
    course: Course, parts: Iterable[int], folder: Path, workers: int
) -> Iterator[Submission]:
    """Write every mutant of the given parts to its own file in `folder`."""
    jobs = [course.part(number) for number in parts]
    for part, found in in_forks(partial(mutants, course), jobs, workers, TIME_TO_MUTATE):
        if isinstance(found, Exception):
            raise found
        for index, mutant in enumerate(found):
            path = folder / part.folder / str(index) / part.module
            path.parent.mkdir(parents=True)
            path.write_text(mutant.source, encoding="utf-8")
            yield Submission("mutant", part.number, path, mutant=mutant)


def judge(course: Course, submission: Submission, n_seeds: int, checks: Checks) -> Verdict:
    """Run the checks on one submission and compare the results with the expected ones.

    Seed 0, which students have, decides. On a wrong or right submission, each check must give the
    same result with every other seed. On a mutant, the checks end with the first that fails, and
    those of the task with the fault come first.
    """
    part = course.part(submission.part)
    if submission.mutant is not None:
        return _of_mutant(submission, submission.mutant.task, part, checks)
    runs = []
    for seed in range(n_seeds):
        sys.modules.pop(module_name(submission.path), None)  # it remembers no other run
        runs.append(list(checks.run(part, submission.path, seed, submission.tasks)))
    complaints = (*_complaints(course, submission, runs[0]), *_luck(runs))
    slowest = max(outcome.seconds for outcome in runs[0])
    return Verdict(submission, complaints, _failed(runs[0]), slowest)


def _of_mutant(submission: Submission, first: str, part: Part, checks: Checks) -> Verdict:
    """The checks of the task `first`, then all others."""
    runner = InProcess()
    # The short limit holds from the start: it is 30 times what any run of the solutions takes.
    runner.patience.timed_out.add(submission.path.resolve())
    others = [task.id for task in part.tasks if task.id != first]
    outcomes = chain.from_iterable(
        checks.run(part, submission.path, tasks=tasks, runner=runner)
        for tasks in ([first], others)
        if tasks
    )
    failure = next((outcome for outcome in outcomes if outcome.state != "passed"), None)
    return Verdict(submission, () if failure else ("survives",))


def audit(
    course: Course,
    parts: Iterable[int],
    with_mutants: bool = True,
    n_seeds: int = 1,
    jobs: int | None = None,
    tell: Callable[[int, int], object] = lambda done, total: None,
) -> list[Audit]:
    """Judge everything; calls `tell(done, total)` after each submission."""
    preload(course.libraries)
    parts = sorted(parts)
    workers = jobs or os.cpu_count() or 1

    def judged(checks: Checks) -> list[Audit]:
        audits, written, mutated = {}, [], []
        for number in parts:
            names, found = _warm(course, number, checks)
            audits[number] = Audit(number, names, [], equivalent(course))
            written += found
        with tempfile.TemporaryDirectory() as folder:
            if with_mutants:
                mutated = list(write_mutants(course, parts, Path(folder), workers))
            batches = [[one] for one in written]
            batches += [mutated[i : i + BATCH] for i in range(0, len(mutated), BATCH)]
            work = _Judge(course, n_seeds, checks if CAN_FORK else None)
            for done, verdict in enumerate(_verdicts(work, batches, workers), start=1):
                audits[verdict.submission.part].verdicts.append(verdict)
                tell(done, len(written) + len(mutated))
        return list(audits.values())

    return with_checks(course, [course.part(number) for number in parts], judged)


def passes(audits: Sequence[Audit]) -> bool:
    """All wrong ones caught, all right ones passed, and enough mutants killed."""
    n_mutants = sum(one.n_mutants for one in audits)
    survivors = sum(len(one.survivors) for one in audits)
    as_stated = all(
        one.good(kind) == len(one.of(kind)) for one in audits for kind in ("wrong", "right")
    )
    return as_stated and n_mutants - survivors >= MUTANTS_TO_KILL * n_mutants


@dataclass(frozen=True)
class _Judge:
    """`judge` with its settings. A process that was not forked collects the checks itself."""

    course: Course
    n_seeds: int
    checks: Checks | None

    def __call__(self, batch: Batch) -> list[Verdict]:
        _limit_memory()
        if self.checks is not None:
            return self.all(batch, self.checks)
        parts = [self.course.part(number) for number in {one.part for one in batch}]
        return with_checks(self.course, parts, partial(self.all, batch))

    def all(self, batch: Batch, checks: Checks) -> list[Verdict]:
        return [judge(self.course, one, self.n_seeds, checks) for one in batch]


def _verdicts(work: _Judge, batches: Sequence[Batch], workers: int) -> Iterator[Verdict]:
    """As they arrive; a batch that gives no result is judged again, one by one."""
    for batch, verdicts in in_forks(work, batches, workers, TIME_LIMIT * work.n_seeds):
        if not isinstance(verdicts, Exception):
            yield from verdicts
        elif len(batch) > 1:
            yield from _verdicts(work, [[one] for one in batch], workers)
        else:
            yield _without_answer(batch[0], verdicts)


def _limit_memory() -> None:
    """A mutant that asks for more than MEMORY fails instead of filling the machine; on Linux."""
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))


def _without_answer(submission: Submission, error: Exception) -> Verdict:
    """A mutant that hangs or kills its process counts as caught; no other submission may do so."""
    if submission.kind == "mutant":
        return Verdict(submission)
    return Verdict(submission, (f"gave no result: {error!r}",))


def _warm(course: Course, number: int, checks: Checks) -> tuple[tuple[str, ...], list[Submission]]:
    """The names of a part's checks, and its submissions; the wrong ones with the tasks that they
    can affect.

    Runs the checks on the solution, which loads what they import before any fork.
    """
    part = course.part(number)
    outcomes, uses = run_on_solution(course, part, checks)
    if bad := [outcome for outcome in outcomes if outcome.state != "passed"]:
        raise manifest.ManifestError(
            f"the solution of part {number} fails a check of {bad[0].task}: {bad[0].requirement}"
        )
    found = [
        replace(one, tasks=affected(part, one.path, one.fails, uses)) if one.fails else one
        for one in submissions(course, [number])
    ]
    return tuple(_name(outcome) for outcome in outcomes), found


def _failed(outcomes: Iterable[Outcome]) -> frozenset[str]:
    return frozenset(_name(outcome) for outcome in outcomes if outcome.state != "passed")


def _name(outcome: Outcome) -> str:
    return f"{outcome.task} {outcome.requirement}"


def _constants(path: Path) -> dict:
    """FAILS and SAYS, read without running the file."""
    found = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in ("FAILS", "SAYS"):
                found[name] = ast.literal_eval(node.value)
    if missing := {name for name in ("FAILS", "SAYS") if not found.get(name)}:
        raise manifest.ManifestError(f"{path} does not state {' and '.join(sorted(missing))}")
    return found


def _complaints(
    course: Course, submission: Submission, outcomes: Sequence[Outcome]
) -> Iterator[str]:
    results = task_results(course, outcomes)
    checked = {result.task.id for result in results}
    for task in submission.fails:
        if task not in checked:
            yield f"{task} must fail, but nothing checks it"
    for result in results:
        must_fail = result.task.id in submission.fails
        if must_fail and result.state == "passed":
            yield f"{result.task.id} passes and must fail"
        if not must_fail and result.state != "passed":
            yield f"{headline(result)}, but it must pass"
    failures = {o.task: o for o in reversed(outcomes) if o.state != "passed"}  # the first of each
    message = "\n".join(
        line
        for task in submission.fails
        if task in failures
        for line in check_block(course, failures[task])
    )
    if submission.says not in message:
        yield f"the message lacks {submission.says!r}:\n{message}"


def _luck(runs: Sequence[Sequence[Outcome]]) -> Iterator[str]:
    """The checks whose result differs between runs."""
    for of_check in zip(*runs, strict=True):
        n_failed = sum(outcome.state != "passed" for outcome in of_check)
        if 0 < n_failed < len(runs):
            yield f"fails with {n_failed} of {len(runs)} seeds: {_name(of_check[0])}"
