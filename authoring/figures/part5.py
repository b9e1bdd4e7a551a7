"""The figures of part 5: from scores to a list, and a newcomer's row."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from authoring.figures import measured
from authoring.figures.part1 import BEN_GAVE
from authoring.figures.plane import MIDDLE, MOVIE_PLACES, USER_PLACES, at, plane
from authoring.figures.style import (
    INK,
    LINE,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    Pen,
    chart,
    diagram,
    tint,
)


def pipeline() -> Figure:
    """
    Alt: Ben's scores of five movies. The three that he has seen become minus infinity, among them
        the best, 2. Ranked, row 1 with 0.75 comes before row 3 with −2. The list of one movie is
        row 1, which is Alien with the id 99.
    Caption: Score all, hide the seen, rank, cut, translate: in this order.
    """
    figure, draw = diagram(318)
    cell = (72.0, 36.0)
    for x, number, name in (
        (108, "1", "score"),
        (262, "2", "mask"),
        (458, "3", "rank"),
        (626, "4", "translate"),
    ):
        draw.write(x, 32, f"{number}  {name}", bold=True)
    scores = [float(np.dot(USER_PLACES["Ben"], place)) for place in MOVIE_PLACES.values()]
    shown = [f"{score:g}".replace("-", "−") for score in scores]
    unseen = [row for row, title in enumerate(MOVIE_PLACES) if title not in BEN_GAVE]
    for row, score in enumerate(shown):
        y = 64 + 36.0 * row
        draw.write(40, y + 18, f"row {row}", size=SMALL, colour=MUTED)
        draw.table(72, y, [[score]], colour=USERS, fill=tint(USERS, 0.12), cell=cell)
        hidden = row not in unseen
        fill = tint(LINE, 0.45) if hidden else WHITE
        draw.table(226, y, [["−∞" if hidden else score]], fill=fill, cell=cell)
        if hidden:
            draw.arrow((148, y + 18), (222, y + 18), colour=LINE, line=1.4)
            draw.write(185, y + 9, "seen", size=SMALL, colour=MUTED)
    ranked = sorted(unseen, key=lambda row: -scores[row])
    for place, row in enumerate(ranked):
        y = 100 + 72.0 * place
        colour = LINE if place else RESULT
        draw.arrow((302, 82 + 36 * row), (382, y + 18), colour=colour, line=2.2)
        draw.table(386, y, [[f"row {row}", shown[row]]], cell=cell)
    draw.arrow((534, 118), (560, 118), colour=RESULT, line=2.2)
    title, raw_id = list(MOVIE_PLACES)[ranked[0]], RAW_IDS[ranked[0]]
    draw.box(564, 92, 124, 52, f"{title}\nid {raw_id}", colour=MOVIES)
    draw.write(550, 190, "cut", size=SMALL, colour=MUTED, align="left")
    draw.write(262, 276, "Ben has seen three", size=SMALL, colour=MUTED)
    return figure


def fold_in() -> Figure:
    """
    Alt: Ten ratings of a newcomer become residuals. Together with the fixed factors of these ten
        movies they give one new row below the users' table.
    Caption: The movies' factors stay; a ridge regression finds the newcomer's row.
    """
    figure, draw = diagram(382)
    stars = (5, 4, 5, 2, 3, 5, 1, 4, 4, 2)
    expected = (4.0, 3.5, 4.2, 3.0, 3.1, 3.9, 2.6, 3.6, 4.1, 3.3)
    top, height = 80.0, 26.0
    bottom = top + 10 * height
    draw.write(100, 30, "ten ratings", bold=True)
    for x, name in ((52, "stars"), (120, "biases"), (204, "taste")):
        draw.write(x, 58, name, size=SMALL, colour=MUTED)
    for row, (given, usual) in enumerate(zip(stars, expected, strict=True)):
        y = top + height * row
        taste = f"{given - usual:+.1f}"
        draw.table(30, y, [[given]], cell=(44, height), size=SMALL)
        draw.table(98, y, [[usual]], cell=(44, height), size=SMALL)
        blue = tint(USERS)
        draw.table(176, y, [[taste]], cell=(56, height), size=SMALL, colour=USERS, fill=blue)
    for x, sign in ((86, "−"), (154, "=")):
        draw.write(x, top + 5 * height, sign, bold=True)
    draw.write(328, 30, "movies' factors", bold=True)
    draw.write(328, 58, "fixed", size=SMALL, colour=MUTED)
    fixed = tint(MOVIES, 0.25)
    draw.table(264, top, [[""] * 4] * 10, cell=(32, height), colour=MOVIES, fill=fixed)
    draw.box(166, top - 8, 236, bottom - top + 16, colour=RESULT, fill="none", dashed=True)
    new = bottom - height
    draw.arrow((406, new + 13), (528, new + 13), colour=RESULT, line=2.6)
    draw.write(466, new - 22, "ridge\nregression", size=SMALL)
    draw.write(600, 30, "users' factors", bold=True)
    draw.write(600, 58, "unchanged", size=SMALL, colour=MUTED)
    known = tint(USERS, 0.12)
    draw.table(536, top, [[""] * 4] * 8, cell=(32, height), colour=USERS, fill=known)
    row_of_newcomer = {(0, i): RESULT for i in range(4)}
    draw.table(536, new, [[""] * 4], cell=(32, height), special=row_of_newcomer)
    draw.write(600, bottom + 24, "the newcomer", bold=True)
    return figure


# Invented: ids, the lesson's ranked list, made longer, and a newcomer on the axes of part 1.
RAW_IDS = (42, 99, 700)
RANKED, RELEVANT = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100), {20, 50, 70}
MEAN = 3.5
BIASES = {
    "Star Wars": 0.6,
    "Alien": 0.2,
    "Casablanca": 0.7,
    "Notting Hill": -0.2,
    "Blade Runner": 0.3,
}
EVA_GAVE = {"Star Wars": 2, "Casablanca": 4}
LAMBDAS = (0.1, 0.3, 1, 3, 10, 30, 100)


def list_length() -> Figure:
    """
    Alt: Precision and recall of a list against its length k, from 1 to 10. Recall only rises, to 1
        at 7, where the third relevant movie stands. Precision goes up and down, and is 0.3 at 10.
    Caption: A longer list finds more. This one goes on with 60, 70, 80, 90 and 100.
    """
    figure, (axes,) = chart(340, margins=(76, 110, 64, 24))
    lengths = range(1, len(RANKED) + 1)
    hits = np.cumsum([movie in RELEVANT for movie in RANKED])
    for name, values, colour, dash in (
        ("precision", hits / lengths, USERS, "-"),
        ("recall", hits / len(RELEVANT), RESULT, "--"),
    ):
        axes.plot(lengths, values, color=colour, linestyle=dash, marker="o")
        where = dict[str, Any](textcoords="offset points", va="center", fontweight="bold")
        axes.annotate(name, (lengths[-1], values[-1]), (10, 0), **where)
    axes.set(ylim=(-0.04, 1.08), xlabel="length of the list, k", xticks=lengths)
    axes.set_yticks([0, 0.5, 1])
    return figure


def newcomer() -> Figure:
    """
    Alt: The map of part 1 with Eva's vector for three strengths of the penalty. With 0.1 it is long
        and points to dark, with 1 it is two thirds as long, with 10 it ends near the middle.
    Caption: Eva's vector after her two ratings: λ decides how far they carry her.
    """
    figure, draw = plane()
    for penalty in (0.1, 1, 10):
        tip = at(*_ridge(penalty))
        draw.arrow(MIDDLE, tip, colour=USERS, line=2.6)
        draw.write(tip[0] - 8, tip[1] + 8, f"λ = {penalty:g}", size=SMALL, align="right")
    return figure


def _ridge(penalty: float) -> np.ndarray:
    """Eva's vector [2], as in task 5.4."""
    q = np.array([MOVIE_PLACES[title] for title in EVA_GAVE])
    r = np.array([stars - MEAN - BIASES[title] for title, stars in EVA_GAVE.items()])
    return np.linalg.solve(q.T @ q + penalty * np.eye(2), q.T @ r)


