"""A newcomer's ratings as they stand in an address: `50.5-172.4`, movie id and stars."""

from collections.abc import Mapping

from tutorial.app.library import Library

STARS = range(1, 6)


class NotUnderstood(Exception):
    """What the address asks for does not exist; the message names the value."""


def parse(text: str, library: Library) -> dict[int, int]:
    """Row → stars, in the order in which they were given; the last rating of a movie counts.

    Raises:
        NotUnderstood: the text has another form, or names an unknown movie or number of stars.
    """
    rated: dict[int, int] = {}
    for part in filter(None, text.split("-")):
        movie, _, stars = part.partition(".")
        row, given = movie_row(movie, library), _number(stars)
        if given not in STARS:
            raise NotUnderstood(f"ratings are 1 to 5 stars, as in 50.5; got {part[:40]!r}")
        rated.pop(row, None)
        rated[row] = given
    return rated


def written(rated: Mapping[int, int], library: Library) -> str:
    """The text that `parse` reads."""
    return "-".join(f"{library.movie_ids[row]}.{stars}" for row, stars in rated.items())


def changed(rated: Mapping[int, int], change: str, library: Library) -> dict[int, int]:
    """With one rating more (`50.5`), changed, or taken back (`50.0`).

    Raises:
        NotUnderstood: see `parse`.
    """
    movie, _, stars = change.partition(".")
    if stars == "0":
        row = movie_row(movie, library)
        return {other: given for other, given in rated.items() if other != row}
    return {**changed(rated, f"{movie}.0", library), **parse(change, library)}


def movie_row(text: str, library: Library) -> int:
    """The row of a movie, from its raw id.

    Raises:
        NotUnderstood: there is no such movie.
    """
    return _row("movie", text, library.row_of)


def user_row(text: str, library: Library) -> int:
    """The row of a user, from the raw id.

    Raises:
        NotUnderstood: there is no such user.
    """
    return _row("user", text, library.user_row_of)


def _row(kind: str, text: str, rows: Mapping[int, int]) -> int:
    row = rows.get(_number(text))
    if row is None:
        ids = f"ids run from {min(rows)} to {max(rows)}"
        raise NotUnderstood(f"there is no {kind} {text[:40]!r}; {ids}")
    return row


def _number(text: str) -> int:
    """The number; −1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
