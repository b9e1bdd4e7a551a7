"""Probes of part 2: they run next to the student's code and return observations."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from grading.checks.evidence import attempt, frame


def load_ratings(module: ModuleType, text: str, as_text: bool) -> Any:
    """load_ratings("u.data"), a file that begins {text}"""
    return read(module.load_ratings, "u.data", text, as_text)


def load_movies(module: ModuleType, text: str, as_text: bool) -> Any:
    """load_movies("u.item"), a Latin-1 file that begins {text}"""
    return read(module.load_movies, "u.item", text, as_text)


def load_ratings_again(module: ModuleType, text: str, as_text: bool) -> Any:
    """load_ratings("u.data"), once more, after every movie_id that it gave at first became 0"""
    return read(module.load_ratings, "u.data", text, as_text, again=True)


def load_movies_again(module: ModuleType, text: str, as_text: bool) -> Any:
    """load_movies("u.item"), once more, after every movie_id that it gave at first became 0"""
    return read(module.load_movies, "u.item", text, as_text, again=True)


def read(load: Callable, name: str, text: str, as_text: bool, again: bool = False) -> Any:
    """What `load` makes of a file with this text; it gets the path as a str or as a Path."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode("latin-1"))
        loaded = load(str(path) if as_text else path)
        if again and isinstance(loaded, pd.DataFrame):
            loaded["movie_id"] = 0
            loaded = load(str(path) if as_text else path)
        return frame(loaded)


def build_index(module: ModuleType, ids: list[int]) -> dict[str, Any]:
    """build_index({ids})"""
    return {"index": entries(module.build_index(ids)), "ids": ids}


def build_index_of_array(module: ModuleType, ids: np.ndarray) -> Any:
    """build_index(np.array({ids}))"""
    return entries(module.build_index(ids))


def build_index_of_column(module: ModuleType, ids: np.ndarray, labels: list[int]) -> Any:
    """build_index(pd.Series({ids}, index={labels}))"""
    return entries(module.build_index(pd.Series(ids, index=labels)))


def entries(index: Any) -> Any:
    """A dict as lists of its keys and values, with the names of their types."""
    if not isinstance(index, dict):
        return index
    columns = {"ids": list(index), "indices": list(index.values())}
    types = {
        name: sorted({type(number).__name__ for number in numbers})
        for name, numbers in columns.items()
    }
    return {**columns, "types": types}


def encode_ratings(
    module: ModuleType,
    user_id: np.ndarray,
    movie_id: np.ndarray,
    rating: np.ndarray,
    labels: list[int],
    users: list[int],
    user_indices: list[int],
    movies: list[int],
    movie_indices: list[int],
) -> dict[str, Any]:
    """encode_ratings(ratings, dict(zip({users}, {user_indices})), dict(zip({movies}, {movie_indices}))), ratings: user_id {user_id}, movie_id {movie_id} …"""  # noqa: E501
    ratings = table(user_id, movie_id, rating, labels=labels)
    user_index = dict(zip(users, user_indices, strict=True))
    movie_index = dict(zip(movies, movie_indices, strict=True))
    encoded = module.encode_ratings(ratings, user_index, movie_index)
    return {"encoded": frame(encoded), "ratings": frame(ratings)}


def encode_unknown(
    module: ModuleType,
    user_id: list[int],
    movie_id: list[int],
    users: list[int],
    user_indices: list[int],
    movies: list[int],
    movie_indices: list[int],
) -> dict[str, Any]:
    """encode_ratings(ratings, dict(zip({users}, {user_indices})), dict(zip({movies}, {movie_indices}))), ratings: user_id {user_id}, movie_id {movie_id} …"""  # noqa: E501
    ratings = table(user_id, movie_id, np.linspace(1, 5, len(user_id)))
    user_index = dict(zip(users, user_indices, strict=True))
    movie_index = dict(zip(movies, movie_indices, strict=True))
    encode = module.encode_ratings
    return attempt(lambda: frame(encode(ratings, user_index, movie_index)))


