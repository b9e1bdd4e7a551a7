"""The map: the most-rated movies as points, similar ones close together, marked by genre."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutorial.app.library import Library
from tutorial.app.recommenders import Recommender
from tutorial.titles import without_year

MOVIES = 300
LETTER, LINE = 8, 26  # pixels that a letter and a line take
WIDTH, HEIGHT, MARGIN = 1000, 540, 40
GENRES = ("Children's", "Sci-Fi", "Horror", "Action", "Romance", "Comedy", "Drama")
"""A movie is shown as the first of these that it has: rare ones first, they say more."""
OTHER = "other"


@dataclass(frozen=True)
class Point:
    """A movie's place, in pixels from the upper left corner."""

    movie: int
    x: float
    y: float
    genre: str
    named: bool  # its title has room while the whole map is shown


@dataclass(frozen=True)
class Drawing:
    points: list[Point]  # most-rated first
    genres: list[str]
    width: int = WIDTH
    height: int = HEIGHT


def draw(library: Library, recommender: Recommender) -> Drawing:
    """Place the movies; both axes are stretched to fill the map."""
    movies = library.most_rated[:MOVIES]
    places = recommender.map_of(movies)
    # by rank as much as by place, so that the crowded middle is not a blot
    low, high = places.min(axis=0), places.max(axis=0)
    even = places.argsort(axis=0).argsort(axis=0) / max(len(movies) - 1, 1)
    shares = (even + (places - low) / np.maximum(high - low, 1e-9)) / 2
    size = np.array([WIDTH, HEIGHT])
    pixels = MARGIN + shares * (size - 2 * MARGIN)
    names = [without_year(library.titles[movie]) for movie in movies]
    named = _with_room(pixels, names)
    points = [
        Point(movie, round(float(x), 1), round(float(y), 1), _genre(library, movie), place in named)
        for place, (movie, (x, y)) in enumerate(zip(movies, pixels, strict=True))
    ]
    shown = {point.genre for point in points}
    return Drawing(points, [genre for genre in (*GENRES, OTHER) if genre in shown])


def _with_room(pixels: np.ndarray, names: Sequence[str]) -> set[int]:
    """Which names do not overlap an earlier one, if written to the right of their points."""
    chosen: list[int] = []
    for place, (x, y) in enumerate(pixels):
        width = len(names[place]) * LETTER
        others = pixels[chosen]
        widths = np.array([len(names[other]) * LETTER for other in chosen])
        beside = (others[:, 0] - x > width) | (x - others[:, 0] > widths)
        if x + width < WIDTH and np.all(beside | (np.abs(others[:, 1] - y) > LINE)):
            chosen.append(place)
    return set(chosen)


def _genre(library: Library, movie: int) -> str:
    return next((genre for genre in GENRES if genre in library.genres[movie]), OTHER)
