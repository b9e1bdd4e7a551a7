"""Part 2 – Preparing the MovieLens data: from files to indices and a fair split.

`user_id` and `movie_id` are raw ids as in the files; `user_idx` and `movie_idx` are contiguous
indices 0…n−1, the rows of the embedding tables. The two are never mixed.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from sklearn.model_selection import train_test_split

GENRES = (
    "unknown Action Adventure Animation Children's Comedy Crime Documentary Drama Fantasy "
    "Film-Noir Horror Musical Mystery Romance Sci-Fi Thriller War Western"
).split()


def load_ratings(path: str | Path) -> pd.DataFrame:
    """Read `u.data`: one rating a line, separated by tabs, without a header.

    Returns:
        columns `user_id`, `movie_id` (int64), `rating` (float32), `timestamp` (int64, seconds
        since 1970), in file order.
    """
    # TODO 2.1: read the tab-separated file with names and dtypes (about 5 lines)
    raise NotImplementedError(
        "TODO 2.1: read the tab-separated file with names and dtypes (about 5 lines)"
    )


def load_movies(path: str | Path) -> pd.DataFrame:
    """Read `u.item`: one movie a line, separated by `|`, in Latin-1, without a header.

    A line holds the movie id, the title, the release date, the video release date, a URL and
    then one 0/1 flag for each of the 19 `GENRES`, in that order.

    Returns:
        columns `movie_id` (int64), `title` (str), then the genres by name (bool); one row a movie.
        A title is text letter by letter, quotation marks and words like "None" included.
    """
    # TODO 2.2: read the file, keep id, title and genres, make the flags bool (about 7 lines)
    raise NotImplementedError(
        "TODO 2.2: read the file, keep id, title and genres, make the flags bool (about 7 lines)"
    )


def build_index(ids: Iterable[int]) -> dict[int, int]:
    """Number the distinct raw ids 0…n−1 in ascending order.

    Args:
        ids: raw ids in any order, repeated or not; with gaps, as ids in the wild have. They are
            not changed.

    Returns:
        raw id → index, both Python ints.
    """
    # TODO 2.3: map each distinct id, in ascending order, to its position (1 or 2 lines)
    raise NotImplementedError(
        "TODO 2.3: map each distinct id, in ascending order, to its position (1 or 2 lines)"
    )


def encode_ratings(
    ratings: pd.DataFrame, user_index: dict[int, int], movie_index: dict[int, int]
) -> pd.DataFrame:
    """Replace raw ids by indices.

    Returns:
        columns `user_idx`, `movie_idx` (int64), `rating` (float32); rows, order and index labels
        as in `ratings`, which is not changed.

    Raises:
        KeyError: an id that the index does not know; the message names the id.
    """
    # TODO 2.4: look every id up, refuse unknown ones, build the new frame (about 10 lines)
    raise NotImplementedError(
        "TODO 2.4: look every id up, refuse unknown ones, build the new frame (about 10 lines)"
    )


def split_ratings(
    ratings: pd.DataFrame, valid_fraction: float = 0.2, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split at random into `(train, valid)`: reproducible, no row lost, none in both.

    `ratings` itself is not changed.

    Args:
        valid_fraction: the share of rows held out, between 0 and 1.
        seed: the same seed gives the same split.
    """
    # TODO 2.5: let scikit-learn split the rows (about 2 lines)
    raise NotImplementedError("TODO 2.5: let scikit-learn split the rows (about 2 lines)")


def split_by_time(
    ratings: pd.DataFrame, valid_fraction: float = 0.2
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out the latest ratings of each user: `(train, valid)`.

    Of a user's n ratings the latest `n * valid_fraction`, rounded down, are held out, so every
    user keeps at least one training row. `ratings` itself is not changed.

    Raises:
        ValueError: `valid_fraction` does not lie strictly between 0 and 1.
    """
    # TODO 2.6: rank each user's ratings by age and cut off the newest share (about 6 lines)
    raise NotImplementedError(
        "TODO 2.6: rank each user's ratings by age and cut off the newest share (about 6 lines)"
    )
