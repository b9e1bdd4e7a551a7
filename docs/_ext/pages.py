"""The pages of the site: files from all over the repository, read in place.

Sphinx takes a page's address from its file's path. Here a table says which file becomes which page,
so that the lesson `exercises/part3/README.md` is found at `part3.html`, while its links and
images are still resolved next to the lesson. The source folder of the site is the repository.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.project import Project

from grading import manifest

ROOT = Path(__file__).resolve().parents[2]
API = Path("build") / "api"  # in the repository, and ignored by git
PACKAGES = ("authoring", "data", "grading", "tutorial")
NO_MODULES = (".__main__", ".nbgrader_config")  # run by Python and by nbgrader, never imported
FIGURE_TEXT = re.compile(r"^(Alt|Caption): ", re.MULTILINE)  # fields in a figure's docstring
CODE_OR_MARKUP = re.compile(r"(?<!`)`(?P<code>[^`]+)`(?!`)|[*|]|_(?!\w)")

LESSONS = {
    part.folder: Path("exercises") / part.folder / "README.md" for part in manifest.load(ROOT).parts
}
TEXTS = {
    "index": Path("docs/index.md"),
    "students": Path("docs/students.md"),
    "instructors": Path("docs/instructors.md"),
    "running": Path("docs/running.md"),
    "scale": Path("docs/scale.md"),
    "maintainers": Path("CONTRIBUTING.md"),
    "promise": Path("docs/promise.md"),
    "audit": Path("docs/checks.md"),
    "data": Path("data/README.md"),
}


class CourseProject(Project):
    """Maps files to pages; other files are ignored."""

    def __init__(self, srcdir: Path, source_suffix: Iterable[str], pages: dict[str, Path]) -> None:
        super().__init__(srcdir, source_suffix)
        self.pages = pages
        self.names = {path: name for name, path in pages.items()}

    def discover(
        self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ()
    ) -> set[str]:
        """The names of all pages, without a search through the folders."""
        self.docnames = set(self.pages)
        return self.docnames

    def path2doc(self, filename: str | Path) -> str | None:
        """The page of a file, if it has one."""
        path = Path(filename)
        return self.names.get(path.relative_to(self.srcdir) if path.is_absolute() else path)

    def doc2path(self, docname: str, absolute: bool) -> Path:
        """The file of a page."""
        path = self.pages.get(docname, Path(f"{docname}.md"))
        return Path(self.srcdir) / path if absolute else path


def api_pages() -> dict[str, str]:
    """The text of the API reference: a page per package, with all its modules."""
    rooms: dict[str, list[str]] = {}
    for package in PACKAGES:
        rooms[package] = []
        folder = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(folder, f"{package}."):
            if module.ispkg:
                rooms[module.name] = []
            elif not module.name.endswith(NO_MODULES):
                rooms[module.name.rpartition(".")[0]].append(module.name)
    return {
        "api/index": _api_index(rooms),
        **{f"api/{room}": _api_page(room, modules) for room, modules in rooms.items()},
    }


def _title(text: str, underline: str) -> str:
    return f"{text}\n{underline * len(text)}\n\n"


def _api_index(rooms: dict[str, list[str]]) -> str:
    lines = [f":doc:`{room}`\n    {_summary(room)}\n" for room in rooms]
    return (
        _title("API reference", "=")
        + "What the packages hold, from their docstrings.\n\n"
        + "\n".join(lines)
        + "\n.. toctree::\n   :hidden:\n\n"
        + "".join(f"   {room}\n" for room in rooms)
    )


def _summary(module: str) -> str:
    """The first paragraph of a module's docstring."""
    text = importlib.import_module(module).__doc__ or ""
    return CODE_OR_MARKUP.sub(r"``\g<code>``", " ".join(text.split("\n\n")[0].split()))


def _api_page(room: str, modules: list[str]) -> str:
    sections = "".join(
        _title(module.removeprefix(f"{room}."), "-") + _automodule(module) for module in modules
    )
    return _title(room, "=") + _automodule(room) + sections


def _automodule(module: str) -> str:
    """The members defined in the module; re-exports are documented where they are defined."""
    return f".. automodule:: {module}\n   :members:\n   :ignore-module-all:\n\n"


def _read_docstring(_app: Sphinx, _what: str, _name: str, *rest: Any) -> None:
    """Treat `code` in a docstring as code, and *args, a|b, `test_` in prose as plain text."""
    lines: list[str] = rest[-1]
    text = CODE_OR_MARKUP.sub(
        lambda found: f"``{found['code']}``" if found["code"] else f"\\{found[0]}",
        "\n".join(lines),
    )
    lines[:] = FIGURE_TEXT.sub(r":\1: ", text).split("\n")


def _take_over(app: Sphinx) -> None:
    """Write the API pages, and replace Sphinx's search for source files by the table of pages."""
    reference = {}
    for name, text in api_pages().items():
        reference[name] = API / f"{name.removeprefix('api/')}.rst"
        path = ROOT / reference[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    pages = TEXTS | LESSONS | reference
    app.project = CourseProject(Path(app.srcdir), app.config.source_suffix, pages)
    app.env.project = app.project


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", _take_over)
    app.connect("autodoc-process-docstring", _read_docstring)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
