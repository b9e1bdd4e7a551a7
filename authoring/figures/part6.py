"""The figures of part 6: what the factors hold, and the pairwise loss."""

import math
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from authoring.figures import measured
from authoring.figures.style import (
    BLUE,
    CARD,
    EDGE,
    GREEN,
    INK,
    LINE,
    MOVIES,
    MUTED,
    PURPLE,
    RED,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    WRONG,
    Pen,
    chart,
    diagram,
    said,
    tint,
)


def bpr() -> Figure:
    """
    Alt: A user scores a liked movie 3 and a drawn, unseen one 1. The difference of 2 goes to the
        curve of the sigmoid, which is 0.12 at −2, 0.50 at 0 and 0.88 at 2. Below, what these
        differences cost: 2.127, 0.693 and 0.127.
    Caption: What a difference of scores costs.
    """
    figure, draw = diagram(370)
    draw.disc(62, 150, "Ben", across=56)
    for y, name, score, words, colour, dashed in (
        (62.0, "liked", "x⁺ = 3", "Blade Runner", RESULT, False),
        (200.0, "drawn, unseen", "x⁻ = 1", "Notting Hill", WRONG, True),
    ):
        fill = WHITE if dashed else tint(colour)
        draw.box(132, y, 128, 42, words, colour=colour, fill=fill, dashed=dashed)
        draw.write(196, y - 16, name, size=SMALL, colour=MUTED)
        draw.write(196, y + 62, score, bold=True)
        draw.arrow((92, 150 + (-12 if y < 100 else 12)), (128, y + 21))
        draw.arrow((264, y + 21), (302, 150 + (-16 if y < 100 else 16)))
    draw.box(306, 122, 108, 56, "3 − 1 = 2", colour=USERS, bold=True)
    draw.write(360, 106, "difference", size=SMALL, colour=MUTED)
    draw.arrow((418, 150), (448, 150))
    _sigmoid(draw, 456, 238)
    for x, difference in ((120, -2), (350, 0), (580, 2)):
        words = f"difference {difference}:  loss {math.log1p(math.exp(-difference)):.3f}"
        draw.write(x, 336, said(words), size=SMALL, bold=difference == 2)
    draw.line((30, 306), (690, 306), colour=EDGE)
    return figure


def _sigmoid(draw: Pen, x: float, y: float) -> None:
    """The curve from −4 to 4 over 232 pixels, from 0 at y to 1 at 160 pixels above."""
    wide, tall = 232.0, 160.0
    values = np.linspace(-4, 4, 49)
    across = x + wide * (values + 4) / 8
    draw.line((x, y), (x + wide, y))
    draw.line((x, y - tall), (x + wide, y - tall), dashed=True, colour=EDGE)
    draw.line((x + wide / 2, y), (x + wide / 2, y - tall), colour=EDGE)
    draw.axes.plot(across, y - tall / (1 + np.exp(-values)), color=USERS, linewidth=2.6, zorder=2)
    for value, words, aside, below in (
        (-2, "0.12", -4, -22),
        (0, "0.50", -32, 0),
        (2, "0.88", 8, 26),
    ):
        dot = (x + wide * (value + 4) / 8, y - tall / (1 + math.exp(-value)))
        draw.axes.plot(*([place] for place in dot), marker="o", markersize=9, color=USERS, zorder=3)
        draw.write(dot[0] + aside, dot[1] + below, words, size=SMALL, bold=value == 2)
        draw.write(dot[0], y + 18, said(value), size=SMALL, colour=MUTED)
    draw.write(x + wide / 2, y - tall - 20, "sigmoid of the difference", size=SMALL)


# Drawn from measurements

GROUPS = {  # genre → colour and marker
    "Children's": (BLUE, "o"),
    "Sci-Fi": (RED, "^"),
    "Horror": (PURPLE, "X"),
    "Romance": (GREEN, "s"),
    "other": (LINE, "."),
}


# Spaces in ems, so that the names fit side by side.
LEGEND: dict[str, Any] = {
    "loc": "upper center",
    "handlelength": 1,
    "handletextpad": 0.4,
    "columnspacing": 1,
}

# Where a title stands beside its point, in points, if not above it.
RIGHT, BELOW = ((8, 0), "left"), ((0, -13), "center")
ASIDE = {
    "Contact": RIGHT,
    "Independence Day (ID4)": ((-8, 13), "left"),
    "Jaws": RIGHT,
    "Pulp Fiction": BELOW,
    "Schindler's List": RIGHT,
    "The Full Monty": RIGHT,
    "The Godfather": BELOW,
    "Trainspotting": BELOW,
}


