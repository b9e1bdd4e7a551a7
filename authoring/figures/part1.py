"""The figures of part 1: what a recommender learns from, and taste in a few numbers."""

from matplotlib.figure import Figure

from authoring.figures.plane import MOVIE_PLACES, UNIT, USER_PLACES, at, movie_box, plane
from authoring.figures.style import (
    EDGE,
    LARGE,
    LINE,
    MOVIES,
    MUTED,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    WIDTH,
    WRONG,
    Pen,
    diagram,
    said,
    tint,
)

# The two small matrices whose product stands for the table of ratings.
PREDICTIONS, USER_FACTORS, MOVIE_FACTORS = r"$\hat{R}$", "$P$", "$Q^T$"


def ab_story() -> Figure:
    """
    Alt: Users A and B both liked movies 1 to 5. A also liked movie 6, which B has not seen.
    Caption: They agreed five times, so what A liked is worth suggesting to B.
    """
    figure, draw = diagram(244)
    size, columns = 62.0, [118.0, 208.0, 298.0, 388.0, 478.0, 606.0]
    for name, y in (("A", 82.0), ("B", 186.0)):
        draw.disc(62, y, name, across=60, size=18)
    for number, x in enumerate(columns, start=1):
        middle = x + size / 2
        draw.write(middle, 28, f"movie {number}", size=SMALL, colour=MUTED)
        draw.box(x, 82 - size / 2, size, size, "♥", colour=MOVIES, size=20)
        if number < 6:
            draw.box(x, 186 - size / 2, size, size, "♥", colour=MOVIES, size=20)
            draw.write(middle, 134, "=", size=LARGE, colour=MUTED)
        else:
            draw.box(
                x,
                186 - size / 2,
                size,
                size,
                "?",
                colour=RESULT,
                fill=WHITE,
                dashed=True,
                size=20,
                bold=True,
            )
            draw.arrow((middle, 116), (middle, 152), colour=RESULT, line=2.6)
    return figure


def system() -> Figure:
    """
    Alt: A loop of five boxes. Candidates, part 7, lead to ranking, parts 5 and 6, and to your
        screen. What you play becomes feedback, part 2, then training, parts 1, 3 and 4, which
        gives both stages their embeddings.
    Caption: The loop, and the part of this course that builds each box.
    """
    figure, draw = diagram(500)
    wide, tall, upper, lower = 206.0, 150.0, 24.0, 326.0
    left, middle, right = 16.0, 257.0, 498.0
    for x, y, width, name, words, parts, colour in (
        (left, upper, wide, "Candidates", "all → hundreds", "part 7", MOVIES),
        (middle, upper, wide, "Ranking", "hundreds → ten", "parts 5, 6", MOVIES),
        (right, upper, wide, "Your screen", "ten titles", "", USERS),
        (right, lower, wide, "Feedback", "plays and stars", "part 2", USERS),
        (
            left,
            lower,
            middle + wide - left,
            "Training",
            "a row of numbers for each",
            "parts 1, 3, 4",
            RESULT,
        ),
    ):
        draw.box(x, y, width, tall, colour=colour)
        centre = x + width / 2
        draw.write(centre, y + 34, name, size=20, bold=True)
        draw.write(centre, y + 76, words, size=15)
        draw.write(centre, y + 118, parts, size=17, bold=True)
    across, end, below = upper + tall / 2, upper + tall, lower + tall / 2
    for start, stop in (
        ((left + wide, across), (middle, across)),
        ((middle + wide, across), (right, across)),
        ((right + wide / 2, end), (right + wide / 2, lower)),
        ((right, below), (middle + wide, below)),
        ((left + wide / 2, lower), (left + wide / 2, end)),
        ((middle + wide / 2, lower), (middle + wide / 2, end)),
    ):
        draw.arrow(start, stop, line=3)
    for x, words in ((240.0, "embeddings"), (right + 42, "you play")):
        draw.write(x, (end + lower) / 2, words, size=17)
    return figure


