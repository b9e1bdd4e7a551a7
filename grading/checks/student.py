"""The student's module as a check sees it: `student.run(probe, **inputs)` returns evidence.

Where the student's code runs is up to a `Runner`: `InProcess`, in this process, for a student at a
terminal; or a worker behind a wall, for a grader. What passes is encoded all the same, so that a
check cannot tell which of them it was.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from grading.checks.evidence import MalformedEvidence, decode, encode
from grading.checks.runner import Probe, act, describe
from grading.checks.show import show
from grading.clocks import Stopwatch

# Seconds of computing for one run of a probe, and for loading the file before; right answers take
# milliseconds. What is allowed besides computing follows from them, see grading.checks.limits.
TIME_LIMIT = 5.0
SHORT_TIME_LIMIT = 1.0  # once a run was stopped, or all took LONG together: the others hang as well
LAST_TIME_LIMIT = 0.25  # once all took TOO_LONG together
LONG, TOO_LONG = 20.0, 60.0


class StudentError(Exception):
    """The student's code gave no evidence.

    Attributes:
        reason: "not_started", "missing", "crashed", "timeout", "memory" or "malformed".
        error: class and message of the exception, such as "IndexError: index out of range".
        todo: the task whose stub was reached ("3.1"), where one was.
        file, cell, line, function, source: the innermost place in the student's file, where there
            is one; `cell` is that of a notebook, such as "[7]".
        loading: whether the file could not even be imported.
        similar: names in the student's file that are close to the one that is missing.
        cause: of a "timeout", what the time went into: see `grading.checks.limits.Cause`.
    """

    def __init__(
        self,
        reason: str,
        error: str,
        todo: str | None = None,
        file: str | None = None,
        line: int | None = None,
        function: str | None = None,
        source: str | None = None,
        loading: bool = False,
        cell: str | None = None,
        similar: Sequence[str] = (),
        cause: str | None = None,
    ) -> None:
        super().__init__(error)
        self.reason = reason
        self.error = error
        self.todo = todo
        self.file = file
        self.line = line
        self.function = function
        self.source = source
        self.loading = loading
        self.cell = cell
        self.similar = similar
        self.cause = cause


class Runner(Protocol):
    """Where the student's code runs.

    Attributes:
        timed_out: the modules of which a probe has used up its time.
        spent: the seconds that all probes of a module took together, but for those in which the
            machine had no processor for them.
        endless: modules that used up their time twice while they were loaded, with the error.
    """

    timed_out: set[Path]
    spent: defaultdict[Path, float]
    endless: dict[Path, StudentError]

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        """Run the probe on the module at `path`; inputs and evidence are encoded.

        Raises:
            StudentError: the code gave no evidence.
        """
        ...


class InProcess:
    """This process."""

    def __init__(self) -> None:
        self.timed_out: set[Path] = set()
        self.spent: defaultdict[Path, float] = defaultdict(float)
        self.endless: dict[Path, StudentError] = {}

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        watch = Stopwatch()
        try:
            return act(path, probe, inputs, seed, seconds)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, say, where the student's code calls exit()
            raise StudentError(**decode(encode(describe(error, path)))) from error
        finally:
            self.spent[path] += watch.spent().own


class Student:
    """What the `student` fixture gives to a check.

    Args:
        path: the student's module.
        seed: what the random state beside the student's code is set to before each probe.
        home: where the student's code runs.
    """

    def __init__(self, path: Path, seed: int, home: Runner | None = None) -> None:
        self.path = path
        self.seed = seed
        self.home = home or InProcess()
        self.last_run: tuple[Probe, dict[str, Any]] | None = None
        self.last_call: str | None = None
        self.answers = 0  # how many pieces of evidence the check was given

    def run(self, probe: Probe, /, **inputs: Any) -> Any:
        """Run `probe(module, **inputs)` beside the student's code and return its evidence.

        Inputs and evidence are plain data, see `grading.checks.evidence`.

        Raises:
            StudentError: the code is not there, not started, or raised an exception.
        """
        self.last_run = probe, inputs
        self.last_call = call_text(probe, inputs)
        if self.path in self.home.endless:
            raise self.home.endless[self.path]
        seconds = self._time_limit()
        try:
            evidence = decode(self.home.run(self.path, probe, encode(inputs), self.seed, seconds))
            self.answers += 1
            return evidence
        except MalformedEvidence as error:
            text = f"what came back cannot be read: {error}"
            raise StudentError("malformed", text, file=str(self.path)) from error
        except StudentError as error:
            if error.reason == "timeout":
                if error.loading and self.path in self.home.timed_out:
                    self.home.endless[self.path] = error
                self.home.timed_out.add(self.path)
            raise

    def _time_limit(self) -> float:
        """Seconds for the next run: patience wears thin."""
        spent = self.home.spent[self.path]
        if spent > TOO_LONG:
            return LAST_TIME_LIMIT
        return SHORT_TIME_LIMIT if spent > LONG or self.path in self.home.timed_out else TIME_LIMIT


def call_text(probe: Probe, inputs: dict[str, Any]) -> str:
    """The call as a student would type it.

    The first line of a probe's docstring is the template: `model({user_idx})` with input
    `user_idx=[4, 0]` reads "model([4, 0])".
    """
    template = (probe.__doc__ or probe.__name__).strip().splitlines()[0]
    return template.format(**{name: show(value) for name, value in inputs.items()})