def movie_map() -> Figure:
    """
    Alt: The most-rated movies as points on the two main axes of their factors, marked by genre,
        some with titles. Children's films lie in the upper half, much science fiction in the
        lower, and all genres overlap.
    Caption: The most-rated movies (one run). The axes show a quarter of the variance.
    """
    movies = measured.curve("movie-map")
    figure, (axes,) = chart(560, margins=(30, 20, 56, 56))
    for genre, (colour, marker) in reversed(GROUPS.items()):
        places = [(x, y) for x, y, group, _ in movies if group == genre]
        if places:
            size = 40 if genre == "other" else 46
            x, y = zip(*places, strict=True)
            axes.scatter(x, y, size, color=colour, marker=marker, label=genre, alpha=0.9)
    for x, y, _, title in movies:
        if title:
            axes.plot([x], [y], "o", markersize=11, markerfacecolor="none", markeredgecolor=INK)
            points, align = ASIDE.get(title, ((0, 13), "center"))
            axes.annotate(
                title,
                (x, y),
                points,
                textcoords="offset points",
                fontsize=SMALL,
                ha=align,
                va="center",
                bbox={"facecolor": CARD, "edgecolor": "none", "pad": 1, "alpha": 0.8},
            )
    shares = measured.curve("movie-map-shares")
    axes.set_xlabel(f"first main axis ({100 * shares[0]:.0f} % of the variance)", fontsize=SMALL)
    axes.set_ylabel(f"second main axis ({100 * shares[1]:.0f} %)", fontsize=SMALL)
    axes.set(xticks=[], yticks=[])
    axes.margins(0.2, 0.09)
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles[::-1], names[::-1], ncols=5, **LEGEND)
    return figure


def genre_auc() -> Figure:
    """
    Alt: The AUC of the factors for 14 genres, as points. All but Mystery lie right of a grey band
        of shuffled factors around 0.5, and all but Mystery and War right of a cross for popularity
        and mean rating.
    Caption: The factors beat chance (grey: 95 % of 100 shuffles), popularity and mean rating on
        most genres.
    """
    rows = sorted(measured.curve("genre-auc"), key=lambda row: row[1])
    figure, (axes,) = chart(520, margins=(112, 24, 62, 52))
    for place, (_, model, spread, popularity, low, high) in enumerate(rows):
        axes.plot([low, high], [place, place], color=EDGE, linewidth=11, solid_capstyle="butt")
        axes.plot([popularity], [place], "x", color=RED, markersize=8, markeredgewidth=2)
        axes.errorbar([model], [place], xerr=[spread], fmt="o", color=BLUE, markersize=8, capsize=3)
    axes.axvline(0.5, color=MUTED, linewidth=1, linestyle=":")
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set(xlim=(0.28, 0.95), ylim=(-0.6, len(rows) - 0.4))
    axes.set_xlabel("AUC of telling the genre (0.5 is guessing)")
    handles = [
        Line2D([], [], color=BLUE, marker="o", markersize=8, linewidth=0, label="factors"),
        Line2D(
            [],
            [],
            color=RED,
            marker="x",
            markersize=8,
            markeredgewidth=2,
            linewidth=0,
            label="popularity and mean",
        ),
        Line2D([], [], color=EDGE, linewidth=11, solid_capstyle="butt", label="shuffled factors"),
    ]
    figure.legend(handles=handles, ncols=3, **LEGEND)
    return figure


def norm_count() -> Figure:
    """
    Alt: The length of a movie's factors against its number of ratings, in powers of two. The median
        rises steadily from near 0 for a single rating, with a band from lower to upper quartile.
    Caption: Length goes with the number of ratings: little evidence, little opinion (regularised,
        one run).
    """
    rows = measured.curve("norm-count")
    at, _, low, middle, high = zip(*rows, strict=True)
    figure, (axes,) = chart(380)
    axes.fill_between(at, low, high, color=tint(MOVIES, 0.35), label="middle half of the movies")
    axes.plot(at, middle, "o-", color=INK, label="median")
    axes.set_xscale("log", base=2)
    axes.set_xticks(at, [f"{start:.0f}" for start in at])
    axes.minorticks_off()
    axes.set(ylim=(0, None), xlabel="training ratings of the movie, at least")
    axes.set_ylabel("length of its factors")
    axes.legend(loc="upper left")
    return figure
