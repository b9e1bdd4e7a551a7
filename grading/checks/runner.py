"""What runs next to the student's code: load the module, call a probe, describe what went wrong.

All of it returns plain data. It is the only part of the checks that a worker needs, so nothing
here knows a check or an answer.
"""

import difflib
import errno
import importlib.machinery
import importlib.util
import linecache
import math
import random
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from grading.checks.evidence import decode, encode
from grading.checks.limits import TimeIsUp, time_limit
from grading.checks.notebook import (
    NotANotebook,
    cells_of,
    execute,
    is_notebook,
    place_in_cell,
    source_of,
    why_missing,
)
from grading.checks.show import MOST_OF_A_TEXT, on_one_line

# what torch says of a model whose class has no such method
NO_FORWARD = re.compile(r'Module \[(\w+)\] is missing the required "forward" function')
STUB = re.compile(r"TODO (\d+\.\d+)")
Probe = Callable[..., Any]


def act(path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
    """Call `probe` on the module at `path` and return its encoded evidence.

    Raises:
        TimeIsUp: loading the module, or the call, takes longer than `seconds` of computing.
    """
    module = load_module(path, seconds)
    with time_limit(seconds):
        seed_everything(seed)
        reset_switches()
        return encode(probe(module, **decode(inputs)))


def loaded(module: ModuleType) -> None:
    """A probe that only needs the module to be loaded."""


def load_module(path: Path, seconds: float = math.inf) -> ModuleType:
    """Import the module or notebook at `path`, once per process for each version of the file.

    Python's own cache of compiled files is not used: it takes a file that was saved twice within a
    second, at the same length, for unchanged.

    Raises:
        TimeIsUp: loading takes longer than `seconds` of computing.
    """
    version = path.read_bytes()
    name = module_name(path)
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
        if is_notebook(path):
            source = source_of(cells_of(version))
            lines = [f"{line}\n" for line in source.text.split("\n")]
            # with this entry, Python's own messages and `inspect` find the lines of the module
            linecache.cache[str(path)] = (len(source.text), None, lines, str(path))
            execute(source, path, module, seconds)
        else:
            with time_limit(seconds):
                exec(loader.source_to_code(version, str(path)), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    module.__dict__["__version_of_file__"] = (path, version)
    return module


def module_name(path: Path) -> str:
    """The name under which the file at `path` is imported."""
    return f"student.{path.parent.name}.{path.stem}"


def seed_everything(seed: int) -> None:
    """Set the random state of the standard library, and of numpy and torch if they are loaded."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        # torch.manual_seed would also note a stack trace for GPUs that are not in use yet
        sys.modules["torch"].default_generator.manual_seed(seed)


def reset_switches() -> None:
    """Undo what earlier code may have switched in torch for the whole process."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)


def describe(error: BaseException, path: Path) -> dict[str, Any]:
    """What an exception from the student's side means, as plain data for `StudentError`."""
    module = sys.modules.get(module_name(path))
    error = why_missing(error, module)

    def said(reason: str, text: str, **more: Any) -> dict[str, Any]:
        file = {"file": str(path), "loading": module is None}
        return {"reason": reason, "error": text, **file, **more}

    if isinstance(error, FileNotFoundError) and error.filename == str(path):
        return said("missing", f"there is no file {path.name}")
    if isinstance(error, NotANotebook):
        return said("missing", f"{path.name} {error}")
    if isinstance(error, TimeIsUp):
        return said("timeout", str(error), cause=str(error.cause), **_place(error, path))
    if not is_notebook(path) and _holds_a_notebook(path):
        text = f"{path.name} holds a notebook, not Python: export its code as a script"
        return said("missing", text, loading=True)
    if isinstance(error, SyntaxError) and error.filename == str(path):
        place = {"line": error.lineno, "source": (error.text or "").strip()[:MOST_OF_A_TEXT]}
        if is_notebook(path):
            place["cell"] = error.__dict__.get("cell")
        return said("crashed", f"{type(error).__name__}: {error.msg}", **place)
    if (absent := _absent(error, path)) is not None:
        owner, name, there = absent
        similar = difflib.get_close_matches(name, there, n=3)
        return said("missing", f"{owner} has no {name}", similar=similar)
    if isinstance(error, NotImplementedError) and (stub := STUB.match(str(error))):
        return said("not_started", str(error), todo=stub[1], **_place(error, path))
    reason = "memory" if _is_out_of_memory(error) else "crashed"
    return said(reason, _error_text(error), **_place(error, path))


def _is_out_of_memory(error: BaseException) -> bool:
    """torch has no class of its own for this error, and mmap raises the system's."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("not enough memory", "can't allocate memory")
    )


def _error_text(error: BaseException) -> str:
    """Class and message."""
    try:
        message = str(error)
    except TimeIsUp:
        raise
    except BaseException:  # an exception class of the student's whose message cannot be made
        message = "(its message cannot be shown)"
    return on_one_line(f"{type(error).__name__}: {message}").removesuffix(":")


def _holds_a_notebook(path: Path) -> bool:
    """Whether a notebook was saved under the module's name."""
    try:
        beginning = path.read_bytes()[:2000]
    except OSError:
        return False
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"cells"' in beginning


def _absent(error: BaseException, path: Path) -> tuple[str, str, list[str]] | None:
    """What a probe did not find in the student's code: where, its name, and the names there."""
    if isinstance(error, AttributeError) and _is_module_at(path, error.obj):
        return path.name, error.name or "", _own(vars(error.obj), path)
    if _place(error, path):
        return None  # the student's own code looked for it
    if isinstance(error, AttributeError):
        name, kind, parts = error.name, type(error.obj), getattr(error.obj, "_modules", {})
    elif type(error) is NotImplementedError and (found := NO_FORWARD.match(str(error))):
        name, parts = "forward", {}
        kind = getattr(sys.modules.get(module_name(path)), found[1], object)
    else:
        return None
    if kind.__module__ != module_name(path) or not name or name.startswith("_"):
        return None
    there = [key for one in kind.__mro__ for key in _own(vars(one), path)]
    return kind.__name__, name, [*there, *parts]


def _own(names: Mapping[str, Any], path: Path) -> list[str]:
    """The names of functions and classes that stand in the student's file."""
    own = module_name(path)
    return [name for name, value in names.items() if getattr(value, "__module__", None) == own]


def _is_module_at(path: Path, value: Any) -> bool:
    return isinstance(value, ModuleType) and getattr(value, "__file__", None) == str(path)


def _place(error: BaseException, path: Path) -> dict[str, Any]:
    """The innermost frame in the student's file."""
    frames = ((frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__))
    own = [(code, line) for code, line in frames if code.co_filename == str(path)]
    if not own:
        return {}
    code, line = own[-1]
    source = linecache.getline(str(path), line).strip()[:MOST_OF_A_TEXT]
    found = {"line": line, "function": code.co_qualname[:MOST_OF_A_TEXT], "source": source}
    if is_notebook(path):
        cell = place_in_cell(linecache.getlines(str(path)), line)
        return found | (dict(zip(("cell", "line"), cell, strict=True)) if cell else {})
    return found
