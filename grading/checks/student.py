"""The student's module as a check sees it: `student.run(probe, **inputs)` returns evidence.

Where the student's code runs is up to a `Runner`: `InProcess`, in this process, for a student at a
terminal; or `Sandboxed`, in a worker, for a grader. Inputs and evidence are encoded either way, so
that a check cannot tell which one it was.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from grading.checks.evidence import MalformedEvidence, decode, encode
from grading.checks.limits import Cause
from grading.checks.runner import Probe, act, describe
from grading.checks.show import show
from grading.clocks import Stopwatch
from grading.states import State

# Seconds of computing for one run of a probe, and for loading the file before; correct code takes
# milliseconds. What is allowed besides computing follows from them, see grading.checks.limits.
TIME_LIMIT = 5.0
SHORT_TIME_LIMIT = 1.0  # after a timeout, or once all runs took LONG together: more may hang
LAST_TIME_LIMIT = 0.25  # once all runs took TOO_LONG together
LONG, TOO_LONG = 20.0, 60.0


@dataclass(eq=False)
class StudentError(Exception):
    """The student's code gave no evidence.

    Attributes:
        reason: one of `grading.states.REPORTED`, or "malformed".
        error: class and message of the exception, such as "IndexError: index out of range".
        todo: the task whose stub was reached ("3.1"), where one was.
        file, cell, line, function, source: the innermost place in the student's file, where there
            is one; `cell` is that of a notebook, such as "[7]".
        loading: whether the file could not even be imported.
        similar: names in the student's file that are close to the one that is missing.
        cause: of a "timeout", what the time went into: see `grading.checks.limits.Cause`.
    """

    reason: State
    error: str
    todo: str | None = None
    file: str | None = None
    line: int | None = None
    function: str | None = None
    source: str | None = None
    loading: bool = False
    cell: str | None = None
    similar: Sequence[str] = ()
    cause: Cause | None = None

    def __str__(self) -> str:
        return self.error


@dataclass(frozen=True)
class Patience:
    """What running each module has taken so far, which limits what the next run may take.

    Attributes:
        spent: the seconds that all runs of a module took together, without those in which the
            machine had no processor for them.
        timed_out: the modules of which a run has reached its limit.
        endless: the modules that reached it twice while being loaded, with the error.
    """

    spent: defaultdict[Path, float] = field(default_factory=lambda: defaultdict(float))
    timed_out: set[Path] = field(default_factory=set)
    endless: dict[Path, StudentError] = field(default_factory=dict)

    def limit(self, path: Path) -> float:
        """Seconds for the next run: limits shrink after timeouts and slow runs.

        Raises:
            StudentError: the module is endless.
        """
        if path in self.endless:
            raise self.endless[path]
        if self.spent[path] > TOO_LONG:
            return LAST_TIME_LIMIT
        slow = self.spent[path] > LONG or path in self.timed_out
        return SHORT_TIME_LIMIT if slow else TIME_LIMIT

    def note_timeout(self, path: Path, error: StudentError) -> None:
        if error.loading and path in self.timed_out:
            self.endless[path] = error
        self.timed_out.add(path)


class Runner(Protocol):
    """Where the student's code runs; a runner adds to `patience.spent` what each run took."""

    patience: Patience

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        """Run the probe on the module at `path`; inputs and evidence are encoded.

        Raises:
            StudentError: the code gave no evidence.
        """
        ...


class InProcess:
    """This process."""

    def __init__(self) -> None:
        self.patience = Patience()

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        watch = Stopwatch()
        try:
            return act(path, probe, inputs, seed, seconds)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, say, where the student's code calls exit()
            raise StudentError(**decode(encode(describe(error, path)))) from error
        finally:
            self.patience.spent[path] += watch.spent().own


class Student:
    """What the `student` fixture gives to a check.

    Args:
        path: the student's module.
        seed: what the random state is set to before each probe.
        runner: where the student's code runs.
    """

    def __init__(self, path: Path, seed: int, runner: Runner | None = None) -> None:
        self.path = path
        self.seed = seed
        self.runner = runner or InProcess()
        self.last_run: tuple[Probe, dict[str, Any]] | None = None
        self.last_call: str | None = None

    def run(self, probe: Probe, /, **inputs: Any) -> Any:
        """Run `probe(module, **inputs)` next to the student's code and return its evidence.

        Inputs and evidence are plain data, see `grading.checks.evidence`.

        Raises:
            StudentError: the code is missing, not started, or raised an exception.
        """
        self.last_run = probe, inputs
        self.last_call = call_text(probe, inputs)
        seconds = self.runner.patience.limit(self.path)
        try:
            return decode(self.runner.run(self.path, probe, encode(inputs), self.seed, seconds))
        except MalformedEvidence as error:
            text = f"what came back cannot be read: {error}"
            raise StudentError("malformed", text, file=str(self.path)) from error
        except StudentError as error:
            if error.reason == "timeout":
                self.runner.patience.note_timeout(self.path, error)
            raise


def call_text(probe: Probe, inputs: dict[str, Any]) -> str:
    """The call as a student would type it.

    The first line of a probe's docstring is the template: `model({user_idx})` with input
    `user_idx=[4, 0]` reads "model([4, 0])".
    """
    template = (probe.__doc__ or probe.__name__).strip().splitlines()[0]
    return template.format(**{name: show(value) for name, value in inputs.items()})
