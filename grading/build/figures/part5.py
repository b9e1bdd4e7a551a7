"""The figures of part 5: from scores to a list, and a newcomer's row."""

from matplotlib.figure import Figure

from grading.build.figures.style import (
    BODY,
    LINE,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    arrow,
    box,
    diagram,
    table,
    tint,
    write,
)


def pipeline() -> Figure:
    """
    Alt: Ben's scores of six movies. The three that he has seen become minus infinity, among them
        the best, 4.8. The top two of the rest, 4.3 and 3.9, are Brazil and Alien.
    Caption: Score all, hide the seen, take the top N, translate: in this order.
    """
    figure, axes = diagram(374)
    scores = (3.4, 3.9, 1.6, 1.4, 4.8, 4.3)
    seen, top = (0, 2, 4), (5, 1)
    size = {"width": 72.0, "height": 36.0}
    for x, number, name in (
        (94, "1", "score"),
        (262, "2", "mask"),
        (430, "3", "top 2"),
        (610, "4", "translate"),
    ):
        write(axes, x, 32, f"{number}  {name}", bold=True)
    for row, score in enumerate(scores):
        y = 84 + 36.0 * row
        write(axes, 40, y + 18, f"row {row}", size=SMALL, colour=MUTED)
        hidden = row in seen
        chosen = {(0, 0): RESULT} if row in top else {}
        table(axes, 72, y, [[str(score)]], colour=USERS, fill=tint(USERS, 0.12), **size)
        fill = tint(LINE, 0.45) if hidden else WHITE
        table(axes, 226, y, [["−∞" if hidden else str(score)]], fill=fill, special=chosen, **size)
        if hidden:
            arrow(axes, (148, y + 18), (222, y + 18), colour=LINE, line=1.4)
            write(axes, 185, y + 9, "seen", size=SMALL, colour=MUTED)
    for place, (row, movie_id, title) in enumerate(((5, 700, "Brazil"), (1, 42, "Alien"))):
        y = 138 + 72.0 * place
        arrow(axes, (302, 102 + 36 * row), (382, y + 18), colour=RESULT, line=2.2)
        table(axes, 386, y, [[f"row {row}", str(scores[row])]], special={}, size=BODY, **size)
        arrow(axes, (534, y + 18), (560, y + 18), colour=RESULT, line=2.2)
        box(axes, 564, y - 8, 124, 52, f"{title}\nid {movie_id}", colour=MOVIES)
    write(axes, 262, 332, "Ben has seen three", size=SMALL, colour=MUTED)
    return figure


def fold_in() -> Figure:
    """
    Alt: Ten ratings of a newcomer become residuals. Together with the fixed factors of these ten
        movies they give one new row below the users' table.
    Caption: The movies' factors stay as they are; a ridge regression finds the newcomer's one row.
    """
    figure, axes = diagram(400)
    stars = (5, 4, 5, 2, 3, 5, 1, 4, 4, 2)
    expected = (4.0, 3.5, 4.2, 3.0, 3.1, 3.9, 2.6, 3.6, 4.1, 3.3)
    top, height = 74.0, 26.0
    write(axes, 123, 30, "ten ratings", bold=True)
    for x, name in ((57, "stars"), (123, "biases"), (193, "taste")):
        write(axes, x, 56, name, size=SMALL, colour=MUTED)
    for row, (given, usual) in enumerate(zip(stars, expected, strict=True)):
        y = top + height * row
        left = f"{given - usual:+.1f}".replace("-", "−")
        size = {"height": height, "size": SMALL}
        table(axes, 32, y, [[str(given)]], width=50, **size)
        table(axes, 98, y, [[str(usual)]], width=50, **size)
        table(axes, 164, y, [[left]], width=58, colour=USERS, fill=tint(USERS, 0.25), **size)
    for x, sign in ((90, "−"), (156, "=")):
        write(axes, x, top + 5 * height, sign, bold=True)
    write(axes, 332, 30, "movies' factors", bold=True)
    fixed = tint(MOVIES, 0.25)
    table(axes, 268, top, [[""] * 4] * 10, width=32, height=height, colour=MOVIES, fill=fixed)
    write(axes, 332, 56, "fixed", size=SMALL, colour=MUTED)
    arrow(axes, (404, top + 5 * height), (492, top + 8.5 * height), colour=RESULT, line=2.6)
    write(axes, 462, top + 5 * height - 6, "ridge\nregression", size=SMALL)
    write(axes, 588, 30, "users' factors", bold=True)
    write(axes, 588, 56, "unchanged", size=SMALL, colour=MUTED)
    known = tint(USERS, 0.12)
    table(axes, 524, top, [[""] * 4] * 7, width=32, height=height, colour=USERS, fill=known)
    row = {(0, i): RESULT for i in range(4)}
    table(axes, 524, top + 8 * height, [[""] * 4], width=32, height=height, special=row)
    write(axes, 588, top + 9 * height + 22, "the newcomer's row", bold=True)
    return figure
