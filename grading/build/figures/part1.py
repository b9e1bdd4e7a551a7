"""The figures of part 1: what a recommender learns from, and taste in a few numbers."""

from matplotlib.figure import Figure

from grading.build.figures.style import (
    GREEN,
    LINE,
    MOVIES,
    MUTED,
    SMALL,
    USERS,
    WHITE,
    arrow,
    box,
    diagram,
    write,
)


def ab_story() -> Figure:
    """
    Alt: Users A and B both liked movies 1 to 5. A also liked movie 6, which B has not seen.
    Caption: They agreed five times, so what A liked is worth suggesting to B.
    """
    figure, axes = diagram(250)
    left, step, size = 118.0, 92.0, 64.0
    for row, (name, y) in enumerate((("A", 46), ("B", 152))):
        box(axes, 32, y, size, size, name, colour=USERS, round_=size / 2, size=18, bold=True)
        for movie in range(6):
            x = left + step * movie + (24 if movie == 5 else 0)
            if movie < 5 or row == 0:
                box(axes, x, y, size, size, "liked", colour=MOVIES, size=SMALL)
            else:
                box(axes, x, y, size, size, "?", colour=GREEN, fill=WHITE, dashed=True, size=20)
    for movie in range(6):
        x = left + step * movie + size / 2 + (24 if movie == 5 else 0)
        write(axes, x, 26, f"movie {movie + 1}", size=SMALL, colour=MUTED)
        if movie < 5:
            write(axes, x, 131, "=", size=18, colour=LINE)
    x = left + step * 5 + size / 2 + 24
    arrow(axes, (x, 112), (x, 148), colour=GREEN, line=2.4)
    return figure