def rating_matrix() -> Figure:
    """
    Alt: A table with 112 cells. Seven hold a number of stars, all others a question mark.
    Caption: As full as MovieLens 100K.
    """
    figure, draw = diagram(330)
    known = {(0, 2): 5, (1, 9): 3, (2, 5): 4, (3, 12): 2, (4, 0): 4, (5, 7): 1, (6, 14): 5}
    left, top, width, height = 78.0, 54.0, 38.0, 34.0
    for row in range(7):
        for column in range(16):
            stars = known.get((row, column))
            x, y = left + column * width, top + row * height
            if stars:
                draw.table(x, y, [[stars]], cell=(width, height), special={(0, 0): MOVIES})
            else:
                draw.table(x, y, [[""]], cell=(width, height), colour=EDGE)
                draw.write(x + width / 2, y + height / 2, "?", size=SMALL, colour=LINE)
    draw.write(left + 8 * width, 30, "1,682 movies  →", colour=MUTED)
    draw.write(46, top + 3.5 * height, "←  943 users", colour=MUTED, rotation=90)
    draw.write(left + 8 * width, 311, "100,000 known ratings, 1,486,126 to predict")
    return figure


BEN_MEAN, BEN_GAVE = 3, {"Star Wars": 3, "Casablanca": 1, "Blade Runner": 5}
ON_ONE_AXIS = {"Dee": -1, "Cem": 0.5, "Ben": 0.75, "Ann": 1}


def factorization() -> Figure:
    """
    Alt: A table of four users and five movies is a tall table of users, two numbers each, times a
        flat table of movies, two numbers each. Ben's row (0.5, −1) times Blade Runner's column
        (2, −1) gives the cell 2.
    Caption: Each cell is a row times a column: Blade Runner is worth 2 stars above Ben's mean.
    """
    figure, draw = diagram(366)
    side, top, ben, last = 42.0, 92.0, 1, 4
    cell = (side, side)
    predictions, users, movies = 52.0, 350.0, 470.0
    low = top + side  # where the flat table begins
    p, q = list(USER_PLACES.values()), list(zip(*MOVIE_PLACES.values(), strict=True))
    product = [
        [
            f"{sum(a * b for a, b in zip(user, movie, strict=True)):g}"
            for movie in zip(*q, strict=True)
        ]
        for user in p
    ]
    of_user, of_movie = {(ben, 0): USERS, (ben, 1): USERS}, {(0, last): MOVIES, (1, last): MOVIES}
    for x, y, rows, special, colour in (
        (predictions, top, product, {(ben, last): RESULT}, LINE),
        (users, top, p, of_user, USERS),
        (movies, low, q, of_movie, MOVIES),
    ):
        fill = WHITE if colour == LINE else tint(colour, 0.08)
        draw.table(x, y, rows, special=special, colour=colour, fill=fill, cell=cell, size=SMALL)
    for x, words in ((282, "="), (452, "×")):
        draw.write(x, top + 2 * side, words, size=22)
    for left, upper in ((predictions, top), (movies, low)):
        right = left + 5 * side
        draw.write(right, upper - 14, "Blade Runner", size=SMALL, align="right", colour=MUTED)
    for row, name in enumerate(USER_PLACES):
        for left in (predictions, users):
            y = top + (row + 0.5) * side
            draw.write(left - 8, y, name, size=SMALL, align="right", colour=MUTED)
    for left, columns, letter, shape in (
        (predictions, 5, PREDICTIONS, "[n_users, n_movies]"),
        (users, 2, USER_FACTORS, "[n_users, n_factors]"),
        (movies, 5, MOVIE_FACTORS, "[n_factors, n_movies]"),
    ):
        middle = left + columns * side / 2
        draw.write(middle, 36, letter, size=20)
        draw.write(middle, top + 4 * side + 26, shape, size=SMALL)
    draw.write(360, 334, "0.5 · 2  +  (−1) · (−1)  =  2", size=LARGE, bold=True)
    return figure


