"""`course release`: the students' repository, without anything that solves a task."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from authoring.notebooks import has_lesson, students_notebook
from authoring.stubs import stub_files
from grading.exports.classroom import WORKFLOW, workflow
from grading.feedback.solution import handed_out
from grading.feedback.update import FORMAT
from grading.files import data_files, exercise_files, students_engine
from grading.manifest import HANDED_OUT, PRISTINE, RELEASED, Course

AS_THEY_ARE = (
    *("conftest.py", "constraints.txt", "LICENSE", ".gitignore"),
    *(".vscode/settings.json", ".vscode/tasks.json", ".vscode/extensions.json"),
    ".devcontainer/devcontainer.json",
)

TEMPLATES = Path(__file__).parent / "templates"
README_TEMPLATE = "student_README.md.j2"
OWN_README = "README.md.j2"  # in exercises/, where a course says more; it extends the other

SECTIONS = (
    "build-system",
    "project",
    "project.optional-dependencies",
    "project.scripts",
    "tool.hatch.build.targets.wheel",
    "tool.pytest.ini_options",
)
SECTION = re.compile(r"^\[+(?P<name>[^\[\]]+)\]+\s*$")
EXTRAS = "project.optional-dependencies"
STUDENTS_EXTRA = re.compile(r"app = \[.*\]|\s*")
TEST_PATHS = re.compile(r"^testpaths = .*$", re.MULTILINE)


class ReleaseError(Exception):
    """The release cannot be written; the message names the file and the fix."""


def release(
    course: Course, target: Path, classroom: bool = False, solutions: bool = False
) -> list[Path]:
    """Write the students' repository into a new or empty folder, or update an earlier release.

    Other files in the folder are left alone. If somebody changed a released file since the last
    release, nothing is written.

    Args:
        classroom: add the workflow of GitHub Classroom.
        solutions: add what `course solution` shows of a task that has passed. It is encoded, not
            encrypted: not for work that counts.

    Returns:
        the files that were written, relative to `target`; none if everything is up to date.

    Raises:
        ReleaseError: the folder holds something else, a file in it was changed, or the stubs are
            out of date with the solutions.
        UsageError: a task has no points, which a workflow for GitHub Classroom cannot have.
    """
    earlier, released = _earlier(target)
    contents = dict(_contents(course, classroom, solutions))
    written = []
    for path, content in contents.items():
        current = _read(target / path)
        if current == content:
            continue
        if current is not None and earlier.get(path.as_posix()) != _sha256(current):
            raise ReleaseError(
                f"{target / path} was changed since the last release; move it away or delete it, "
                "and release again"
            )
        written.append(path)
    target.mkdir(parents=True, exist_ok=True)
    _write_record(
        target, course, earlier, released
    )  # first, so that an interrupted release can resume
    for path in written:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(contents[path])
    wrote = {path.as_posix(): _sha256(content) for path, content in contents.items()}
    files = {path: of for path, of in earlier.items() if (target / path).is_file()} | wrote
    if files != earlier:
        released = datetime.now(UTC).isoformat(timespec="milliseconds")
    _write_record(target, course, files, released)
    return written


def _write_record(target: Path, course: Course, files: dict[str, str], released: str) -> None:
    record = {
        "release": FORMAT,
        "course": course.title,
        "released": released,  # the time, by which `course update` knows the newer of two
        "files": dict(sorted(files.items())),
    }
    (target / RELEASED).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _earlier(target: Path) -> tuple[dict[str, str], str]:
    """What an earlier release wrote into the folder, and when; ReleaseError if it holds something
    else."""
    if not target.exists():
        return {}, ""
    if not target.is_dir():
        raise ReleaseError(f"{target} is a file; name a folder")
    record = _read(target / RELEASED)
    if record is None:
        others = sorted(path.name for path in target.iterdir() if path.name != ".git")
        if others:
            raise ReleaseError(
                f"{target} is not empty and is not an earlier release (it holds {others[0]}); "
                "name a new folder"
            )
        return {}, ""
    try:
        said = json.loads(record)
        return dict(said["files"]), str(said.get("released", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{target / RELEASED} cannot be read ({error!r}); release into a new folder"
        ) from None


def _contents(course: Course, classroom: bool, solutions: bool) -> Iterator[tuple[Path, bytes]]:
    """Path in the release → content, in order of path within each kind."""
    _require_true_stubs(course)
    paths = [course.root / name for name in AS_THEY_ARE if (course.root / name).is_file()]
    files = exercise_files(course) | data_files(course) | students_engine(course)
    files |= {path.relative_to(course.root): path for path in paths}
    for path, source in files.items():
        yield path, source.read_bytes()
    for part in course.parts:
        if has_lesson(course, part):
            yield Path("exercises") / part.notebook, students_notebook(course, part).encode()
    yield Path("README.md"), _readme(course, solutions).encode()
    settings = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    yield Path("pyproject.toml"), _students_settings(settings).encode()
    if classroom:
        yield Path(WORKFLOW), workflow(course).encode()
    if solutions:
        yield HANDED_OUT, handed_out(course)


def _require_true_stubs(course: Course) -> None:
    """Refuse pristine stubs that were edited: they may hold a solution."""
    if not course.solutions.is_dir():
        raise ReleaseError(
            "there are no solutions here to compare the stubs with; release from the full course"
        )
    for path, text in stub_files(course):
        current = _read(course.root / path)
        if path.is_relative_to(PRISTINE) and current not in (None, text.encode()):
            raise ReleaseError(
                f"{path.as_posix()} is out of date with its solution; run: course build"
            )


def _readme(course: Course, solutions: bool) -> str:
    environment = Environment(
        loader=FileSystemLoader([course.exercises, TEMPLATES]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown
    )
    template = environment.select_template([OWN_README, README_TEMPLATE])
    return template.render(course=course, solutions=solutions)


def _students_settings(text: str) -> str:
    """pyproject.toml without linter settings and without extras, but for that of the app."""
    kept: list[str] = []
    name = "build-system"
    for line in text.splitlines():
        if (section := SECTION.match(line)) is not None:
            name = section["name"]
        elif name == EXTRAS and STUDENTS_EXTRA.fullmatch(line) is None:
            continue
        if name in SECTIONS:
            kept.append(line)
    trimmed = TEST_PATHS.sub('testpaths = ["exercises"]', "\n".join(kept).rstrip() + "\n")
    tomllib.loads(trimmed)  # raises if the result is not valid TOML
    return trimmed


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
