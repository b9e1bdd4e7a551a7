"""The look of every figure: a light card, few colours, text that is never too small.

A figure is 720 CSS pixels wide. Diagrams are drawn in these pixels, from the upper left corner, on
the axes of `diagram`; plots of numbers in the axes of `chart`.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.text import Text

WIDTH = 720
PIXELS_PER_INCH = 96  # as CSS has it, so that 12 pt are 16 pixels

# Sizes of text in points; nothing is smaller than SMALL.
SMALL, BODY, LARGE = 11.0, 12.5, 16.0

# Colour-blind safe (Okabe and Ito 2008). A colour never stands alone: a label, a hatch, a line
# style or a marker says the same.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE = "#56B4E9", "#CC79A7"
INK, MUTED, LINE = "#1F2933", "#52606D", "#9AA5B1"
CARD, EDGE, WHITE = "#FAFAF7", "#D9D9D2", "#FFFFFF"
USERS, MOVIES, RESULT, WRONG = BLUE, ORANGE, GREEN, RED  # what a colour means in a diagram

CARD_ID = "card"
MONO = "DejaVu Sans Mono"  # for code
STYLE: dict[Any, Any] = {  # matplotlib knows the names
    "svg.fonttype": "path",  # looks the same everywhere, whatever fonts there are
    "svg.hashsalt": "course",  # the same ids in every build
    "font.family": "DejaVu Sans",
    "font.size": BODY,
    "mathtext.fontset": "dejavusans",
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.labelsize": BODY,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "grid.color": EDGE,
    "hatch.linewidth": 0.8,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelsize": SMALL,
    "ytick.color": MUTED,
    "ytick.labelsize": SMALL,
}

Point = tuple[float, float]


@contextmanager
def styled() -> Iterator[None]:
    """What figures are drawn and written in, whatever the user's own settings are."""
    with rc_context():
        rcdefaults()
        rcParams.update(STYLE)
        yield


def svg(figure: Figure, title: str = "", description: str = "") -> str:
    """The figure as text that depends on nothing but what was drawn and matplotlib's version."""
    file = io.BytesIO()
    about = {"Date": None, "Title": title, "Description": description}
    figure.savefig(file, format="svg", metadata=about, transparent=False)
    return re.sub(r" +$", "", file.getvalue().decode(), flags=re.MULTILINE)


