"""The figures of part 3: what an embedding is, and which shapes meet in a prediction."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from authoring.figures import measured
from authoring.figures.style import (
    EDGE,
    MONO,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WRONG,
    Pen,
    chart,
    diagram,
    tint,
)


def one_hot() -> Figure:
    """
    Alt: The one-hot row (0, 0, 1) times a table of three rows gives (0.5, 0.6), and so does taking
        row 2 out of the table.
    Caption: Multiplying with a one-hot row and looking a row up give the same; one skips the zeros.
    """
    figure, draw = diagram(272)
    rows = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]
    last, result = {(2, 0): USERS, (2, 1): USERS}, {(0, 0): RESULT, (0, 1): RESULT}
    draw.write(224, 32, "one-hot row times table", bold=True)
    draw.table(30, 116, [[0, 0, 1]], cell=(36, 34), special={(0, 2): USERS})
    draw.write(160, 133, "×", size=20)
    draw.table(182, 82, rows, cell=(50, 34), special=last)
    draw.write(304, 133, "=", size=20)
    draw.table(326, 116, [[0.5, 0.6]], cell=(46, 34), special=result)
    draw.write(224, 230, "0 · 0.1  +  0 · 0.3  +  1 · 0.5  =  0.5", size=SMALL)
    draw.line((442, 22), (442, 250), colour=EDGE)
    draw.write(572, 32, "look-up", bold=True)
    for row in range(3):
        draw.write(466, 99 + 34 * row, str(row), size=SMALL, bold=row == 2)
    draw.table(478, 82, rows, cell=(48, 34), special=last)
    draw.arrow((578, 167), (606, 167), colour=RESULT, line=2.4)
    draw.table(610, 150, [[0.5, 0.6]], cell=(44, 34), special=result)
    draw.write(572, 230, "table[2]", size=SMALL, family=MONO)
    return figure


USER_TABLE = ((1, 0, 2), (0, 1, 1), (2, 1, 0))
MOVIE_TABLE = ((1, 2, 0), (3, 5, 1), (0, 1, 2))
USER_IDX, MOVIE_IDX = (0, 2, 1, 0), (1, 0, 2, 2)


def two_lookups() -> Figure:
    """
    Alt: Four user indices fetch four rows of a user table, four movie indices four rows of a movie
        table. Multiplied element by element and added up per row they give 5, 4, 3 and 4.
    Caption: Two look-ups, one product, one sum over the factors.
    """
    figure, draw = diagram(476)
    user_rows = [USER_TABLE[i] for i in USER_IDX]
    movie_rows = [MOVIE_TABLE[i] for i in MOVIE_IDX]
    products = [
        [a * b for a, b in zip(user, movie, strict=True)]
        for user, movie in zip(user_rows, movie_rows, strict=True)
    ]
    sums = [[sum(row)] for row in products]
    for y, name, indices, whole, rows, colour in (
        (70.0, "user", USER_IDX, USER_TABLE, user_rows, USERS),
        (290.0, "movie", MOVIE_IDX, MOVIE_TABLE, movie_rows, MOVIES),
    ):
        _cells(draw, 36, y, [[i] for i in indices], colour, f"{name}_idx", "[4]")
        draw.arrow((74, y + 60), (118, y + 60))
        _cells(draw, 126, y + 15, whole, colour, f"{name}_embedding", "[3, 3]", strong=False)
        draw.arrow((224, y + 60), (272, y + 60))
        _cells(draw, 280, y, rows, colour, f"{name}s' rows", "[4, 3]")
    draw.arrow((380, 130), (464, 216))
    draw.arrow((380, 350), (464, 264))
    draw.write(424, 240, "×", size=22)
    _cells(draw, 476, 180, products, RESULT, "product", "[4, 3]", strong=False)
    draw.arrow((576, 240), (628, 240))
    draw.write(601, 218, "sum", size=SMALL)
    _cells(draw, 636, 180, sums, RESULT, "prediction", "[4]")
    draw.write(560, 384, "first pair:\n1 · 3  +  0 · 5  +  2 · 1  =  5", size=SMALL)
    return figure


def _cells(
    draw: Pen,
    x: float,
    y: float,
    rows: Sequence[Sequence[int]],
    colour: str,
    name: str,
    shape: str,
    strong: bool = True,
) -> None:
    """Numbers in cells with the name above and the shape below; the first row stands out."""
    special = {(0, j): colour for j in range(len(rows[0]))} if strong else {}
    size = 30.0
    fill = tint(colour, 0.1)
    draw.table(x, y, rows, cell=(size, size), colour=colour, fill=fill, special=special)
    middle = x + size * len(rows[0]) / 2
    draw.write(middle, y - 18, name, size=SMALL)
    draw.write(middle, y + size * len(rows) + 18, shape, size=SMALL, colour=MUTED, family=MONO)


def broadcasting() -> Figure:
    """
    Alt: A column of four biases plus four dot products is a square of sixteen numbers; against four
        targets its loss is 2.5. Four plus four gives four predictions with a loss of 0.
    Caption: Only on the diagonal does a prediction meet its own target.
    """
    figure, draw = diagram(436)
    bias, dot = (1, 2, 3, 4), (10, 20, 30, 40)
    targets = [a + b for a, b in zip(bias, dot, strict=True)]
    square = [[a + b for b in dot] for a in bias]
    diagonal = {(i, i): RESULT for i in range(4)}
    titles = ("bias", "dot product", "prediction", "targets")
    for x, name in zip((98, 266, 434, 612), titles, strict=True):
        draw.write(x, 28, name, size=SMALL, colour=MUTED)
    _numbers(draw, 81, 52, [[a] for a in bias], USERS, "[4, 1]")
    _sum_of(draw, 120, dot)
    _numbers(draw, 366, 52, square, WRONG, "[4, 4]", diagonal)
    _numbers(draw, 544, 103, [targets], MUTED, "[4]")
    draw.write(612, 196, "✗  loss 2.5", bold=True)
    draw.line((30, 256), (690, 256), colour=EDGE)
    _numbers(draw, 30, 303, [list(bias)], USERS, "[4]")
    _sum_of(draw, 320, dot)
    _numbers(draw, 366, 303, [targets], RESULT, "[4]", {(0, i): RESULT for i in range(4)})
    _numbers(draw, 544, 303, [targets], MUTED, "[4]")
    draw.write(612, 396, "✓  loss 0", bold=True)
    return figure


def _sum_of(draw: Pen, y: float, dot: Sequence[int]) -> None:
    """The signs of a sum and its second part, the dot products."""
    for x, sign in ((182, "+"), (350, "="), (523, "↔")):
        draw.write(x, y, sign, size=18)
    _numbers(draw, 198, y - 17, [dot], MOVIES, "[4]")


def _numbers(
    draw: Pen,
    x: float,
    y: float,
    rows: Sequence[Sequence[int]],
    colour: str,
    shape: str,
    special: dict[tuple[int, int], str] | None = None,
) -> None:
    """Numbers in cells with the shape below."""
    width, height = 34.0, 34.0
    fill = tint(colour, 0.12)
    draw.table(x, y, rows, cell=(width, height), colour=colour, fill=fill, special=special)
    below = (x + width * len(rows[0]) / 2, y + height * len(rows) + 20)
    draw.write(*below, shape, size=SMALL, colour=MUTED, family=MONO)


# Drawn from measurements


def initialisation() -> Figure:
    """
    Alt: Validation RMSE over 60 epochs on a logarithmic scale. Started with standard deviation 1
        it falls from nearly 6 and never reaches the line of the mean; with 0.1 it is below the
        line from epoch 2 until it overfits.
    Caption: Loud random numbers do not wash out; small ones let the model learn.
    """
    figure, (axes,) = chart(390)
    for name, words, colour, dashes in (
        ("loud", "std 1", WRONG, "--"),
        ("small", "std 0.1", USERS, "-"),
    ):
        (run,) = measured.curve(f"initialisation-{name}")
        epochs = range(1, 1 + len(run["valid"]))
        axes.plot(epochs, run["valid"], color=colour, linestyle=dashes, linewidth=2.4)
        place = run["valid"][11] * (1.22 if name == "loud" else 0.85)
        Pen(axes).write(13, place, words, colour=colour, bold=True, align="left")
    mean = measured.number("global-mean-rmse-random")
    axes.axhline(mean, color=MUTED, linewidth=1.2, linestyle=":")
    Pen(axes).write(
        61, mean * 0.945, "the mean for everyone", size=SMALL, colour=MUTED, align="right"
    )
    axes.set(yscale="log", xlim=(0, 62), ylim=(0.8, 7), xlabel="epoch", ylabel="validation RMSE")
    axes.set_yticks([1, 2, 3, 4, 5, 6], ["1", "2", "3", "4", "5", "6"])
    axes.minorticks_off()
    return figure
