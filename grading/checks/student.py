"""The student's module, and how a check gets evidence from it.

`act` is the half that runs beside the student's code: it loads the module, calls a probe and
returns plain data or a description of what went wrong. `Student` is the half that a check holds.
Here both live in one process; what passes between them is encoded all the same, so that a check
cannot tell whether the student's code ran here or behind a wall.
"""

import importlib.machinery
import importlib.util
import linecache
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any

from grading.checks.evidence import decode, encode
from grading.checks.show import show

Probe = Callable[..., Any]
MOST_OF_AN_ERROR = 300  # characters


class StudentError(Exception):
    """The student's code gave no evidence.

    Attributes:
        reason: "not_started", "missing" or "crashed".
        error: class and message of the exception, such as "IndexError: index out of range".
        todo: the task whose stub was reached ("3.1"), where one was.
        file, line, function, source: the innermost place in the student's file, where there is one.
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
    ) -> None:
        super().__init__(error)
        self.reason = reason
        self.error = error
        self.todo = todo
        self.file = file
        self.line = line
        self.function = function
        self.source = source


class Student:
    """What the `student` fixture gives to a check.

    Args:
        path: the student's module.
        seed: what the random state beside the student's code is set to before each probe.
    """

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.seed = seed
        self.last_call: str | None = None

    def run(self, probe: Probe, /, **inputs: Any) -> Any:
        """Run `probe(module, **inputs)` beside the student's code and return its evidence.

        Inputs and evidence are plain data, see `grading.checks.evidence`.

        Raises:
            StudentError: the code is not there, not started, or raised an exception.
        """
        self.last_call = call_text(probe, inputs)
        try:
            return decode(act(self.path, probe, encode(inputs), self.seed))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit, say, where the student's code calls exit()
            description = decode(encode(describe(error, self.path)))
            raise StudentError(**description) from error


def call_text(probe: Probe, inputs: dict[str, Any]) -> str:
    """The call as a student would type it.

    The first line of a probe's docstring is the template: `model({user_idx})` with input
    `user_idx=[4, 0]` reads "model([4, 0])".
    """
    template = (probe.__doc__ or probe.__name__).strip().splitlines()[0]
    return template.format(**{name: show(value) for name, value in inputs.items()})


# Beside the student's code


def act(path: Path, probe: Probe, inputs: bytes, seed: int) -> bytes:
    """Call `probe` on the module at `path` and return its encoded evidence."""
    module = load_module(path)
    seed_everything(seed)
    return encode(probe(module, **decode(inputs)))


def load_module(path: Path) -> ModuleType:
    """Import the file at `path`, once per process for each version of the file.

    Python's own cache of compiled files is left out: it takes a file for unchanged that was saved
    twice within a second with the same length.
    """
    version = path.read_bytes()
    name = f"student.{path.parent.name}.{path.stem}"
    module = sys.modules.get(name)
    if module is not None and getattr(module, "__version_of_file__", None) == (path, version):
        return module
    linecache.checkcache(str(path))
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up by name
    try:
        exec(loader.source_to_code(version, str(path)), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    module.__dict__["__version_of_file__"] = (path, version)
    return module


def seed_everything(seed: int) -> None:
    """Set the random state of the standard library and of numpy and torch where they are loaded."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def describe(error: BaseException, path: Path) -> dict[str, Any]:
    """What an exception from the student's side means, as plain data for `StudentError`."""
    text = _error_text(error)
    if isinstance(error, FileNotFoundError) and error.filename == str(path):
        return {"reason": "missing", "error": f"there is no file {path.name}", "file": str(path)}
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return {
            "reason": "crashed",
            "error": f"{type(error).__name__}: {error.msg}",
            "file": str(path),
            "line": error.lineno,
            "source": (error.text or "").strip(),
        }
    if isinstance(error, AttributeError) and _is_module_at(path, error.obj):
        return {
            "reason": "missing",
            "error": f"{path.name} has no {error.name}",
            "file": str(path),
        }
    if isinstance(error, NotImplementedError):
        stub = re.match(r"TODO (\d+\.\d+)", str(error))
        if stub:
            place = _place(error.__traceback__, path)
            return {"reason": "not_started", "error": str(error), "todo": stub[1], **place}
    return {"reason": "crashed", "error": text, **_place(error.__traceback__, path)}


def _error_text(error: BaseException) -> str:
    """Class and message, on one line and cut where nobody reads on."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # an exception of the student's own that cannot say what it is
        message = "(its message cannot be shown)"
    if len(message) > MOST_OF_AN_ERROR:
        message = message[:MOST_OF_AN_ERROR] + "…"
    return f"{type(error).__name__}: {message}".removesuffix(": ")


def _is_module_at(path: Path, value: Any) -> bool:
    return isinstance(value, ModuleType) and getattr(value, "__file__", None) == str(path)


def _place(traceback: TracebackType | None, path: Path) -> dict[str, Any]:
    """The innermost frame in the student's file."""
    place: tuple[FrameType, int] | None = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            place = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    if place is None:
        return {"file": str(path)}
    frame, line = place
    return {
        "file": str(path),
        "line": line,
        "function": frame.f_code.co_qualname,
        "source": linecache.getline(str(path), line).strip(),
    }