def tint(colour: str, share: float = 0.25) -> tuple[float, float, float]:
    """The colour mixed into white, to write on."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def said(value: object) -> str:
    """A value in words, with a minus that is as wide as a plus."""
    return str(value).replace("-", "−")


# The two kinds of figures


def diagram(height: float) -> tuple[Figure, Axes]:
    """A card with axes in pixels: x from 0 to 720, y from 0 (top) to `height`."""
    figure = _card(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return figure, axes


def chart(
    height: float = 400,
    columns: int = 1,
    margins: tuple[float, float, float, float] = (76, 24, 64, 24),
    gap: float = 72,
) -> tuple[Figure, list[Axes]]:
    """A card with `columns` axes side by side, for a plot of numbers.

    Args:
        margins: pixels that are left free for labels, on the left, right, bottom and top.
        gap: pixels between two axes.
    """
    figure = _card(height)
    left, right, bottom, top = margins
    width = (WIDTH - left - right - gap * (columns - 1)) / columns
    tall = (height - bottom - top) / height
    return figure, [
        figure.add_axes(((left + (width + gap) * i) / WIDTH, bottom / height, width / WIDTH, tall))
        for i in range(columns)
    ]


def _card(height: float) -> Figure:
    figure = Figure(figsize=(WIDTH / PIXELS_PER_INCH, height / PIXELS_PER_INCH), facecolor="none")
    around = 1.5
    figure.add_artist(
        FancyBboxPatch(
            (around / WIDTH, around / height),
            1 - 2 * around / WIDTH,
            1 - 2 * around / height,
            boxstyle=f"round,pad=0,rounding_size={10 / WIDTH}",
            mutation_aspect=WIDTH / height,
            transform=figure.transFigure,
            facecolor=CARD,
            edgecolor=EDGE,
            linewidth=1,
            zorder=-10,
            gid=CARD_ID,
        )
    )
    return figure


# What diagrams are made of


def write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size: float = BODY,
    colour: str = INK,
    align: str = "center",
    bold: bool = False,
    **more: Any,
) -> Text:
    """Words centred at the point, or with their left or right end there, see `align`."""
    return axes.text(
        x,
        y,
        words,
        fontsize=size,
        color=colour,
        ha=align,
        va="center",
        fontweight="bold" if bold else "normal",
        **{"linespacing": 1.3, **more},
    )


def box(
    axes: Axes,
    x: float,
    y: float,
    width: float,
    height: float,
    words: str = "",
    *,
    colour: str = LINE,
    fill: Any = None,
    hatch: str | None = None,
    dashed: bool = False,
    line: float = 1.4,
    round_: float = 6,
    size: float = BODY,
    bold: bool = False,
    ink: str = INK,
) -> None:
    """A rounded box, given by its upper left corner, with words in its middle.

    Args:
        fill: the colour inside; None: a tint of `colour`.
    """
    axes.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={round_}" if round_ else "square,pad=0",
            facecolor=tint(colour) if fill is None else fill,
            edgecolor=colour,
            linewidth=line,
            linestyle=(0, (4, 3)) if dashed else "-",
            hatch=hatch,
            zorder=1,
        )
    )
    if words:
        write(axes, x + width / 2, y + height / 2, words, size=size, bold=bold, colour=ink)


def disc(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    across: float = 44,
    colour: str = USERS,
    size: float = BODY,
) -> None:
    """A person: a disc around the point with the name in it."""
    axes.add_patch(
        Ellipse(
            (x, y),
            across,
            across,
            facecolor=tint(colour),
            edgecolor=colour,
            linewidth=1.6,
            zorder=3,
        )
    )
    write(axes, x, y, words, size=size, bold=True, zorder=4)


def line(
    axes: Axes,
    start: Point,
    end: Point,
    *,
    colour: str = LINE,
    width: float = 1.4,
    dashed: bool = False,
) -> None:
    """A straight line."""
    axes.plot(
        *zip(start, end, strict=True),
        color=colour,
        linewidth=width,
        linestyle=(0, (4, 3)) if dashed else "-",
        solid_capstyle="round",
        zorder=1.8,
    )


def table(
    axes: Axes,
    x: float,
    y: float,
    rows: Sequence[Sequence[object]],
    *,
    cell: tuple[float, float] = (44, 34),
    colour: str = LINE,
    fill: Any = WHITE,
    special: dict[tuple[int, int], str] | None = None,
    size: float = BODY,
) -> None:
    """Cells side by side, given by the upper left corner of the first.

    Args:
        cell: width and height of each.
        special: (row, column) → colour of a cell that stands out, in bold on a tint.
    """
    special = special or {}
    width, height = cell
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            mark = special.get((i, j))
            axes.add_patch(
                Rectangle(
                    (x + j * width, y + i * height),
                    width,
                    height,
                    facecolor=tint(mark, 0.35) if mark else fill,
                    edgecolor=mark or colour,
                    linewidth=2.0 if mark else 1.0,
                    zorder=1.5 if mark else 1,
                )
            )
            middle = (x + (j + 0.5) * width, y + (i + 0.5) * height)
            write(axes, *middle, said(value), size=size, bold=mark is not None)


def arrow(
    axes: Axes,
    start: Point,
    end: Point,
    *,
    colour: str = MUTED,
    line: float = 1.8,
    bend: float = 0.0,
    dashed: bool = False,
    head: str = "-|>",
) -> None:
    """An arrow; `bend` curves it, to the other side where negative."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle=head,
            mutation_scale=14,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=f"arc3,rad={bend}",
            color=colour,
            linewidth=line,
            linestyle=(0, (4, 3)) if dashed else "-",
            zorder=2,
        )
    )