def split_ratings(
    module: ModuleType,
    ratings: dict[str, np.ndarray],
    labels: list[int],
    valid_fraction: float,
    seed: int,
) -> Any:
    """split_ratings(ratings, valid_fraction={valid_fraction}, seed={seed})"""
    table = pd.DataFrame(ratings, index=labels)
    return halves(module.split_ratings(table, valid_fraction=valid_fraction, seed=seed))


def split_ratings_by_default(
    module: ModuleType, ratings: dict[str, np.ndarray], labels: list[int]
) -> Any:
    """split_ratings(ratings)"""
    return halves(module.split_ratings(pd.DataFrame(ratings, index=labels)))


def after_a_split(
    module: ModuleType,
    ratings: dict[str, np.ndarray],
    labels: list[int],
    valid_fraction: float,
    seed: int,
) -> Any:
    """split_ratings(ratings, valid_fraction={valid_fraction}, seed={seed}), and then a look at ratings"""  # noqa: E501
    table = pd.DataFrame(ratings, index=labels)
    module.split_ratings(table, valid_fraction=valid_fraction, seed=seed)
    return frame(table)


def split_with_seeds(
    module: ModuleType, ratings: dict[str, np.ndarray], seeds: list[int]
) -> list[Any]:
    """[split_ratings(ratings, seed=seed) for seed in {seeds}]"""
    return [halves(module.split_ratings(pd.DataFrame(ratings), seed=seed)) for seed in seeds]


def split_by_time(
    module: ModuleType,
    user_id: np.ndarray,
    timestamp: np.ndarray,
    labels: list[int],
    valid_fraction: float,
) -> Any:
    """split_by_time(ratings, valid_fraction={valid_fraction}), ratings: user_id {user_id}, timestamp {timestamp} …"""  # noqa: E501
    ratings = table(user_id, np.arange(len(user_id)), timestamp=timestamp, labels=labels)
    return halves(module.split_by_time(ratings, valid_fraction=valid_fraction))


def after_a_split_by_time(
    module: ModuleType,
    user_id: np.ndarray,
    timestamp: np.ndarray,
    labels: list[int],
    valid_fraction: float,
) -> Any:
    """split_by_time(ratings, valid_fraction={valid_fraction}), and then a look at ratings: user_id {user_id}, timestamp {timestamp} …"""  # noqa: E501
    ratings = table(user_id, np.arange(len(user_id)), timestamp=timestamp, labels=labels)
    module.split_by_time(ratings, valid_fraction=valid_fraction)
    return frame(ratings)


def split_by_time_by_default(
    module: ModuleType, user_id: np.ndarray, timestamp: np.ndarray, labels: list[int]
) -> Any:
    """split_by_time(ratings), ratings: user_id {user_id}, timestamp {timestamp} …"""
    ratings = table(user_id, np.arange(len(user_id)), timestamp=timestamp, labels=labels)
    return halves(module.split_by_time(ratings))


def split_by_time_refused(
    module: ModuleType, user_id: list[int], timestamp: list[int], valid_fraction: float
) -> dict[str, Any]:
    """split_by_time(ratings, valid_fraction={valid_fraction})"""
    ratings = table(user_id, np.arange(len(user_id)), timestamp=timestamp)
    split = module.split_by_time
    return attempt(lambda: halves(split(ratings, valid_fraction=valid_fraction)))


def halves(result: Any) -> Any:
    return [frame(half) for half in result] if isinstance(result, tuple | list) else frame(result)


def table(
    user_id: Any,
    movie_id: Any,
    rating: Any = 3.0,
    timestamp: Any = 881250949,
    labels: list[int] | None = None,
) -> pd.DataFrame:
    """Ratings as `load_ratings` should give them; `rating` keeps its dtype."""
    columns = {"user_id": user_id, "movie_id": movie_id, "rating": rating, "timestamp": timestamp}
    return pd.DataFrame(columns, index=labels if labels is not None else range(len(user_id)))
