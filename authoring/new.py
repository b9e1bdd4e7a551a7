"""`course new`: a small course on another subject, complete and working, to begin with."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, StrictUndefined

from authoring.build import build
from grading import manifest

TEMPLATE = Path(__file__).parent / "templates" / "course"
RENDERED = ".j2"  # the suffix of files in which the title or the slug stands


class NewCourseError(Exception):
    """The course cannot be written; the message names the folder and the fix."""


def new_course(target: Path) -> int:
    """Write a course of one part into a new or empty folder, after which it is named.

    Returns:
        how many files were written.

    Raises:
        NewCourseError: the folder is a file or holds something; nothing was written.
    """
    _require_empty(target)
    words = re.findall(r"\w+", target.resolve().name.replace("_", " "))
    title = " ".join(words)
    names = {
        "title": title[:1].upper() + title[1:] or "A course",
        "slug": "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "course",
    }
    environment = Environment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown and TOML; a title has only letters, digits and spaces
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".new-course-") as folder:
        root = Path(folder)
        for source in _files(TEMPLATE):
            text = source.read_text(encoding="utf-8")
            path = root / source.relative_to(TEMPLATE)
            if path.suffix == RENDERED:
                path = path.with_suffix("")
                text = environment.from_string(text).render(names)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        build(manifest.load(root))
        n_files = len(_files(root))
        target.mkdir(exist_ok=True)
        for path in sorted(root.iterdir()):
            path.rename(target / path.name)
    return n_files


def _require_empty(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise NewCourseError(f"{target} is a file; name a folder")
    held = sorted(path.name for path in target.iterdir()) if target.exists() else []
    if others := [name for name in held if name != ".git"]:
        raise NewCourseError(f"{target} is not empty (it holds {others[0]}); name a new folder")


def _files(folder: Path) -> list[Path]:
    """Every file, hidden ones too; a cache may lie in the template where tools have read it."""
    paths = (path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts)
    return [path for path in paths if path.is_file()]
