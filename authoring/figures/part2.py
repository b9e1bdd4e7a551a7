"""The figures of part 2: from names to places, and two ways to hold out ratings."""

from matplotlib.figure import Figure

from authoring.figures import measured
from authoring.figures.style import (
    EDGE,
    INK,
    LINE,
    MONO,
    MOVIES,
    MUTED,
    SMALL,
    USERS,
    WRONG,
    Pen,
    chart,
    diagram,
    tint,
)


def ids_to_indices() -> Figure:
    """
    Alt: Raw user ids 3, 11 and 196 and movie ids 7, 42 and 9001, with gaps between them, lead to
        rows 0, 1 and 2 of a table each.
    Caption: Two dictionaries close the gaps: each raw id gets a place in its table.
    """
    figure, draw = diagram(316)
    _index(draw, 24, "user", (3, 11, 196), USERS)
    draw.line((362, 20), (362, 296), colour=EDGE)
    _index(draw, 384, "movie", (7, 42, 9001), MOVIES)
    return figure


def _index(draw: Pen, x: float, kind: str, ids: tuple[int, ...], colour: str) -> None:
    """Ids with gaps on the left, the rows of a table without any on the right."""
    names, rows, height = (56.0, 132.0, 208.0), (92.0, 132.0, 172.0), 40.0
    draw.write(x + 36, 28, f"{kind}_id", size=SMALL, colour=MUTED)
    draw.write(x + 168, 28, f"{kind}_idx", size=SMALL, colour=MUTED)
    draw.write(x + 247, 28, "table", size=SMALL, colour=MUTED)
    for place, (raw, name, row) in enumerate(zip(ids, names, rows, strict=True)):
        draw.box(x, name, 72, 34, str(raw), colour=colour, fill=tint(colour), bold=True)
        draw.arrow((x + 76, name + 17), (x + 150, row + height / 2), colour=colour)
        draw.write(x + 168, row + height / 2, str(place), bold=True)
        fill = tint(colour, 0.12)
        draw.table(x + 190, row, [[""] * 3], cell=(38, height), colour=colour, fill=fill)
        if place:
            draw.write(x + 36, name - 21, "gap", size=SMALL, colour=MUTED)
    pairs = ", ".join(f"{raw}: {place}" for place, raw in enumerate(ids))
    draw.write(x + 160, 276, f"{kind}_index = {{{pairs}}}", size=SMALL, family=MONO)


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
    Caption: Held out: ratings from any time, or each user's latest.
    """
    figure, draw = diagram(356)
    _time_lines(draw, 84, "at random", AT_RANDOM)
    draw.line((396, 26), (396, 290), colour=EDGE)
    _time_lines(draw, 416, "per user, by time", BY_TIME)
    _rating(draw, 110, 328, held_out=False)
    draw.write(126, 328, "training", size=SMALL, align="left")
    _rating(draw, 240, 328, held_out=True)
    draw.write(256, 328, "validation", size=SMALL, align="left")
    draw.arrow((420, 330), (380, 330), colour=WRONG, bend=0.5, line=2.4)
    draw.write(434, 328, "leak: the future explains the past", size=SMALL, align="left")
    return figure


def _time_lines(draw: Pen, x: float, title: str, held_out: HeldOut) -> None:
    """A line per user; where training goes on after a rating held out, an arrow leads back."""
    long = 284.0
    draw.write(x + long / 2, 34, title, bold=True)
    for row, (name, times) in enumerate(TIMES.items()):
        y = 96.0 + 66 * row
        places = [x + long * time for time in times]
        if x < 100:
            draw.write(x - 14, y, name, align="right", bold=True)
        draw.arrow((x, y), (x + long, y), colour=LINE, line=1.4)
        for i, place in enumerate(places):
            _rating(draw, place, y, held_out=i in held_out[name])
            if i - 1 in held_out[name]:
                start, end = (place, y - 11), (places[i - 1], y - 11)
                draw.arrow(start, end, colour=WRONG, bend=0.9, line=2.4)
    draw.write(x + long, 262, "time  →", size=SMALL, align="right", colour=MUTED)


def _rating(draw: Pen, x: float, y: float, held_out: bool) -> None:
    """A circle where it is trained on, a diamond where it is held out."""
    draw.axes.plot(
        [x],
        [y],
        marker="D" if held_out else "o",
        markersize=11 if held_out else 10,
        markerfacecolor=MOVIES if held_out else tint(USERS, 0.3),
        markeredgecolor="black" if held_out else USERS,
        markeredgewidth=1.4,
        zorder=4,
    )


# Drawn from measurements


def ratings_histogram() -> Figure:
    """
    Alt: Bars of how many of the 100,000 ratings have 1, 2, 3, 4 and 5 stars. 4 stars are the most
        frequent, then 3 and 5; few ratings have 1 or 2.
    Caption: People rate what they chose to watch, so most ratings are good ones.
    """
    counts = measured.curve("ratings-histogram")
    figure, (axes,) = chart(340, margins=(104, 24, 60, 44))
    bars = axes.bar(range(1, 6), counts, width=0.7, color=tint(USERS, 0.55), edgecolor=USERS)
    labels = [f"{count:,}" for count in counts]
    axes.bar_label(bars, labels, padding=4, fontsize=SMALL)
    axes.set(xlabel="stars", ylabel="ratings", ylim=(0, 1.02 * max(counts)))
    axes.set_yticks(range(0, 40_000, 10_000), [f"{tick:,}" for tick in range(0, 40_000, 10_000)])
    return figure


def long_tail() -> Figure:
    """
    Alt: A curve of the share of all ratings that the most-rated movies hold. It rises steeply: the
        top tenth holds over 40 percent, the top fifth almost two thirds, the last half very little.
    Caption: A few movies have most of the ratings; the long tail has hardly any.
    """
    shares = [100 * share for share in measured.curve("long-tail")]
    figure, (axes,) = chart(380)
    axes.plot(range(101), shares, color=MOVIES, linewidth=2.6)
    axes.fill_between(range(101), shares, color=tint(MOVIES, 0.25))
    for percent in (10, 20, 50):
        axes.plot([percent], [shares[percent]], "o", color=INK, markersize=7)
        words = f"{percent} % of the movies:\n{shares[percent]:.0f} % of the ratings"
        Pen(axes).write(percent + 2.5, shares[percent] - 8, words, size=SMALL, align="left")
    axes.set(xlim=(0, 100), ylim=(0, 104), xlabel="movies, most-rated first, in percent")
    axes.set_ylabel("share of all ratings, in percent")
    return figure


def sparsity() -> Figure:
    """
    Alt: A grid of ten by ten cells: tenths of the users against tenths of the movies, most active
        first. The cell of the most active users and movies is mostly full, half of the grid empty.
    Caption: How much of the table is filled, in percent, by tenths of the users and of the movies.
    """
    density = measured.curve("sparsity")
    figure, draw = diagram(478)
    cell, left, top = (56.0, 36.0), 128.0, 66.0
    draw.write(left + 5 * cell[0], 24, "movies: tenths, most-rated first  →", size=SMALL)
    draw.write(64, top + 5 * cell[1], "users:\ntenths,\nmost\nactive\nfirst  ↓", size=SMALL)
    for row, shares in enumerate(density):
        y = top + row * cell[1]
        draw.write(left - 14, y + cell[1] / 2, str(row + 1), size=SMALL, colour=MUTED)
        for column, share in enumerate(shares):
            x = left + column * cell[0]
            percent = "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"
            fill = tint(USERS, min(1.0, 0.04 + 0.62 * share**0.6))
            draw.table(x, y, [[percent]], cell=cell, colour=EDGE, fill=fill, size=SMALL)
    for column in range(10):
        x = left + (column + 0.5) * cell[0]
        draw.write(x, top - 14, str(column + 1), size=SMALL, colour=MUTED)
    whole = f"The whole table: {measured.number('filled-percent'):.1f} % filled."
    draw.write(left + 5 * cell[0], top + 10 * cell[1] + 26, whole, size=SMALL)
    return figure


METHODS = {
    "global-mean": "global mean",
    "user-mean": "user mean",
    "movie-mean": "movie mean",
    "biases": "biases",
    "regularised": "factors and\nbiases,\nregularised",
}


def split_scores() -> Figure:
    """
    Alt: RMSE of five methods on a random fifth (circles) and on each user's latest fifth
        (diamonds). For each method the latest fifth is harder, and the order of methods stays.
    Caption: The same methods, two exams: what comes next is harder to predict than what is missing.
    """
    (scores,) = measured.curve("split-scores")
    figure, (axes,) = chart(390, margins=(122, 24, 64, 56))
    for row, name in enumerate(METHODS):
        at_random, by_time = (sum(values) / len(values) for values in scores[name])
        Pen(axes).arrow((at_random, row), (by_time, row), colour=LINE, line=1.6)
        axes.plot([at_random], [row], "o", color=USERS, markersize=11, label="a random fifth")
        axes.plot(
            [by_time], [row], "D", color=WRONG, markersize=9, label="each user's latest fifth"
        )
        Pen(axes).write(at_random + 0.012, row - 0.3, f"{at_random:.3f}", size=SMALL, align="right")
        Pen(axes).write(by_time - 0.012, row - 0.3, f"{by_time:.3f}", size=SMALL, align="left")
    axes.set_yticks(range(len(METHODS)), list(METHODS.values()))
    axes.set(ylim=(4.5, -0.6), xlim=(0.85, 1.26), xlabel="RMSE in stars (left is better)")
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles[:2], names[:2], loc="upper center", ncols=2, bbox_to_anchor=(0.5, 0.98))
    return figure