def one_axis() -> Figure:
    """
    Alt: Five movies and four users on one line from romance to space. Star Wars and Blade Runner
        share a place; Dee is near romance, Ben near space.
    Caption: One number comes within a star of each rating of Dee's, but Ben rates two
        movies in one place differently.
    """
    figure, draw = diagram(396)
    y, middle = 138.0, WIDTH / 2
    draw.arrow((36, y), (684, y), head="<|-|>")
    draw.write(40, y + 22, "romance", bold=True, align="left")
    draw.write(684, y + 22, "space", bold=True, align="right")
    for name, (across, _) in MOVIE_PLACES.items():
        x = middle + UNIT * across
        above = 36 if name == "Blade Runner" else 0
        if not above:
            draw.line((x, 98), (x, y), colour=MOVIES)
        movie_box(draw, x, 84 - above, name)
    for name, across in ON_ONE_AXIS.items():
        x = middle + UNIT * across
        below = 96 if name == "Ben" else 46  # his place is too near to his neighbours'
        draw.line((x, y), (x, y + below - 22), colour=USERS)
        draw.disc(x, y + below, name, size=SMALL)
    for x, colour, words, movies in (
        (
            30,
            RESULT,
            "✓  Dee: within a star",
            ("Casablanca: 4, she gave 5", "Star Wars: 1, she gave 1"),
        ),
        (
            372,
            WRONG,
            "✗  cannot explain Ben",
            ("Blade Runner: 4.5, he gave 5", "Star Wars: 4.5, he gave 3"),
        ),
    ):
        draw.box(x, 272, 318, 104, colour=colour, fill=WHITE, dashed=colour == WRONG)
        draw.write(x + 18, 296, words, align="left", bold=True)
        for row, stars in enumerate(movies):
            draw.write(x + 18, 326 + 26 * row, stars, align="left")
    return figure


def two_axes() -> Figure:
    """
    Alt: The same five movies in a plane with a second axis from dark to light. Star Wars is light,
        Blade Runner is dark, and Ben lies between space and dark.
    Caption: A second axis separates what one could not: Ben likes space, if it is dark.
    """
    figure, draw = plane()
    draw.disc(*at(*USER_PLACES["Ben"]), "Ben", size=SMALL)
    right, light = at(*MOVIE_PLACES["Star Wars"])
    _, dark = at(*MOVIE_PLACES["Blade Runner"])
    top, bottom = light + 20, dark - 20
    draw.arrow((right, top), (right, bottom), colour=WRONG, head="<|-|>", dashed=True)
    draw.write(right + 10, top + 18, "Ben  ★★★", align="left", size=SMALL)
    draw.write(right, bottom + 52, "Ben  ★★★★★", size=SMALL)
    return figure


def dot_product() -> Figure:
    """
    Alt: A user's arrow (2, 1) beside three movies' arrows: in the same direction, at a right
        angle, and opposite. The dot products are 5, 0 and −5.
    Caption: The same direction gives a large product, a right angle none, the opposite a negative
        one.
    """
    figure, draw = diagram(306)
    for x, words, movie, product in (
        (126.0, "same direction", (2, 1), "2 · 2 + 1 · 1 = 5"),
        (360.0, "right angle", (-1, 2), "2 · (−1) + 1 · 2 = 0"),
        (594.0, "opposite", (-2, -1), "2 · (−2) + 1 · (−1) = −5"),
    ):
        draw.write(x, 30, words, bold=True)
        _user_and_movie(draw, x, 166, movie)
        draw.write(x, 278, product, size=SMALL)
    for x in (243, 477):
        draw.line((x, 22), (x, 284), colour=EDGE)
    return figure


def _user_and_movie(draw: Pen, x: float, y: float, movie: tuple[int, int]) -> None:
    """Their arrows from (x, y), side by side where they would hide each other."""
    unit, apart = 42.0, 6.0 if movie == (2, 1) else 0.0
    draw.line((x - 100, y), (x + 100, y), colour=EDGE)
    draw.line((x, y - 88), (x, y + 84), colour=EDGE)
    draw.arrow((x, y - apart), (x + 2 * unit, y - unit - apart), colour=USERS, line=3)
    draw.write(x + 62, y - unit - apart - 20, "user (2, 1)", size=SMALL)
    tip = (x + unit * movie[0], y - unit * movie[1] + apart)
    draw.arrow((x, y + apart), tip, colour=MOVIES, line=3, dashed=True)
    aside, below = {(2, 1): (-22, 52), (-1, 2): (-10, -16), (-2, -1): (30, 26)}[movie]
    draw.write(tip[0] + aside, tip[1] + below, said(f"movie {movie}"), size=SMALL)
