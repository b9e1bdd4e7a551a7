"""The figures of part 7: negatives from the batch, what a position may see, and the ladder."""

from matplotlib.figure import Figure

from authoring.figures import measured
from authoring.figures.style import (
    INK,
    LINE,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    WRONG,
    chart,
    diagram,
    tint,
)


def in_batch() -> Figure:
    """
    Alt: A batch of three likes as a table of scores: Ann, Ben and Cem against Star Wars, Alien and
        Star Wars. The diagonal is right. Where Ann's row meets the other Star Wars, the score is
        struck out.
    Caption: The positives stand on the diagonal; the same movie elsewhere is struck out, not
        punished.
    """
    figure, draw = diagram(330)
    people, movies = ("Ann", "Ben", "Cem"), ("Star Wars", "Alien", "Star Wars")
    scores = (("2", "1", "−∞"), ("0.5", "3", "0.5"), ("−∞", "0", "1.5"))
    left, top, wide, tall = 100.0, 84.0, 118.0, 58.0
    for column, movie in enumerate(movies):
        draw.box(left + wide * column + 6, 28, wide - 12, 40, movie, colour=MOVIES)
    for row, person in enumerate(people):
        y = top + tall * row
        draw.disc(56, y + tall / 2, person, across=48)
        for column, score in enumerate(scores[row]):
            x, struck = left + wide * column, score == "−∞"
            fill = tint(LINE, 0.45) if struck else WHITE
            right = {(0, 0): RESULT} if row == column else {}
            draw.table(x, y, [[score]], cell=(wide, tall), fill=fill, special=right)
            if struck:
                draw.line((x + 12, y + tall - 12), (x + wide - 12, y + 12), colour=WRONG, width=2)
    beside = left + 3 * wide + 20
    draw.write(beside, top + 0.5 * tall, "right: on the diagonal", align="left", bold=True)
    draw.write(beside, top + 1.5 * tall, "the others of a row\nare its negatives", align="left")
    draw.write(beside, top + 2.5 * tall, "the same movie:\nstruck out", align="left")
    words = "one product: [batch, factors] times [factors, batch] is [batch, batch]"
    draw.write(360, 296, words, size=SMALL, colour=MUTED)
    return figure


def causal_mask() -> Figure:
    """
    Alt: A triangle of squares: each of four positions may look at itself and at those before it,
        and the padding at the end is out of sight. Below, the inputs 30, 7, 12 and padding, and the
        targets 7, 12, 51 and none.
    Caption: Each row is a position: it may look left, never right, where the answers are.
    """
    figure, draw = diagram(400)
    left, top, side = 166.0, 40.0, 58.0
    for row in range(4):
        y = top + side * row
        draw.write(left - 16, y + side / 2, f"at position {row}", align="right", colour=MUTED)
        for column in range(4):
            may, padding = column <= row, row == 3
            colour = RESULT if may and not padding else LINE
            fill = tint(RESULT, 0.3) if may and not padding else tint(LINE, 0.2 if may else 0.5)
            words = "looks" if may else "hidden"
            x = left + side * column
            draw.box(x + 2, y + 2, side - 4, side - 4, words, colour=colour, fill=fill, size=SMALL)
    for y, name, values, colour in (
        (top + 4 * side + 16, "input", ("30", "7", "12", "pad"), MOVIES),
        (top + 4 * side + 62, "target", ("7", "12", "51", "none"), USERS),
    ):
        draw.write(left - 16, y + 19, name, align="right", bold=True)
        draw.table(left, y, [values], cell=(side, 38), colour=colour, fill=tint(colour, 0.2))
    beside = left + 4 * side + 24
    draw.write(beside, top + 0.5 * side, "sees 30, must say 7", align="left")
    draw.write(beside, top + 1.5 * side, "sees 30 and 7, must say 12", align="left")
    draw.write(beside, top + 2.5 * side, "sees all three, must say 51", align="left")
    draw.write(
        beside, top + 3.5 * side, "has no target: does not count", align="left", colour=MUTED
    )
    return figure


RUNGS = {
    "popular": "most rated",
    "bpr": "BPR",
    "ease": "EASE",
    "counts": "transition counts",
    "attention": "attention",
    "counts-shuffled": "counts, shuffled",
    "attention-shuffled": "attention, shuffled",
}
BY_ORDER = ("counts", "attention")


def next_ladder() -> Figure:
    """
    Alt: Bars of nDCG at 10 for seven methods: most rated, BPR and EASE are short, transition counts
        and attention are long, and both are short again with shuffled histories.
    Caption: What comes next is in the order: shuffle the histories, and the gain is gone.
    """
    figure, (axes,) = chart(400, margins=(164, 56, 82, 26))
    for row, name in enumerate(RUNGS):
        colour, hatch = (RESULT, "//") if name in BY_ORDER else (USERS, None)
        value, spread = measured.number(f"next-{name}-ndcg"), measured.spread(f"next-{name}-ndcg")
        fill = tint(colour, 0.45)
        axes.barh([row], [value], height=0.58, color=fill, edgecolor=colour, hatch=hatch)
        if spread:
            axes.errorbar([value], [row], xerr=[spread], color=INK, capsize=3, linewidth=1.4)
        place, words = (value + spread, row), f"{value:.3f}"
        axes.annotate(words, place, (8, 0), textcoords="offset points", va="center", fontsize=SMALL)
    axes.set_ylim(len(RUNGS) - 0.4, -0.6)
    axes.set_yticks(range(len(RUNGS)), list(RUNGS.values()))
    axes.axhline(4.5, color=LINE, linewidth=1)
    axes.set_xlim(left=0)
    axes.set_xlabel("nDCG@10 on each user's last rating\n(right is better)")
    return figure
