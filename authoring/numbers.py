"""Numbers of the lessons: kept in `exercises/numbers.json`, filled in between markers, verified.

In a lesson a number is written `<!--n:name-->0.934<!--/n-->`; readers do not see the markers.
`course build` fills in the values of `numbers.json`; `course build --numbers` measures them again;
`course build --check` measures them, or uses cached measurements of the same code, and compares.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grading.manifest import Course

if TYPE_CHECKING:  # they load torch, which a build without measuring does not need
    from authoring.measurements.bench import Bench, Curves, Found, Measured, Value

NUMBERS = Path("exercises") / "numbers.json"
CURVES = Path("authoring") / "figures" / "curves.json"
CACHE = Path(".course") / "cache" / "numbers"
MEASURING = "authoring.measurements"
# Folders whose code affects the measurements.
INVOLVED = ("solutions", "tutorial", "authoring/measurements")
RANKERS = Path("tutorial/rankers.py")
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
    timing = Number(float(f"{ratio:.0e}"), ",.0f", 0.0, 1, None, by, checked=False)
    write_numbers(course, Kept(kept.data, kept.numbers | {name: timing}))
    return timing


def number(measured: "Measured", by: str) -> Number:
    """The values of a measurement to keep."""
    values = measured.values
    if isinstance(values[0], str):
        return Number(values[0], measured.format, 0.0, len(values), None, by)
    floats = [float(value) for value in values]
    mean, spread = sum(floats) / len(floats), None
    if len(floats) > 1:
        variance = sum((value - mean) ** 2 for value in floats) / (len(floats) - 1)
        spread = _rounded(variance**0.5)
    return Number(_rounded(mean), measured.format, measured.tolerance, len(floats), spread, by)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


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
    from data import load

    movielens = load(download=None, say=lambda line: None)
    if movielens.is_synthetic:
        return None
    folder = movielens.ratings_path.parent
    return Source(folder, {name: _sha256(folder / name) for name in DATA_FILES})


class Progress:
    """Callback that receives the group being measured; this one does nothing."""

    def start(self, groups: Iterable[str]) -> None: ...

    def measuring(self, group: str) -> None: ...

    def done(self) -> None: ...


def measure(
    course: Course, source: Source, progress: Progress, cache: bool = True
) -> dict[str, "Found"]:
    """All groups by name, from the cache if nothing that affects them has changed."""
    from authoring.measurements import GROUPS

    folder = course.root / CACHE / _key(course, source.data)
    found: dict[str, Found] = {}
    missing = [name for name in GROUPS if not cache or not (folder / f"{name}.json").is_file()]
    progress.start(missing)
    bench = None
    for name, group in GROUPS.items():
        path = folder / f"{name}.json"
        if name not in missing and (remembered := _remembered(path)) is not None:
            found[name] = remembered
            continue
        progress.measuring(name)
        bench = bench or _bench(course, source)
        found[name] = group(bench)
        _remember(path, found[name])
    progress.done()
    _forget_others(folder)
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
    paths = [course.root / RANKERS]
    for folder in INVOLVED:
        paths += sorted((course.root / folder).rglob("*.py"))
    for path in paths:
        if path.is_file():
            digest.update(path.relative_to(course.root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _remember(path: Path, found: "Found") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps(asdict(found)), encoding="utf-8")
    half.replace(path)


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


def _forget_others(folder: Path) -> None:
    """Delete measurements of other code or data."""
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# course build --numbers


def renew(course: Course, source: Source, progress: Progress) -> list[str]:
    """Measure everything, write the numbers and curves, and return the changes in words."""
    before = read_numbers(course).numbers
    found = measure(course, source, progress, cache=False)
    after = {name: kept for name, kept in before.items() if not kept.checked} | _numbers(found)
    write_numbers(course, Kept(source.data, after))
    _write_curves(course, {name: c for group in found.values() for name, c in group.curves.items()})
    return list(_changes(before, after))


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
    lines = [
        f" {json.dumps(name)}: {json.dumps(_shorter(curve), ensure_ascii=False)}"
        for name, curve in sorted(curves.items())
    ]
    path = course.root / CURVES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


def _shorter(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, list | tuple):
        return [_shorter(item) for item in value]
    if isinstance(value, dict):
        return {key: _shorter(item) for key, item in value.items()}
    return value


# course build --check


@dataclass(frozen=True)
class Verdict:
    complaints: list[str]
    note: str = ""  # why the numbers were not checked


def check(
    course: Course, progress: Progress, find: Callable[[], Source | None] | None = None
) -> Verdict:
    """Compare measured numbers with the committed ones, each within its tolerance."""
    try:
        kept = read_numbers(course)
    except NumberError as error:
        return Verdict([str(error)])
    if not kept.numbers:
        return Verdict([])
    source = (find or real_data)()
    if source is None:
        return Verdict([], "numbers not checked: MovieLens 100K is not here (see course data)")
    if source.data != kept.data:
        return Verdict(
            [], f"numbers not checked: {source.folder} holds other data than numbers.json"
        )
    measured = _numbers(measure(course, source, progress))
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
