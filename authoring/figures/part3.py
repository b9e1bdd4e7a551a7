"""The figures of part 3: what an embedding is, and which shapes meet in a prediction."""

from collections.abc import Sequence

from matplotlib.axes import Axes
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
    arrow,
    chart,
    diagram,
    line,
    table,
    tint,
    write,
)


def one_hot() -> Figure:
    """
    Alt: The one-hot row (0, 0, 1) times a table of three rows gives (0.5, 0.6), and so does taking
        row 2 out of the table.
    Caption: Multiplying with a one-hot row and looking a row up give the same; one skips the zeros.
    """
    figure, axes = diagram(272)
    rows = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]
    last, result = {(2, 0): USERS, (2, 1): USERS}, {(0, 0): RESULT, (0, 1): RESULT}
    write(axes, 224, 32, "one-hot row times table", bold=True)
    table(axes, 30, 116, [[0, 0, 1]], cell=(36, 34), special={(0, 2): USERS})
    write(axes, 160, 133, "×", size=20)
    table(axes, 182, 82, rows, cell=(50, 34), special=last)
    write(axes, 304, 133, "=", size=20)
    table(axes, 326, 116, [[0.5, 0.6]], cell=(46, 34), special=result)
    write(axes, 224, 230, "0 · 0.1  +  0 · 0.3  +  1 · 0.5  =  0.5", size=SMALL)
    line(axes, (442, 22), (442, 250), colour=EDGE)
    write(axes, 572, 32, "look-up", bold=True)
    for row in range(3):
        write(axes, 466, 99 + 34 * row, str(row), size=SMALL, bold=row == 2)
    table(axes, 478, 82, rows, cell=(48, 34), special=last)
    arrow(axes, (578, 167), (606, 167), colour=RESULT, line=2.4)
    table(axes, 610, 150, [[0.5, 0.6]], cell=(44, 34), special=result)
    write(axes, 572, 230, "table[2]", size=SMALL, family=MONO)
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
    figure, axes = diagram(476)
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
        _cells(axes, 36, y, [[i] for i in indices], colour, f"{name}_idx", "[4]")
        arrow(axes, (74, y + 60), (118, y + 60))
        _cells(axes, 126, y + 15, whole, colour, f"{name}_embedding", "[3, 3]", strong=False)
        arrow(axes, (224, y + 60), (272, y + 60))
        _cells(axes, 280, y, rows, colour, f"{name}s' rows", "[4, 3]")
    arrow(axes, (380, 130), (464, 216))
    arrow(axes, (380, 350), (464, 264))
    write(axes, 424, 240, "×", size=22)
    _cells(axes, 476, 180, products, RESULT, "product", "[4, 3]", strong=False)
    arrow(axes, (576, 240), (628, 240))
    write(axes, 601, 218, "sum", size=SMALL)
    _cells(axes, 636, 180, sums, RESULT, "prediction", "[4]")
    write(axes, 560, 384, "first pair:\n1 · 3  +  0 · 5  +  2 · 1  =  5", size=SMALL)
    return figure


def _cells(
    axes: Axes,
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
    table(axes, x, y, rows, cell=(size, size), colour=colour, fill=fill, special=special)
    middle = x + size * len(rows[0]) / 2
    write(axes, middle, y - 18, name, size=SMALL)
    write(axes, middle, y + size * len(rows) + 18, shape, size=SMALL, colour=MUTED, family=MONO)


def broadcasting() -> Figure:
    """
    Alt: A column of four biases plus four dot products is a square of sixteen numbers; against four
        targets its loss is 2.5. Four plus four gives four predictions with a loss of 0.
    Caption: Only on the diagonal does a prediction meet its own target.
    """
    figure, axes = diagram(436)
    bias, dot = (1, 2, 3, 4), (10, 20, 30, 40)
    targets = [a + b for a, b in zip(bias, dot, strict=True)]
    square = [[a + b for b in dot] for a in bias]
    diagonal = {(i, i): RESULT for i in range(4)}
    titles = ("bias", "dot product", "prediction", "targets")
    for x, name in zip((98, 266, 434, 612), titles, strict=True):
        write(axes, x, 28, name, size=SMALL, colour=MUTED)
    _numbers(axes, 81, 52, [[a] for a in bias], USERS, "[4, 1]")
    _sum_of(axes, 120, dot)
    _numbers(axes, 366, 52, square, WRONG, "[4, 4]", diagonal)
    _numbers(axes, 544, 103, [targets], MUTED, "[4]")
    write(axes, 612, 196, "✗  loss 2.5", bold=True)
    line(axes, (30, 256), (690, 256), colour=EDGE)
    _numbers(axes, 30, 303, [list(bias)], USERS, "[4]")
    _sum_of(axes, 320, dot)
    _numbers(axes, 366, 303, [targets], RESULT, "[4]", {(0, i): RESULT for i in range(4)})
    _numbers(axes, 544, 303, [targets], MUTED, "[4]")
    write(axes, 612, 396, "✓  loss 0", bold=True)
    return figure


def _sum_of(axes: Axes, y: float, dot: Sequence[int]) -> None:
    """The signs of a sum and its second part, the dot products."""
    for x, sign in ((182, "+"), (350, "="), (523, "↔")):
        write(axes, x, y, sign, size=18)
    _numbers(axes, 198, y - 17, [dot], MOVIES, "[4]")


def _numbers(
    axes: Axes,
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
    table(axes, x, y, rows, cell=(width, height), colour=colour, fill=fill, special=special)
    below = (x + width * len(rows[0]) / 2, y + height * len(rows) + 20)
    write(axes, *below, shape, size=SMALL, colour=MUTED, family=MONO)


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
        write(axes, 13, place, words, colour=colour, bold=True, align="left")
    mean = measured.number("global-mean-rmse-random")
    axes.axhline(mean, color=MUTED, linewidth=1.2, linestyle=":")
    write(axes, 61, mean * 0.945, "the mean for everyone", size=SMALL, colour=MUTED, align="right")
    axes.set(yscale="log", xlim=(0, 62), ylim=(0.8, 7), xlabel="epoch", ylabel="validation RMSE")
    axes.set_yticks([1, 2, 3, 4, 5, 6], ["1", "2", "3", "4", "5", "6"])
    axes.minorticks_off()
    return figure
