"""The map of parts 1 and 5: movies and users on two axes, romance–space and dark–light."""

from matplotlib.figure import Figure

from authoring.figures.style import MOVIES, SMALL, WIDTH, Pen, Point, diagram

# Hand-made places, as in the lesson of part 1.
MOVIE_PLACES = {
    "Star Wars": (2, 1),
    "Alien": (0.5, -0.5),
    "Casablanca": (-1, 0.5),
    "Notting Hill": (-2, 1),
    "Blade Runner": (2, -1),
}
USER_PLACES = {"Ann": (1, 0), "Ben": (0.5, -1), "Cem": (0.5, 0), "Dee": (-1, 0)}
UNIT = 120.0  # pixels
MIDDLE = (WIDTH / 2, 205.0)


def plane() -> tuple[Figure, Pen]:
    """A card with the axes and the movies."""
    figure, draw = diagram(410)
    x, y = MIDDLE
    draw.arrow((36, y), (684, y), head="<|-|>")
    draw.arrow((x, 18), (x, 392), head="<|-|>")
    draw.write(40, y + 22, "romance", bold=True, align="left")
    draw.write(684, y + 22, "space", bold=True, align="right")
    draw.write(x + 14, 26, "light", bold=True, align="left")
    draw.write(x + 14, 384, "dark", bold=True, align="left")
    for name, point in MOVIE_PLACES.items():
        movie_box(draw, *at(*point), name)
    return figure, draw


def at(across: float, up: float) -> Point:
    """The pixel of two factors on the card."""
    return MIDDLE[0] + UNIT * across, MIDDLE[1] - UNIT * up


def movie_box(draw: Pen, x: float, y: float, name: str) -> None:
    """A movie's title in a box around the point."""
    draw.box(x - 58, y - 15, 116, 30, name, colour=MOVIES, size=SMALL)
