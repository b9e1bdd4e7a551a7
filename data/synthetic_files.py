"""Write the synthetic stand-in: invented data in the files and formats of MovieLens 100K."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from data.movielens import SYNTHETIC_MARK, DataError, created_atomically, find_fault

if TYPE_CHECKING:
    from data.synthetic_ratings import SyntheticRatings

SYNTHETIC_FOLDER = "stand-in-2"
"""Its folder in the cache. The number goes up when the same seed gives different data."""

_OCCUPATIONS = (
    "accountant baker carpenter clerk doctor engineer farmer journalist lawyer librarian musician "
    "none nurse other programmer retired scientist student teacher translator writer"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_NOTE = """\
Synthetic stand-in for MovieLens 100K, seed {seed}.

Users, movies and ratings are invented; only the formats, the sizes and a few statistics are those
of MovieLens 100K. Results on it say nothing about real movies or people.
"""


def write_synthetic_files(folder: Path, seed: int = 0) -> Path:
    """Write the stand-in to `folder` and return it; a usable `folder` is left alone.

    `folder` is created atomically. The same seed gives the same bytes with the same numpy (another
    version may round the random numbers differently).

    Raises:
        DataError: `folder` cannot be written or holds other files.
    """
    if find_fault(folder) is None:
        return folder
    from data.synthetic_ratings import GENRES, make_ratings
    from data.titles import title_movies

    ratings = make_ratings(seed)
    genres = [
        [name for name, has in zip(GENRES, row, strict=True) if has] for row in ratings.genres
    ]
    titles = title_movies(genres, seed=seed)
    texts = {
        "u.data": _rating_lines(ratings),
        "u.item": _movie_lines(titles, ratings.genres.astype(int).tolist(), seed),
        "u.user": _user_lines(1 + int(ratings.user_idx.max()), seed),
        "u.genre": "".join(f"{name}|{number}\n" for number, name in enumerate(GENRES)) + "\n",
        SYNTHETIC_MARK: _NOTE.format(seed=seed),
    }
    try:
        with created_atomically(folder) as made:
            for name, text in texts.items():
                (made / name).write_bytes(text.encode("latin-1"))
    except OSError as error:
        raise DataError(
            f"The synthetic stand-in cannot be written to {folder}: {error.strerror or error}."
        ) from error
    return folder


def _rating_lines(ratings: "SyntheticRatings") -> str:
    columns = (ratings.user_idx + 1, ratings.movie_idx + 1, ratings.rating, ratings.timestamp)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return "".join("{}\t{}\t{}\t{}\n".format(*row) for row in rows)


def _movie_lines(titles: list[str], flags: list[list[int]], seed: int) -> str:
    rng = random.Random(seed)
    dates = {title: _draw_release(title, rng) for title in dict.fromkeys(titles)}
    undated = next(index for index, row in enumerate(flags) if row[0])  # an unknown one
    lines = []
    for index, (title, row) in enumerate(zip(titles, flags, strict=True)):
        released = "" if index == undated else dates[title]
        video, url = "", ""
        fields = (index + 1, title, released, video, url, *row)
        lines.append("|".join(map(str, fields)) + "\n")
    return "".join(lines)


def _draw_release(title: str, rng: random.Random) -> str:
    """Draw a day of the title's year, such as 09-Feb-1996.

    Of an older movie only the year is known, written as the first of January.
    """
    year = int(title[-5:-1])
    day = date(year, 1, 1)
    if year >= 1996:
        day += timedelta(days=rng.randrange(90 if year == 1998 else 365))
    # strftime's names of months depend on the machine's language
    return f"{day.day:02}-{_MONTHS.split()[day.month - 1]}-{year}"


def _user_lines(n_users: int, seed: int) -> str:
    rng = random.Random(seed)
    occupations = _OCCUPATIONS.split()
    lines = []
    for user_id in range(1, n_users + 1):
        age = min(max(round(rng.gauss(34, 12)), 7), 73)
        gender = "M" if rng.random() < 0.7 else "F"
        occupation = rng.choice(occupations)
        # a zip code is not a number: it may start with 0, and foreign ones have letters
        zip_code = "K1A0B" if rng.random() < 0.01 else f"{rng.randrange(100_000):05}"
        lines.append(f"{user_id}|{age}|{gender}|{occupation}|{zip_code}\n")
    return "".join(lines)
