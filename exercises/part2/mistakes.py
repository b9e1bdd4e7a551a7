"""What recognised mistakes of part 2 would give.

A table maps a mistake to what comes back with it, or to whether its signs are there.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

NAN = math.nan
HEADER = "the first line was taken for the names of the columns"
USERS_FIRST = "users and movies are swapped: a line begins with the user"
SWAPPED = "train and valid are swapped"
WHOLE_USERS = "whole users were held out, not rows"
IN_PLACE = "wrote into the {} that came in, the caller's own data"

Table = dict[str, np.ndarray]
Signs = dict[str, Any]


# 2.1 load_ratings, 2.2 load_movies


def orders_of_lines(lines: Table) -> Signs:
    movies, users = lines["movie_id"].astype("float64"), lines["user_id"].astype("float64")
    return {
        HEADER: movies[1:],
        "the last line is missing": movies[:-1],
        USERS_FIRST: users,
        "sorted by time instead of left in the order of the file": (
            movies[np.argsort(lines["timestamp"])]
        ),
        "sorted by user instead of left in the order of the file": (
            movies[np.lexsort((movies, users))]
        ),
        "sorted by movie instead of left in the order of the file": np.sort(movies),
    }


def remembered(movies: np.ndarray) -> Signs:
    """Each id of the frame that was given before became 0."""
    return {"the frame of the call before is kept, with all that was done to it since": 0 * movies}


def columns(rows: np.ndarray) -> Signs:
    return {
        USERS_FIRST: rows[:, [1, 0, 2, 3]],
        "rating and timestamp are swapped: the rating comes first": rows[:, [0, 1, 3, 2]],
        "movie and rating are swapped: the movie comes first": rows[:, [0, 2, 1, 3]],
        HEADER: rows[1:],
    }


def lost_movies(ids: np.ndarray, blank: int) -> Signs:
    return {
        "the first movie was taken for the names of the columns": ids[1:],
        "a movie with empty fields (no date, no link) was dropped": np.delete(ids, blank),
        "two movies of the same title were taken for one": ids[:-1],
    }


def encodings(titles: list[str]) -> Signs:
    def decoded(encoding: str, errors: str = "strict") -> list[str]:
        return [title.encode("latin-1").decode(encoding, errors) for title in titles]

    return {
        "letters with an accent were lost: read as UTF-8, with what is not UTF-8 left out": (
            decoded("utf-8", "ignore")
        ),
        "letters with an accent became \ufffd: read as UTF-8, with errors replaced": (
            decoded("utf-8", "replace")
        ),
        "letters with an accent became \\x…: read as UTF-8, with errors escaped": (
            decoded("utf-8", "backslashreplace")
        ),
        "read with another encoding than Latin-1": decoded("cp437"),
        "letters with an accent were removed": decoded("ascii", "ignore"),
    }


def missing_titles(titles: list[str], quoted: str) -> Signs:
    unquoted = [title.replace('"', "") for title in titles]
    return {
        "pandas took None, nan and N/A for missing values, and quotation marks for its own": [
            bare if title == quoted else NAN for title, bare in zip(titles, unquoted, strict=True)
        ],
        "pandas took None, nan and N/A for missing values": [
            title if title == quoted else NAN for title in titles
        ],
        "quotation marks of the title were taken for marks around the field": unquoted,
    }


def without_year(titles: list[str]) -> Signs:
    bare = [re.sub(r" \(\d{4}\)$", "", title) for title in titles]
    return {"the year was cut off, but it is part of the title": bare}


def flags(right: np.ndarray) -> Signs:
    return {
        "every flag is True: the text '0' is not empty, and so counts as True": (
            np.ones_like(right)
        ),
        "shifted by one: the first flag stands for 'unknown'": np.roll(right, 1, axis=1),
        "shifted by one: the flags begin after the link": np.roll(right, -1, axis=1),
        "in the opposite order": right[:, ::-1],
        "True and False are swapped": ~right,
    }


FLAG_DTYPES = {
    "flags are still numbers 0 and 1": {"int64", "int8", "uint8", "int32"},
    "flags are still text": {"object", "str", "string"},
}


def dtypes(found: str, right: str, of_part: dict[str, set[str]]) -> Signs:
    return {
        **{name: found in wrong for name, wrong in of_part.items()},
        "float64, pandas' own choice, or as it came in: a model computes in float32": (
            right == "float32" and found == "float64"
        ),
        "whole numbers: a loss needs ratings that can have a fraction": (
            right == "float32" and found.startswith("int")
        ),
        "numbers became floats, as they do on the way through NaN or an array": (
            right == "int64" and found.startswith("float")
        ),
    }


def columns_of_frame(missing: list[str], extra: list[str]) -> Signs:
    return {
        f"columns missing: {listed(missing)}": bool(missing) and not extra,
        f"columns too many: {listed(extra)}": bool(extra) and not missing,
        "the right columns in another order": not missing and not extra,
        HEADER: any(name.isdigit() and len(name) > 1 for name in extra),
    }


def listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")


# 2.3 build_index, 2.4 encode_ratings


def indices(found: list[tuple[int, int]], ids: list[int]) -> Signs:
    """`found`: pairs of an id and its index, ascending."""
    distinct = sorted(set(ids))
    wrong = {
        "from index to id instead of from id to index": dict(enumerate(distinct)),
        "indices that begin with 1 instead of 0": numbered(distinct, start=1),
        "id − 1, which leaves gaps where ids have gaps": {raw_id: raw_id - 1 for raw_id in ids},
        "id − the smallest id, which leaves gaps where ids have gaps": {
            raw_id: raw_id - distinct[0] for raw_id in ids
        },
        "the ids themselves: the table would need a row for each number up to the largest": {
            raw_id: raw_id for raw_id in ids
        },
        "numbered in the order in which the ids first appear": numbered(dict.fromkeys(ids)),
        "numbered in the order in which a set happens to hold the ids": numbered(set(ids)),
        "sorted as text, where 100 comes before 9": numbered(sorted(distinct, key=str)),
        "in descending order": numbered(reversed(distinct)),
        "the most frequent id first": numbered(
            sorted(distinct, key=lambda raw_id: -ids.count(raw_id))
        ),
        "repeated ids were counted again, which leaves gaps": numbered(sorted(ids)),
        "repeated ids in the order given, each counted again": numbered(ids),
    }
    known = sum(raw_id in ids for raw_id, _ in found)
    return {
        **{mistake: found == sorted(index.items()) for mistake, index in wrong.items()},
        "ids of an earlier call are in it: a default such as index={} is made once, for all": (
            len(distinct) == known < len(found)
        ),
    }


def numbered(ids: Any, start: int = 0) -> dict[int, int]:
    return {raw_id: idx for idx, raw_id in enumerate(ids, start)}


def looked_up(ids: np.ndarray, index: dict[int, int]) -> np.ndarray:
    """The index of each id; −1, for the mistakes, where there is none."""
    return np.array([index.get(raw_id, -1) for raw_id in ids.tolist()])


def numberings(
    ids: np.ndarray, index: dict[int, int], others: np.ndarray, index_of_others: dict[int, int]
) -> Signs:
    return {
        "the raw ids, not their indices": ids,
        "id − 1 instead of a look-up": ids - 1,
        "numbered anew in ascending order of id: the given index is not used": (
            looked_up(ids, numbered(sorted(index)))
        ),
        "numbered anew from the ids of these rows alone, ascending": (
            looked_up(ids, numbered(sorted(set(ids.tolist()))))
        ),
        "numbered anew in the order of appearance: the given index is not used": (
            looked_up(ids, numbered(dict.fromkeys(ids.tolist())))
        ),
        "users and movies are swapped": looked_up(others, index_of_others),
        "ids were looked up in the index of the others": looked_up(ids, index_of_others),
        "sorted: rows must keep the order that they came in": np.sort(looked_up(ids, index)),
    }


def other_labels(found: Any, labels: list[int]) -> Signs:
    return {
        "the rows were numbered anew": np.array_equal(found, np.arange(len(labels))),
        "the rows were sorted by their labels": np.array_equal(found, sorted(labels)),
    }


def strangers(returned: Any, unknown: int) -> Signs:
    """What became of the last of three ids, which its index does not know."""
    n = len(returned) if isinstance(returned, np.ndarray | list) else 0
    last = returned[-1] if n == 3 else None
    return {
        "the unknown id became −1, which means the last row of a table": last == -1,
        "the unknown id became NaN": last != last,
        "the unknown id became 0, which is the row of somebody else": last == 0,
        "the unknown id was given a new index, for which no table has a row": last == 2,
        "the raw id was left where an index belongs": last == unknown,
        "the row with the unknown id was left out": n == 2,
    }


CHANGED_COLUMNS = {
    "the indices were added to the frame that came in": (
        ["user_id", "movie_id", "rating", "timestamp", "user_idx", "movie_idx"]
    ),
    "the columns were renamed in the frame that came in": (
        ["user_idx", "movie_idx", "rating", "timestamp"]
    ),
}


# 2.5 split_ratings, 2.6 split_by_time


def sizes(train: np.ndarray, valid: np.ndarray, users: np.ndarray, fraction: float) -> Signs:
    n = len(users)
    return {
        SWAPPED: abs(len(train) - n * fraction) <= 1,
        "a fifth is held out, whatever valid_fraction says": len(valid) == math.ceil(n / 5),
        "a quarter is held out, which is scikit-learn's own default": (
            len(valid) == math.ceil(n / 4)
        ),
        WHOLE_USERS: not np.isin(users[valid], users[train]).any(),
        "a share of each user's rows, each rounded by itself": np.isin(users, users[valid]).all(),
    }


def orders_of_rows(ratings: Table, size: int) -> Signs:
    by_time = np.argsort(ratings["timestamp"])
    n = len(by_time)
    return {
        "the last rows of the table were cut off, without shuffling": np.arange(n)[n - size :],
        "the first rows of the table were cut off, without shuffling": np.arange(size),
        "the newest ratings of all, a split by time": np.sort(by_time[n - size :]),
        "the oldest ratings of all, a split by time": np.sort(by_time[:size]),
    }


def rows_in_both(train: np.ndarray, counts: np.ndarray) -> Signs:
    """`counts`: how often each row of the ratings is in train or valid."""
    return {
        "all rows are in train: those held out were not taken away": (
            len(set(train)) == len(counts)
        ),
        "two draws that know nothing of each other": (counts == 0).any(),
    }


def labels_of_half(found: Any, n: int) -> Signs:
    return {
        "the rows were numbered anew, by reset_index or ignore_index": (
            np.array_equal(found, np.arange(n))
        ),
        "the index has more than one level, as after groupby.apply": isinstance(found, list),
    }


def other_rows(
    train: np.ndarray, valid: np.ndarray, user_id: np.ndarray, timestamp: np.ndarray
) -> Signs:
    n, file_order = len(user_id), np.arange(len(user_id))
    wrong = {
        "the latest ratings of all users together, not of each user": sorted(
            np.argsort(timestamp)[n - n // 4 :].tolist()
        ),
        "the oldest ratings of each user instead of the latest": latest(user_id, -timestamp, 0.25),
        "the last rows of each user, whatever their timestamps": latest(user_id, file_order, 0.25),
        "the first rows of each user, whatever their timestamps": (
            latest(user_id, -file_order, 0.25)
        ),
        "a fifth of each user's ratings, whatever valid_fraction says": (
            latest(user_id, timestamp, 0.2)
        ),
        "the one latest rating of each user, not a share": (
            latest(user_id, timestamp, 0.25, lambda share: 1)
        ),
    }
    return {
        SWAPPED: train.tolist() == latest(user_id, timestamp, 0.25),
        **{name: valid.tolist() == rows for name, rows in wrong.items()},
    }


def latest(
    user_id: np.ndarray,
    order: np.ndarray,
    fraction: float,
    count: Callable[[float], int] = math.floor,
) -> list[int]:
    """The rows that are last in `order` among their user's, ascending."""
    held_out: list[int] = []
    for user in set(user_id.tolist()):
        rows = sorted(np.flatnonzero(user_id == user).tolist(), key=lambda row: order[row])
        held_out += rows[len(rows) - count(len(rows) * fraction) :]
    return sorted(held_out)


def no_shares(valid_fraction: float) -> Signs:
    return {
        "with a share of 0 nothing is held out": valid_fraction == 0.0,
        "with a share of 1 no user keeps a training row": valid_fraction == 1.0,
        "a share above 1 was taken as if nothing were wrong with it": valid_fraction > 1,
        "a share below 0 was taken as if nothing were wrong with it": valid_fraction < 0,
    }


def counts(found: list[int], sizes: np.ndarray, fraction: float, tied: bool) -> Signs:
    def per_user(count: Callable[[float], float]) -> list[int]:
        return [int(count(share)) for share in sizes * fraction]

    return {
        "ratings with the same timestamp stay together, so the cut is not where it should be": (
            tied
        ),
        "rounded up instead of down": found == per_user(math.ceil),
        "rounded to the nearest whole number instead of down": found == per_user(round),
        "at least one rating of each user is held out, also of a user with few": (
            found == per_user(lambda share: max(1, math.floor(share)))
        ),
        "a user with few ratings is held out completely": any(np.equal(found, sizes)),
    }
