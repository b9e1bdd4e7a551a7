"""The look of every figure: a card, light or dark as its page, few colours, no small text.

A figure is 720 CSS pixels wide, and a plot with a single panel 472, which is what fits on a phone
where the site shows figures at three quarters of their size. Diagrams are drawn in these pixels,
from the upper left corner, with the pen of `diagram`; plots of numbers on the axes of `chart`.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.text import Text

WIDTH, NARROW = 720, 472
PIXELS_PER_INCH = 96  # as CSS has it, so that 12 pt are 16 pixels

# Sizes of text in points; nothing is smaller than SMALL.
SMALL, BODY, LARGE = 11.0, 12.5, 16.0

# Colour-blind safe (Okabe and Ito 2008). A colour never stands alone: a label, a hatch, a line
# style or a marker says the same.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE = "#CC79A7"
INK, MUTED, LINE = "#1F2933", "#52606D", "#9AA5B1"
CARD, EDGE, WHITE = "#FAFAF7", "#D9D9D2", "#FFFFFF"
USERS, MOVIES, RESULT, WRONG = BLUE, ORANGE, GREEN, RED  # what a colour means in a diagram

LMS = np.array(  # from linear RGB
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(  # from the cube roots of LMS
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

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
    text = re.sub(r" +$", "", file.getvalue().decode(), flags=re.MULTILINE)
    return text.replace("</style>", f"\n{_dark_style(text)}</style>", 1)


def _dark_style(text: str) -> str:
    """CSS that gives each colour of a drawing its counterpart where a dark page shows it."""
    used = sorted(set(re.findall(r"(fill|stroke): (#[0-9a-f]{6})", text)))
    rules = [
        f'[style*="{what}: {colour}"]{{{what}:{dark(colour)}!important}}' for what, colour in used
    ]
    behind_hatches = sorted(set(re.findall(r'fill="(#[0-9a-f]{6})"', text)))
    rules += [f'[fill="{colour}"]{{fill:{dark(colour)}}}' for colour in behind_hatches]
    return "\n".join(["@media (prefers-color-scheme: dark) {", *rules, "}\n"])


def dark(colour: str) -> str:
    """The counterpart of a colour on a dark page: light and dark change places, the hue stays.

    Computed in OKLab (Ottosson 2020). What is colourful becomes lighter than what is grey, so that
    lines in all colours stand out from the card.
    """
    linear = np.array([_linear(part) for part in to_rgb(colour)])
    lightness, a, b = OKLAB @ np.cbrt(LMS @ linear)
    turned = 0.2 + 0.92 * max(1 - lightness, 0) ** 0.8 + 0.9 * np.hypot(a, b)
    lab = np.array([min(turned, 0.95), a, b])
    linear = np.linalg.inv(LMS) @ (np.linalg.inv(OKLAB) @ lab) ** 3
    red, green, blue = (_encoded(part) for part in linear.clip(0, 1))
    return to_hex((red, green, blue))


def _linear(part: float) -> float:
    return ((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92


def _encoded(part: float) -> float:
    return 1.055 * part ** (1 / 2.4) - 0.055 if part > 0.0031308 else 12.92 * part


def tint(colour: str, share: float = 0.25) -> tuple[float, float, float]:
    """The colour mixed into white, to write on."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def said(value: object) -> str:
    """A value in words, with a minus that is as wide as a plus."""
    return str(value).replace("-", "−")


# The two kinds of figures


def diagram(height: float) -> tuple[Figure, "Pen"]:
    """A card with a pen in pixels: x from 0 to 720, y from 0 (top) to `height`."""
    figure = _card(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return figure, Pen(axes)


def chart(
    height: float = 400,
    columns: int = 1,
    margins: tuple[float, float, float, float] = (76, 24, 64, 24),
    gap: float = 72,
) -> tuple[Figure, list[Axes]]:
    """A card with `columns` axes side by side, for a plot of numbers; narrow where it is one.

    Args:
        margins: pixels that are left free for labels, on the left, right, bottom and top.
        gap: pixels between two axes.
    """
    across = NARROW if columns == 1 else WIDTH
    figure = _card(height, across)
    left, right, bottom, top = margins
    width = (across - left - right - gap * (columns - 1)) / columns
    tall = (height - bottom - top) / height
    return figure, [
        figure.add_axes(
            ((left + (width + gap) * i) / across, bottom / height, width / across, tall)
        )
        for i in range(columns)
    ]


def _card(height: float, width: float = WIDTH) -> Figure:
    figure = Figure(figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), facecolor="none")
    around = 1.5
    figure.add_artist(
        FancyBboxPatch(
            (around / width, around / height),
            1 - 2 * around / width,
            1 - 2 * around / height,
            boxstyle=f"round,pad=0,rounding_size={10 / width}",
            mutation_aspect=width / height,
            transform=figure.transFigure,
            facecolor=CARD,
            edgecolor=EDGE,
            linewidth=1,
            zorder=-10,
            gid=CARD_ID,
        )
    )
    return figure


@dataclass(frozen=True)
class Pen:
    """Draws on axes what diagrams are made of."""

    axes: Axes

    def write(
        self,
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
        return self.axes.text(
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
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        words: str = "",
        *,
        colour: str = LINE,
        fill: Any = None,
        dashed: bool = False,
        size: float = BODY,
        bold: bool = False,
    ) -> None:
        """A rounded box, given by its upper left corner, with words in its middle.

        Args:
            fill: the colour inside; None: a tint of `colour`.
        """
        self.axes.add_patch(
            FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle="round,pad=0,rounding_size=6",
                facecolor=tint(colour) if fill is None else fill,
                edgecolor=colour,
                linewidth=1.4,
                linestyle=(0, (4, 3)) if dashed else "-",
                zorder=1,
            )
        )
        if words:
            self.write(x + width / 2, y + height / 2, words, size=size, bold=bold)

    def disc(
        self, x: float, y: float, words: str, *, across: float = 44, size: float = BODY
    ) -> None:
        """A person: a disc around the point with the name in it."""
        self.axes.add_patch(
            Ellipse(
                (x, y),
                across,
                across,
                facecolor=tint(USERS),
                edgecolor=USERS,
                linewidth=1.6,
                zorder=3,
            )
        )
        self.write(x, y, words, size=size, bold=True, zorder=4)

    def line(
        self,
        start: Point,
        end: Point,
        *,
        colour: str = LINE,
        width: float = 1.4,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        self.axes.plot(
            *zip(start, end, strict=True),
            color=colour,
            linewidth=width,
            linestyle=(0, (4, 3)) if dashed else "-",
            solid_capstyle="round",
            zorder=1.8,
        )

    def table(
        self,
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
                self.axes.add_patch(
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
                self.write(*middle, said(value), size=size, bold=mark is not None)

    def arrow(
        self,
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
        self.axes.add_patch(
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
