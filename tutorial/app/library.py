"""The movies and ratings that the app shows, read without any of the course's tasks."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import qr

from data import MovieLens
from tutorial.rankers import LIKED
from tutorial.titles import readable

WELL_KNOWN = 100  # movies among which those to begin with are chosen
YEAR = re.compile(r" \((\d{4})\)$")


@dataclass(frozen=True)
class Library:
    """Movies by row, in ascending order of their raw ids; users likewise."""

    movie_ids: list[int]
    titles: list[str]
    genres: list[list[str]]
    user_ids: np.ndarray  # int64 [n_users]
    stars: np.ndarray  # uint8 [n_users, n_movies], 0 where not rated
    source: str
    is_synthetic: bool

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Raw movie id → row."""
        return {movie: row for row, movie in enumerate(self.movie_ids)}

    @cached_property
    def user_row_of(self) -> dict[int, int]:
        """Raw user id → row."""
        return {int(user): row for row, user in enumerate(self.user_ids)}

    @cached_property
    def counts(self) -> np.ndarray:
        """How many users rated each movie: int64 `[n_movies]`."""
        return np.count_nonzero(self.stars, axis=0)

    @cached_property
    def most_rated(self) -> list[int]:
        """All rows, most-rated first, ties by row."""
        return np.argsort(-self.counts, kind="stable").tolist()

    @cached_property
    def openers(self) -> list[int]:
        """Well-known movies, most telling first: each is liked by other people than those before.

        A pivoted QR decomposition takes the movie of whose likes the earlier ones explain least.
        """
        known = self.most_rated[:WELL_KNOWN]
        likes = (self.stars[:, known] >= LIKED).astype(float)
        order = qr(likes - likes.mean(axis=0), mode="r", pivoting=True)[1]
        return [known[place] for place in order]

    def search(self, words: str) -> list[int]:
        """Rows whose title holds all words, most-rated first; case and accents do not matter."""
        wanted = _plain(words).split()
        titles = self._plain_titles
        return [row for row in self.most_rated if all(word in titles[row] for word in wanted)]

    @cached_property
    def _plain_titles(self) -> list[str]:
        return [_plain(title) for title in self.titles]

    def suggestions(self, rated: Collection[int], page: int, size: int = 10) -> list[int]:
        """The openers that are not rated yet, `size` a page, from page 0; after the last, the
        first."""
        left = [row for row in self.openers if row not in rated]
        start = page * size % max(len(left), 1)
        return left[start : start + size]


def read_library(movielens: MovieLens) -> Library:
    """Read `u.data` and `u.item`."""
    items = movielens.movies_path.read_text(encoding="latin-1").split("\n")
    names = [
        line.split("|")[0]
        for line in movielens.genres_path.read_text(encoding="latin-1").split("\n")
        if line.strip()
    ]
    movies = sorted((line.split("|") for line in items if line), key=lambda fields: int(fields[0]))
    movie_ids = [int(fields[0]) for fields in movies]
    users, movies_rated, given, _ = np.loadtxt(movielens.ratings_path, dtype=np.int64, ndmin=2).T
    user_ids, user_rows = np.unique(users, return_inverse=True)
    stars = np.zeros((len(user_ids), len(movie_ids)), dtype=np.uint8)
    stars[user_rows, np.searchsorted(movie_ids, movies_rated)] = given
    return Library(
        movie_ids,
        [readable(fields[1]) for fields in movies],
        [
            [name for name, flag in zip(names, fields[5:], strict=False) if flag == "1"]
            for fields in movies
        ],
        user_ids,
        stars,
        movielens.source,
        movielens.is_synthetic,
    )


def _plain(text: str) -> str:
    """In lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
