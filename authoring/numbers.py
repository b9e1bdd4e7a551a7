"""Numbers of the lessons: kept in `exercises/numbers.json`, filled in between markers, verified.

In a lesson a number is written `<!--n:name-->0.934<!--/n-->`; readers do not see the markers.
`course build` fills in the values of `numbers.json`; `course build --numbers` measures them again;
`course build --check` measures them, or uses cached measurements of the same code, and compares.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from data import DataError, load
from grading.backup import write_whole
from grading.manifest import Course

if TYPE_CHECKING:  # they load torch, which a build without measuring does not need
    from authoring.measurements.bench import Bench, Curves, Found, Measured, Value

NUMBERS = Path("exercises") / "numbers.json"
CURVES = Path("authoring") / "figures" / "curves.json"
CACHE = Path(".course") / "cache" / "numbers"
MEASURING = "authoring.measurements"
# Folders whose code affects the measurements.
INVOLVED = ("solutions", "tutorial", "authoring/measurements")
DATA_FILES = ("u.data", "u.item")
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DIGITS = 8  # kept of a value
AGAIN = "run: course build --numbers"

MARKED = re.compile(r"<!--n:(?P<name>[a-z0-9-]+)-->(?P<shown>[^<>\n]*)<!--/n-->")
MARKER_LIKE = re.compile(r"<!--\s*/?\s*n\s*(:|-->)")


class NumberError(Exception):
    """A number or a marker is wrong; the message names the file, the line and the fix."""


@dataclass(frozen=True)
class Number:
    """One number of the lessons.

    `by` is the function that measures it, or the command if `course build --check` does not.
    `spread` is the standard deviation over the seeds.
    """

    value: "Value"
    format: str
    tolerance: float
    seeds: int
    spread: float | None
    by: str
    checked: bool = True

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return self.value
        if self.format.lower() == "word":
            word = WORDS[round(self.value)]
            return word.capitalize() if self.format == "Word" else word
        return format(self.value, self.format).replace("-", "−")


@dataclass(frozen=True)
class Kept:
    """The content of `numbers.json`."""

    data: dict[str, str]  # file → SHA-256 of what was measured
    numbers: dict[str, Number]


# The file


def read_numbers(course: Course) -> Kept:
    """The committed numbers; empty if there is no file.

    Raises:
        NumberError: the file is malformed.
    """
    path = course.root / NUMBERS
    if not path.is_file():
        return Kept({}, {})
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        numbers = {name: Number(**entry) for name, entry in document["numbers"].items()}
        for number in numbers.values():
            str(number)  # the format fits
        return Kept(dict(document["data"]), numbers)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NumberError(f"{NUMBERS.as_posix()} cannot be read ({error!r}); {AGAIN}") from error


def write_numbers(course: Course, kept: Kept) -> None:
    """One line per number, sorted by name, for readable diffs."""
    lines = [
        f"  {json.dumps(name)}: {json.dumps(asdict(number), ensure_ascii=False)}"
        for name, number in sorted(kept.numbers.items())
    ]
    text = (
        f'{{\n "data": {json.dumps(kept.data)},\n "numbers": {{\n' + ",\n".join(lines) + "\n }\n}\n"
    )
    (course.root / NUMBERS).write_text(text, encoding="utf-8", newline="\n")


def keep_timing(course: Course, name: str, ratio: float, by: str) -> Number:
    """Write a ratio of two times, to one digit; `course build --check` does not measure it."""
    kept = read_numbers(course)
    timing = Number(_rounded(ratio, 1), ",.0f", 0.0, 1, None, by, checked=False)
    write_numbers(course, Kept(kept.data, kept.numbers | {name: timing}))
    return timing


def number(measured: "Measured", by: str) -> Number:
    """The values of a measurement to keep."""
    values = measured.values
    if isinstance(values[0], str):
        return Number(values[0], measured.format, 0.0, len(values), None, by)
    floats = [float(value) for value in values]
    mean = _rounded(fmean(floats), DIGITS)
    spread = _rounded(stdev(floats), DIGITS) if len(floats) > 1 else None
    return Number(mean, measured.format, measured.tolerance, len(floats), spread, by)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


# Lessons


def lessons(course: Course) -> Iterator[tuple[Path, str]]:
    """Every lesson with its numbers filled in: path from the course folder, and text.

    Raises:
        NumberError: a marker is malformed or names an unknown number.
    """
    known = read_numbers(course).numbers
    for part in course.parts:
        path = Path("exercises") / part.folder / "README.md"
        if (course.root / path).is_file():
            text = (course.root / path).read_text(encoding="utf-8")
            yield path, filled(text, known, path.as_posix())


def filled(text: str, numbers: Mapping[str, Number], where: str) -> str:
    """A lesson's text with the shown value between each pair of markers.

    Raises:
        NumberError: a marker is malformed or names an unknown number.
    """
    lines = text.split("\n")
    for row, line in enumerate(lines, 1):
        if MARKER_LIKE.search(MARKED.sub("", line)):
            raise NumberError(
                f"{where}, line {row}: write a number as '<!--n:name-->1.23<!--/n-->', with both "
                "markers on one line"
            )
        for marked in MARKED.finditer(line):
            if marked["name"] not in numbers:
                raise NumberError(
                    f"{where}, line {row}: there is no number {marked['name']!r} in "
                    f"{NUMBERS.as_posix()}; correct the name, or measure it and {AGAIN}"
                )
        lines[row - 1] = MARKED.sub(
            lambda marked: f"<!--n:{marked['name']}-->{numbers[marked['name']]}<!--/n-->", line
        )
    return "\n".join(lines)


# Measuring


@dataclass(frozen=True)
class Source:
    """Where to measure: the folder of the real data, and its checksums."""

    folder: Path
    data: dict[str, str]


def real_data() -> Source | None:
    """The real data, or None if it is not on this machine; nothing is downloaded.

    Raises:
        DataError: a folder that the user chose holds no usable data.
    """
    movielens = load(download=None, say=lambda line: None)
    if movielens.is_synthetic:
        return None
    folder = movielens.ratings_path.parent
    return Source(folder, {name: _sha256(folder / name) for name in DATA_FILES})


def measure(course: Course, source: Source, cache: bool = True) -> dict[str, "Found"]:
    """All groups by name, from the cache if nothing that affects them has changed."""
    from authoring.measurements import GROUPS

    folder = course.root / CACHE / _key(course, source.data)
    paths = {name: folder / f"{name}.json" for name in GROUPS}
    found = {
        name: remembered
        for name, path in paths.items()
        if cache and (remembered := _remembered(path)) is not None
    }
    missing = [name for name in GROUPS if name not in found]
    bench = None
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("measuring", total=len(missing))
        for name in missing:
            progress.update(bar, description=f"measuring: {name.replace('_', ' ')}")
            bench = bench or _bench(course, source)
            found[name] = GROUPS[name](bench)
            write_whole(paths[name], json.dumps(asdict(found[name])).encode())
            progress.advance(bar)
    for other in folder.parent.iterdir():
        if other != folder:  # measurements of other code or data
            shutil.rmtree(other, ignore_errors=True)
    return found


def _bench(course: Course, source: Source) -> "Bench":
    import torch

    from authoring.measurements.bench import Bench
    from data.movielens import open_folder
    from tutorial.code import load_deep_code

    torch.set_num_threads(1)
    return Bench(load_deep_code(course, course.solutions), open_folder(source.folder, "numbers"))


def _key(course: Course, data: dict[str, str]) -> str:
    """Hash of everything that affects the measurements: data, PyTorch version and code."""
    import torch

    digest = hashlib.sha256(json.dumps([data, str(torch.__version__)]).encode())
    for folder in INVOLVED:
        for path in sorted((course.root / folder).rglob("*.py")):
            digest.update(path.relative_to(course.root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _remembered(path: Path) -> "Found | None":
    from authoring.measurements.bench import Found, Measured

    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        numbers = {
            name: Measured(tuple(entry["values"]), entry["format"], entry["tolerance"])
            for name, entry in kept["numbers"].items()
        }
        return Found(numbers, kept["curves"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# course build --numbers


def renew(course: Course) -> list[str]:
    """Measure everything, write the numbers and curves, and return the changes in words.

    Raises:
        NumberError: the course has nothing to measure, or the real data is not on this machine.
        DataError: a folder that the user chose holds no usable data.
    """
    source = real_data()
    if source is None:
        raise NumberError("there is nothing to measure with: MovieLens 100K is not here")
    if not (course.root / MEASURING.replace(".", "/")).is_dir():
        raise NumberError("this course brings no code that measures numbers")
    before = read_numbers(course).numbers
    found = measure(course, source, cache=False)
    after = {name: kept for name, kept in before.items() if not kept.checked} | _numbers(found)
    write_numbers(course, Kept(source.data, after))
    _write_curves(course, {name: c for group in found.values() for name, c in group.curves.items()})
    return list(_changes(before, after)) or ["no number changed"]


def _numbers(found: Mapping[str, "Found"]) -> dict[str, Number]:
    return {
        name: number(measured, f"{MEASURING}.{group}")
        for group, result in found.items()
        for name, measured in result.numbers.items()
    }


def _changes(before: Mapping[str, Number], after: Mapping[str, Number]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield f"{name}: new, {new}"
        elif new is None:
            yield f"{name}: no longer measured, was {old}"
        elif str(old) != str(new):
            yield f"{name}: {old} → {new}"


def _write_curves(course: Course, curves: "Curves") -> None:
    """One line per curve, with few digits, for the figures."""
    shorter = json.loads(json.dumps(curves), parse_float=lambda text: _rounded(float(text), 4))
    lines = [
        f" {json.dumps(name)}: {json.dumps(curve, ensure_ascii=False)}"
        for name, curve in sorted(shorter.items())
    ]
    write_whole(course.root / CURVES, ("{\n" + ",\n".join(lines) + "\n}\n").encode())


# course build --check


@dataclass(frozen=True)
class Verdict:
    complaints: list[str]
    note: str = ""  # why the numbers were not checked


def check(course: Course) -> Verdict:
    """Compare measured numbers with the committed ones, each within its tolerance."""
    try:
        kept = read_numbers(course)
        source = real_data() if kept.numbers else None
    except (NumberError, DataError) as error:
        return Verdict([str(error)])
    if not kept.numbers:
        return Verdict([])
    if source is None:
        return Verdict([], "numbers not checked: MovieLens 100K is not here (see course data)")
    if source.data != kept.data:
        return Verdict(
            [], f"numbers not checked: {source.folder} holds other data than numbers.json"
        )
    measured = _numbers(measure(course, source))
    return Verdict(list(_differences(kept.numbers, measured)))


def _differences(kept: Mapping[str, Number], measured: Mapping[str, Number]) -> Iterator[str]:
    where = NUMBERS.as_posix()
    committed = {name: number for name, number in kept.items() if number.checked}
    for name in sorted(committed.keys() - measured.keys()):
        yield f"{where}: nothing measures {name}; {AGAIN}"
    for name in sorted(measured.keys() - kept.keys()):
        yield f"{where}: {name} is missing; {AGAIN}"
    for name in sorted(committed.keys() & measured.keys()):
        old, new = committed[name], measured[name]
        if not _comes_back(old, new):
            yield (
                f"{where}: {name} is {old}, but {old.by} measures {new} "
                f"(tolerance {old.tolerance:g}); {AGAIN}"
            )


def _comes_back(old: Number, new: Number) -> bool:
    if isinstance(old.value, str) or isinstance(new.value, str):
        return old.value == new.value
    return abs(old.value - new.value) <= old.tolerance + 10 ** -(DIGITS - 1) * abs(old.value)
