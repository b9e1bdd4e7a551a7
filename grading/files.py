"""The files of the course that may be given to others, never what an instructor has edited.

They are named one by one or taken from folders that hold nothing but the engine, because a working
copy also holds solved exercises, backups and caches.
"""

from collections.abc import Iterator
from pathlib import Path

from grading.manifest import MANIFEST, PRISTINE, Course

# Of the engine, what checking, hints, progress and the tutorial import; a test follows the imports.
ENGINE = (
    "__init__.py",
    "__main__.py",
    "backup.py",
    "checks",
    "cli/__init__.py",
    "cli/shared.py",
    "cli/students.py",
    "feedback",
    "clocks.py",
    "errors.py",
    "forks.py",
    "manifest.py",
    "notebook.py",
    "states.py",
)

PICTURES = (".png", ".svg", ".jpg")
NO_SOURCE = (".pyc", ".pyo", ".orig", ".rej", ".swp")


def exercise_files(course: Course) -> dict[Path, Path]:
    """Path in the copy → file to copy: lessons, checks and untouched stubs.

    Raises:
        FileNotFoundError: there is no untouched copy of a stub.
    """
    files = {MANIFEST: course.root / MANIFEST}
    for part in course.parts:
        pristine = course.root / PRISTINE / part.path
        if not pristine.is_file():
            raise FileNotFoundError(f"{pristine} does not exist; write it with: course build")
        files[PRISTINE / part.path] = pristine
        files[Path("exercises") / part.path] = pristine
        folder = course.exercises / part.folder
        for name in ("README.md", *part.check_files):
            if (folder / name).is_file():
                files[Path("exercises") / part.folder / name] = folder / name
        for path in files_under(folder):
            if path.suffix in PICTURES:
                files[path.relative_to(course.root)] = path
    return files


def data_files(course: Course) -> dict[Path, Path]:
    """The code that finds, downloads and stands in for the data; no file of the data itself."""
    folder = course.root / "data"
    paths = [*sorted(folder.glob("*.py")), folder / "README.md"]
    return {path.relative_to(course.root): path for path in paths if path.is_file()}


def students_engine(course: Course) -> dict[Path, Path]:
    """Of the engine, what checking, hints, progress and the tutorial need."""
    files = {path.relative_to(course.root): path for path in files_under(course.root / "tutorial")}
    for path in (course.engine / "grading" / name for name in ENGINE):
        for source in files_under(path) if path.is_dir() else [path]:
            files[source.relative_to(course.engine)] = source
    return files


def files_under(folder: Path) -> Iterator[Path]:
    """Every file in a folder, in order; without links, caches and what is hidden."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith((".", "__pycache__")):
            continue
        if path.is_dir():
            yield from files_under(path)
        elif path.suffix not in NO_SOURCE and not path.name.endswith("~"):
            yield path