# Drawn from measurements

RUNGS = {
    "biases": "biases",
    "dot": "dot product",
    "biased": "dot product, biases",
    "regularised": "with weight decay",
    "penalised": "with L2 penalty",
    "popular": "most rated",
    "neighbours": "item neighbours",
    "bpr": "trained to rank (BPR)",
    "ease": "linear model (EASE)",
}
RMSE_OF = {"biases": "biases-rmse-random"}  # the others are called after the model
NO_STARS = ("popular", "neighbours", "bpr", "ease")


def ladder() -> Figure:
    """
    Alt: Nine methods in two panels. In RMSE the models with weight decay and with the L2 penalty
        are best, and most rated, item neighbours, BPR and EASE predict no stars. In nDCG at 10
        both are behind most rated, and the other three are far ahead.
    Caption: Predicting stars well is not ranking well: RMSE and nDCG@10, same models, same splits.
    """
    figure, (left, right) = chart(500, columns=2, margins=(186, 44, 62, 26), gap=62)
    for row, name in enumerate(RUNGS):
        if name not in NO_STARS:
            _point(left, row, RMSE_OF.get(name, f"{name}-rmse"))
        else:
            Pen(left).write(0.897, row, "no stars", size=SMALL, colour=MUTED, align="left")
        colour, hatch = (RESULT, "//") if name in NO_STARS else (USERS, None)
        _bar(right, row, f"{name}-ndcg", colour, hatch)
    left.set(xlim=(0.895, 0.962), xlabel="RMSE (left is better)")
    left.set_xticks([0.90, 0.92, 0.94])
    right.set(xlim=(0, 0.42), xlabel="nDCG@10 (right is better)")
    for axes in (left, right):
        axes.set_ylim(len(RUNGS) - 0.4, -0.6)
        axes.set_yticks(range(len(RUNGS)), list(RUNGS.values()) if axes is left else [])
        axes.axhline(4.5, color=LINE, linewidth=1)
    return figure


def _point(axes: Axes, row: int, name: str) -> None:
    """A number as a point with its standard deviation over the splits."""
    value, spread = measured.number(name), measured.spread(name)
    axes.errorbar([value], [row], xerr=[spread], fmt="o", color=USERS, capsize=4, markersize=9)
    _label(axes, row, value + spread, f"{value:.3f}")


def _bar(axes: Axes, row: int, name: str, colour: str, hatch: str | None) -> None:
    """A bar as long as a number, with its standard deviation over the splits."""
    value, spread = measured.number(name), measured.spread(name)
    fill = tint(colour, 0.45)
    axes.barh([row], [value], height=0.56, color=fill, edgecolor=colour, hatch=hatch)
    axes.errorbar([value], [row], xerr=[spread], color=INK, capsize=3, linewidth=1.4)
    _label(axes, row, value + spread, f"{value:.2f}")


def _label(axes: Axes, row: int, x: float, words: str) -> None:
    where = dict[str, Any](textcoords="offset points", va="center", fontsize=SMALL)
    axes.annotate(words, (x, row), (7, 0), **where)
