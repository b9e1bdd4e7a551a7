"""The figures of part 2: from names to places, and two ways to hold out ratings."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grading.build.figures.style import (
    EDGE,
    LINE,
    MONO,
    MOVIES,
    MUTED,
    SMALL,
    USERS,
    WRONG,
    arrow,
    box,
    diagram,
    line,
    table,
    tint,
    write,
)


def ids_to_indices() -> Figure:
    """
    Alt: Raw user ids 3, 11 and 196 and movie ids 7, 42 and 9001, with gaps between them, lead to
        rows 0, 1 and 2 of a table each.
    Caption: Two dictionaries close the gaps: each raw id gets a place in its table.
    """
    figure, axes = diagram(316)
    _index(axes, 24, "user", (3, 11, 196), USERS)
    line(axes, (362, 20), (362, 296), colour=EDGE)
    _index(axes, 384, "movie", (7, 42, 9001), MOVIES)
    return figure


def _index(axes: Axes, x: float, kind: str, ids: tuple[int, ...], colour: str) -> None:
    """Ids with gaps on the left, the rows of a table without any on the right."""
    names, rows, height = (56.0, 132.0, 208.0), (92.0, 132.0, 172.0), 40.0
    write(axes, x + 36, 28, f"{kind}_id", size=SMALL, colour=MUTED)
    write(axes, x + 168, 28, f"{kind}_idx", size=SMALL, colour=MUTED)
    write(axes, x + 247, 28, "table", size=SMALL, colour=MUTED)
    for place, (raw, name, row) in enumerate(zip(ids, names, rows, strict=True)):
        box(axes, x, name, 72, 34, str(raw), colour=colour, fill=tint(colour), bold=True)
        arrow(axes, (x + 76, name + 17), (x + 150, row + height / 2), colour=colour)
        write(axes, x + 168, row + height / 2, str(place), bold=True)
        fill = tint(colour, 0.12)
        table(axes, x + 190, row, [[""] * 3], cell=(38, height), colour=colour, fill=fill)
        if place:
            write(axes, x + 36, name - 21, "gap", size=SMALL, colour=MUTED)
    pairs = ", ".join(f"{raw}: {place}" for place, raw in enumerate(ids))
    write(axes, x + 160, 276, f"{kind}_index = {{{pairs}}}", size=SMALL, family=MONO)


# Three users' ratings on the clock; which of them each split holds out.
TIMES = {
    "Ann": (0.05, 0.16, 0.27, 0.38, 0.49),
    "Ben": (0.3, 0.41, 0.52, 0.63, 0.74),
    "Cem": (0.45, 0.56, 0.67, 0.78, 0.89),
}
HeldOut = dict[str, tuple[int, ...]]
AT_RANDOM: HeldOut = {"Ann": (1,), "Ben": (), "Cem": (0, 3)}
BY_TIME: HeldOut = {"Ann": (4,), "Ben": (4,), "Cem": (4,)}


def splits() -> Figure:
    """
    Alt: Time lines of Ann, Ben and Cem with five ratings each. A random split holds out early
        ratings of Ann and Cem although later ones are trained on; a split by time holds out the
        last rating of each.
    Caption: A random split lets the model learn from what came later; per user by time, it must
        look ahead.
    """
    figure, axes = diagram(356)
    _time_lines(axes, 84, "at random", AT_RANDOM)
    line(axes, (396, 26), (396, 290), colour=EDGE)
    _time_lines(axes, 416, "per user, by time", BY_TIME)
    _rating(axes, 110, 328, held_out=False)
    write(axes, 126, 328, "training", size=SMALL, align="left")
    _rating(axes, 240, 328, held_out=True)
    write(axes, 256, 328, "validation", size=SMALL, align="left")
    arrow(axes, (420, 330), (380, 330), colour=WRONG, bend=0.5, line=2.4)
    write(axes, 434, 328, "leak: the future explains the past", size=SMALL, align="left")
    return figure


def _time_lines(axes: Axes, x: float, title: str, held_out: HeldOut) -> None:
    """A line per user; where training goes on after a rating held out, an arrow leads back."""
    long = 284.0
    write(axes, x + long / 2, 34, title, bold=True)
    for row, (name, times) in enumerate(TIMES.items()):
        y = 96.0 + 66 * row
        places = [x + long * time for time in times]
        if x < 100:
            write(axes, x - 14, y, name, align="right", bold=True)
        arrow(axes, (x, y), (x + long, y), colour=LINE, line=1.4)
        for i, place in enumerate(places):
            _rating(axes, place, y, held_out=i in held_out[name])
            if i - 1 in held_out[name]:
                start, end = (place, y - 11), (places[i - 1], y - 11)
                arrow(axes, start, end, colour=WRONG, bend=0.9, line=2.4)
    write(axes, x + long, 262, "time  →", size=SMALL, align="right", colour=MUTED)


def _rating(axes: Axes, x: float, y: float, held_out: bool) -> None:
    """A circle where it is trained on, a diamond where it is held out."""
    axes.plot(
        [x],
        [y],
        marker="D" if held_out else "o",
        markersize=11 if held_out else 10,
        markerfacecolor=MOVIES if held_out else tint(USERS, 0.3),
        markeredgecolor="black" if held_out else USERS,
        markeredgewidth=1.4,
        zorder=4,
    )
