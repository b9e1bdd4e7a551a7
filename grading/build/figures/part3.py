"""The figures of part 3: what an embedding is, and which shapes meet in a prediction."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grading.build.figures.style import (
    EDGE,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WRONG,
    arrow,
    diagram,
    line,
    table,
    tint,
    write,
)

MONO = "DejaVu Sans Mono"


def one_hot() -> Figure:
    """
    Alt: The one-hot row (0, 0, 1) times a table of three rows gives (0.5, 0.6), and so does taking
        row 2 out of the table.
    Caption: Multiplying with a one-hot row and looking a row up give the same; one skips the zeros.
    """
    figure, axes = diagram(286)
    rows = [["0.1", "0.2"], ["0.3", "0.4"], ["0.5", "0.6"]]
    last = {(2, 0): USERS, (2, 1): USERS}
    write(axes, 204, 32, "one-hot row times table", bold=True)
    write(axes, 555, 32, "look-up", bold=True)
    table(axes, 36, 122, [["0", "0", "1"]], width=36, special={(0, 2): USERS})
    write(axes, 166, 139, "·", size=22)
    table(axes, 190, 88, rows, width=50, special=last)
    write(axes, 312, 139, "=", size=20)
    table(axes, 334, 122, [["0.5", "0.6"]], width=46, special={(0, 0): RESULT, (0, 1): RESULT})
    line(axes, (400, 22), (400, 264), colour=EDGE)
    for row in range(3):
        write(axes, 444, 105 + 34 * row, str(row), size=SMALL, colour=MUTED, bold=row == 2)
    table(axes, 458, 88, rows, width=50, special=last)
    arrow(axes, (562, 173), (600, 173), colour=RESULT, line=2.4)
    table(axes, 606, 156, [["0.5", "0.6"]], width=46, special={(0, 0): RESULT, (0, 1): RESULT})
    write(axes, 204, 236, "0 · 0.1 + 0 · 0.3 + 1 · 0.5 = 0.5", size=SMALL)
    write(axes, 555, 236, "table[2]", size=SMALL, family=MONO)
    return figure


USER_TABLE = ((1, 0, 2), (0, 1, 1), (2, 1, 0))
MOVIE_TABLE = ((1, 2, 0), (3, 5, 1), (0, 1, 2))
USER_IDX, MOVIE_IDX = (0, 2, 1, 0), (1, 0, 2, 2)


def two_lookups() -> Figure:
    """
    Alt: Four user indices fetch four rows of a user table, four movie indices four rows of a movie
        table. Multiplied element by element and added up per row they give 5, 4, 3 and 4.
    Caption: A batch of 4 pairs with 3 factors: two look-ups, one product, one sum over the factors.
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
    words = [[str(number) for number in row] for row in rows]
    special = {(0, j): colour for j in range(len(rows[0]))} if strong else {}
    size = 30.0
    fill = tint(colour, 0.1)
    table(axes, x, y, words, width=size, height=size, colour=colour, fill=fill, special=special)
    middle = x + size * len(rows[0]) / 2
    write(axes, middle, y - 18, name, size=SMALL)
    write(axes, middle, y + size * len(rows) + 18, shape, size=SMALL, colour=MUTED, family=MONO)


def broadcasting() -> Figure:
    """
    Alt: A column of four biases plus four dot products is a square of sixteen numbers, of which
        only the diagonal was meant. Four plus four gives the four predictions.
    Caption: Shape [4, 1] plus [4] stretches to [4, 4], and the loss compares every pair with
        everybody's ratings.
    """
    figure, axes = diagram(430)
    column, row = (1, 2, 3, 4), (10, 20, 30, 40)
    square = [[str(a + b) for b in row] for a in column]
    size = {"width": 42.0, "height": 34.0}
    shape = {"size": SMALL, "colour": MUTED, "family": MONO}
    write(axes, 34, 34, "✗  a bias that kept its column", bold=True, align="left")
    table(axes, 70, 74, [[str(a)] for a in column], colour=USERS, fill=tint(USERS, 0.15), **size)
    write(axes, 91, 230, "[4, 1]", **shape)
    write(axes, 140, 142, "+", size=20)
    table(axes, 170, 125, [[str(b) for b in row]], colour=MOVIES, fill=tint(MOVIES, 0.2), **size)
    write(axes, 254, 230, "[4]", **shape)
    write(axes, 366, 142, "=", size=20)
    diagonal = {(i, i): RESULT for i in range(4)}
    table(axes, 396, 74, square, colour=WRONG, special=diagonal, **size)
    write(axes, 480, 230, "[4, 4]", **shape)
    write(axes, 580, 142, "12 numbers\ntoo many", size=SMALL, align="left")
    line(axes, (30, 262), (690, 262), colour=EDGE)
    write(axes, 34, 292, "✓  a bias without it", bold=True, align="left")
    table(axes, 34, 328, [[str(a) for a in column]], colour=USERS, fill=tint(USERS, 0.15), **size)
    write(axes, 118, 386, "[4]", **shape)
    write(axes, 226, 345, "+", size=20)
    table(axes, 250, 328, [[str(b) for b in row]], colour=MOVIES, fill=tint(MOVIES, 0.2), **size)
    write(axes, 334, 386, "[4]", **shape)
    write(axes, 442, 345, "=", size=20)
    sums = [[str(a + b) for a, b in zip(column, row, strict=True)]]
    table(axes, 466, 328, sums, special={(0, i): RESULT for i in range(4)}, **size)
    write(axes, 550, 386, "[4]", **shape)
    return figure
