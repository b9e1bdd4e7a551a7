"""The lessons' figures, drawn by code: `part1.py` draws those of part 1, and so on.

Every public function of such a module draws one figure: it takes nothing and returns a matplotlib
`Figure`. `rating_matrix` becomes `exercises/part1/figures/rating-matrix.svg`, and its docstring
says what a lesson needs to show it:

    Alt: what there is to see, in one line, for those who cannot see it.
    Caption: what it means, in one line.

`python -m authoring.figures` prints both as Markdown, for every figure. matplotlib is imported
only when figures are drawn.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from grading.manifest import Course, Part

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCES = Path("authoring") / "figures"
DOCSTRING = re.compile(r"\s*Alt: (?P<alt>.+?)\s*\n\s*Caption: (?P<caption>.+?)\s*", re.DOTALL)
DRAWN_BY = re.compile(r"Matplotlib v(?P<version>\S+?),")


@dataclass(frozen=True)
class Drawing:
    """One figure: its path from the course folder, and how it is drawn."""

    path: Path
    draw: "Callable[[], Figure]"

    @property
    def alt(self) -> str:
        return self._said("alt")

    @property
    def caption(self) -> str:
        return self._said("caption")

    @property
    def markdown(self) -> str:
        """How a lesson shows it."""
        return f"![{self.alt}](figures/{self.path.name})\n\n*{self.caption}*"

    def svg(self) -> str:
        from authoring.figures import style

        with style.styled():
            return style.svg(self.draw(), self.path.stem, self.alt)

    def _said(self, what: str) -> str:
        found = DOCSTRING.fullmatch(self.draw.__doc__ or "")
        if found is None:
            raise ValueError(
                f"the docstring of {self.draw.__name__} must say 'Alt:' and 'Caption:'"
            )
        return " ".join(found[what].split())


def folder(part: Part) -> Path:
    """Where the figures of a part lie, from the course folder."""
    return Path("exercises") / part.folder / "figures"


def drawings(course: Course) -> Iterator[Drawing]:
    """Every figure of a course; none for a course that does not bring the code that draws them."""
    for part in course.parts:
        if (course.root / SOURCES / f"{part.folder}.py").is_file():
            module = import_module(f"{__name__}.{part.folder}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield Drawing(folder(part) / f"{name.replace('_', '-')}.svg", function)


def figure_files(course: Course) -> Iterator[tuple[Path, str]]:
    """Path from the course folder → what is to be in it, for every figure."""
    for drawing in drawings(course):
        yield drawing.path, drawing.svg()


def orphans(course: Course) -> Iterator[Path]:
    """Figures that lie there although nothing draws them, from the course folder; none for a course
    that draws no figure by code."""
    known = {drawing.path for drawing in drawings(course)}
    for part in course.parts if known else ():
        for path in sorted((course.root / folder(part)).glob("*.svg")):
            if path.relative_to(course.root) not in known:
                yield path.relative_to(course.root)


def comparable(text: str) -> bool:
    """Whether the matplotlib that is installed drew it; another one sets other bytes."""
    import matplotlib

    drawn_by = DRAWN_BY.search(text)
    return drawn_by is None or drawn_by["version"] == matplotlib.__version__
