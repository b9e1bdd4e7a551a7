"""The manifest `exercises/course.toml`: which parts and tasks there are."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

MANIFEST = Path("exercises") / "course.toml"
PRISTINE = Path("exercises") / ".stubs"  # untouched copies of the stubs, for `course reset`
# What `course release --solutions` hands out: encoded, so that no search shows it too early.
HANDED_OUT = Path("exercises") / ".solutions.json"
RELEASED = Path(".release.json")  # what a release wrote: path → SHA-256
KINDS: dict[type, str] = {bool: "true or false", list: "a list", str: "a text"}
Kind = TypeVar("Kind")


class ManifestError(Exception):
    """The manifest is missing or says something that cannot be; the message names the fix."""


@dataclass(frozen=True)
class Task:
    """What a student solves, such as 3.2, in one or more functions or methods of one module."""

    id: str
    title: str
    symbols: tuple[str, ...]  # qualified names in the module, such as MatrixFactorization.forward
    hints: tuple[str, ...]  # from a question to the way in words
    bonus: bool = False  # of an optional part: its points stand beside the total
    compare: str = ""  # what to look at in the reference solution

    @property
    def part(self) -> int:
        return int(self.id.split(".")[0])

    @property
    def lesson(self) -> str:
        """The task's section in the lesson, as a link that starts at the course folder."""
        heading = f"{self.id} {self.title}".lower()
        anchor = re.sub(r"[^\w -]", "", heading).replace(" ", "-")  # as GitHub makes it
        return f"exercises/part{self.part}/README.md#{anchor}"


@dataclass(frozen=True)
class Part:
    """One lesson with one stub module."""

    number: int
    title: str
    builds: str
    module: str  # file name, such as model.py
    tasks: tuple[Task, ...]
    optional: bool = False  # its points are a bonus

    @property
    def folder(self) -> str:
        return f"part{self.number}"

    @property
    def path(self) -> Path:
        """Where the module lies in a submission, in `exercises/` and in `solutions/`."""
        return Path(self.folder) / self.module

    @property
    def notebook(self) -> Path:
        """Where the part lies as a notebook, in place of the module."""
        return Path(self.folder) / f"{self.folder}.ipynb"

    @property
    def check_files(self) -> tuple[str, ...]:
        """Names of the files in its folder that check it; all but the first may be missing."""
        return (f"test_{self.folder}.py", "mistakes.py", "probes.py")


@dataclass(frozen=True)
class Course:
    """A course: where it is and what its manifest says.

    Attributes:
        libraries: modules that student code and checks need and that take long to import, which
            `course watch`, `course audit` and the grader therefore import once.
        commands: the module with further commands of this course.
        finale: what a student reads once every task is solved.
    """

    root: Path
    title: str
    parts: tuple[Part, ...]
    libraries: tuple[str, ...] = ()
    commands: str = ""
    finale: str = ""

    @property
    def engine(self) -> Path:
        """The folder that holds `grading`: the course itself, or where this package lies."""
        own = (self.root / "grading" / "__init__.py").is_file()
        return self.root if own else Path(__file__).resolve().parents[1]

    @property
    def exercises(self) -> Path:
        return self.root / "exercises"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @cached_property
    def tasks(self) -> dict[str, Task]:
        return {task.id: task for part in self.parts for task in part.tasks}

    @property
    def required(self) -> tuple[Part, ...]:
        """The parts that are not optional."""
        return tuple(part for part in self.parts if not part.optional)

    def part(self, number: int) -> Part:
        for part in self.parts:
            if part.number == number:
                return part
        known = ", ".join(str(part.number) for part in self.parts)
        raise ManifestError(f"there is no part {number}; the parts are {known}")

    def task(self, task_id: str) -> Task:
        if task_id in self.tasks:
            return self.tasks[task_id]
        known = [task.id for task in self.tasks.values()]
        of_part = [id_ for id_ in known if id_.split(".")[0] == task_id.split(".")[0]]
        raise ManifestError(
            f"there is no task {task_id}; the tasks are {_listed(of_part or known)}"
        )


def find_root(start: Path | None = None) -> Path:
    """The course folder: the nearest one at or above `start` (default: the current folder) that
    holds the manifest, else the one that this package was installed from."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents, Path(__file__).resolve().parents[1]):
        if (folder / MANIFEST).is_file():
            return folder
    raise ManifestError(
        f"no {MANIFEST} in {start} or above it; run this inside the folder of the course"
    )


def load(root: Path | None = None) -> Course:
    """Read the manifest of the course at `root` (default: see `find_root`)."""
    root = root or find_root()
    path = root / MANIFEST
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        parts = tuple(_parts(document))
        return Course(
            root,
            document["title"],
            _without_faults(parts),
            libraries=tuple(_a(list, document.get("libraries", []), "libraries")),
            commands=_a(str, document.get("commands", ""), "commands"),
            finale=_a(str, document.get("finale", ""), "finale"),
        )
    except FileNotFoundError:
        raise ManifestError(f"{path} does not exist") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path} is not valid TOML: {error}") from error
    except KeyError as error:
        raise ManifestError(f"{path}: an entry lacks {error}") from error
    except (TypeError, ValueError) as error:
        raise ManifestError(f"{path}: {error}") from error


def _parts(document: dict) -> Iterator[Part]:
    for entry in document["part"]:
        optional = _a(bool, entry.get("optional", False), f"optional of part {entry['number']}")
        tasks = tuple(
            Task(
                id=task["id"],
                title=task["title"],
                symbols=tuple(_a(list, task["symbols"], f"symbols of task {task['id']}")),
                hints=tuple(_a(list, task["hints"], f"hints of task {task['id']}")),
                bonus=optional,
                compare=_a(str, task.get("compare", ""), f"compare of task {task['id']}"),
            )
            for task in entry["task"]
        )
        yield Part(
            number=entry["number"],
            title=entry["title"],
            builds=entry["builds"],
            module=entry["module"],
            tasks=tasks,
            optional=optional,
        )


def _without_faults(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts as they are; ValueError for a task with a number that cannot be."""
    seen: set[str] = set()
    for part in parts:
        for task in part.tasks:
            if not re.fullmatch(rf"{part.number}\.[1-9]\d*", task.id):
                raise ValueError(
                    f"task {task.id!r} stands in part {part.number}; "
                    f"its id must read {part.number}.1, {part.number}.2 …"
                )
            if task.id in seen:
                raise ValueError(f"there are two tasks {task.id}")
            seen.add(task.id)
    return parts


def _a(kind: type[Kind], value: object, name: str) -> Kind:
    """The value, if it is of this kind; otherwise TypeError."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {KINDS[kind]}, got {value!r:.60}")
    return value


def _listed(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= 8 else f"{ids[0]} to {ids[-1]}"
