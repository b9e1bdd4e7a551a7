"""Part 2: files to frames, raw ids to indices, and two ways to split."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from exercises.part2 import probes
from grading.checks import Student, expect, require, task
from grading.checks.evidence import Unknown
from grading.checks.show import show

NAN = math.nan
RATING_COLUMNS = ["user_id", "movie_id", "rating", "timestamp"]
GENRES = [
    "unknown",
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
]

IN_PLACE = "wrote into the {} that came in, the caller's own data"
OF_THE_CALL_BEFORE = "the frame of the call before is kept, with all that was done to it since"

Table = dict[str, np.ndarray]


# 2.1 load_ratings


@task("2.1", points=1)
def test_every_line_of_u_data_is_a_row(student: Student, rng: np.random.Generator) -> None:
    """One row for each line, the first line included, in the order of the file."""
    lines = draw_lines(rng, n=9)
    found = student.run(probes.load_ratings, text=u_data(lines), as_text=False)
    expect_columns(found, RATING_COLUMNS, "the ratings")
    movies = lines["movie_id"].astype("float64")
    expect(numbers(found["values"]["movie_id"]), "movie_id").equals(
        movies,
        looks_like={
            "the first line was taken for the names of the columns": movies[1:],
            "the last line is missing": movies[:-1],
            "users and movies are swapped: a line begins with the user": lines["user_id"].astype(
                "float64"
            ),
            "sorted by time instead of left in the order of the file": movies[
                np.argsort(lines["timestamp"])
            ],
            "sorted by user instead of left in the order of the file": movies[
                np.lexsort((movies, lines["user_id"]))
            ],
            "sorted by movie instead of left in the order of the file": np.sort(movies),
        },
    )
    again = student.run(probes.load_ratings_again, text=u_data(lines), as_text=False)
    expect(numbers(again["values"]["movie_id"]), "movie_id").equals(
        movies, looks_like={OF_THE_CALL_BEFORE: 0 * movies}
    )


@task("2.1", points=1)
def test_each_number_stands_in_its_column(student: Student, rng: np.random.Generator) -> None:
    """A line holds user, movie, rating and timestamp; the path may be text as well."""
    lines = draw_lines(rng, n=7)
    found = student.run(probes.load_ratings, text=u_data(lines), as_text=True)
    expect_columns(found, RATING_COLUMNS, "the ratings")
    returned = np.column_stack([numbers(found["values"][name]) for name in RATING_COLUMNS])
    expected = np.column_stack([lines[name].astype("float64") for name in RATING_COLUMNS])

    def in_order(rows: np.ndarray) -> np.ndarray:
        """Sorted, as the order of the rows is another check's concern."""
        return rows[np.lexsort(rows.T[[3, 2, 0, 1]])]

    expect(in_order(returned), "the columns user_id, movie_id, rating, timestamp").equals(
        in_order(expected),
        looks_like={
            "users and movies are swapped: a line begins with the user": in_order(
                expected[:, [1, 0, 2, 3]]
            ),
            "rating and timestamp are swapped: the rating comes first": in_order(
                expected[:, [0, 1, 3, 2]]
            ),
            "movie and rating are swapped: the movie comes first": in_order(
                expected[:, [0, 2, 1, 3]]
            ),
            "the first line was taken for the names of the columns": in_order(expected[1:]),
        },
    )


@task("2.1", points=1)
def test_ratings_have_the_dtypes_that_a_model_needs(
    student: Student, rng: np.random.Generator
) -> None:
    """Ids and timestamps are int64, ratings are float32."""
    lines = draw_lines(rng, n=5)
    found = student.run(probes.load_ratings, text=u_data(lines), as_text=False)
    expect_columns(found, RATING_COLUMNS, "the ratings")
    wanted = dict(zip(RATING_COLUMNS, ["int64", "int64", "float32", "int64"], strict=True))
    expect_dtypes(found, wanted)
    # Where they stand, and whether the first line is among them, is for the others to check.
    read = np.concatenate([numbers(found["values"][name]) for name in RATING_COLUMNS])
    missing = np.setdiff1d(lines["movie_id"][1:], read)
    require(
        missing.size == 0,
        "numbers of the file are missing",
        returned=read,
        expected=f"with {show(missing)}, ids of movies",
    )


# 2.2 load_movies


@task("2.2", points=1)
def test_every_line_of_u_item_is_a_movie(student: Student, rng: np.random.Generator) -> None:
    """Columns movie_id, title and the 19 genres by name; one row for each movie in the file."""
    titles = ["Toy Story (1995)", "Postino, Il (1994)", "Chasing Amy (1997)", "Chasing Amy (1997)"]
    ids = draw_ids(rng, 4)
    text = u_item(ids, titles, draw_flags(rng, 4), blank=2)
    found = student.run(probes.load_movies, text=text, as_text=True)
    expect_columns(found, ["movie_id", "title", *GENRES], "the movies")
    expect_dtypes(found, {"movie_id": "int64"})
    expect(found["values"]["movie_id"], "movie_id").equals(
        np.array(ids),
        looks_like={
            "the first movie was taken for the names of the columns": np.array(ids[1:]),
            "a movie with empty fields (no date, no link) was dropped": np.array(ids)[[0, 1, 3]],
            "two movies of the same title were taken for one": np.array(ids[:3]),
        },
    )
    expect_titles(found, titles)
    again = student.run(probes.load_movies_again, text=text, as_text=True)
    expect(again["values"]["movie_id"], "movie_id").equals(
        np.array(ids), looks_like={OF_THE_CALL_BEFORE: np.zeros(4, dtype=int)}
    )


@task("2.2", points=1)
def test_titles_are_latin_1(student: Student, rng: np.random.Generator) -> None:
    """The file is Latin-1, so an é arrives as an é."""
    years = rng.integers(1920, 1999, size=3)
    names = rng.permutation(["Misérables, Les", "Señorita Über Alles", "Ça"])
    titles = [f"{name} ({year})" for name, year in zip(names, years, strict=True)]
    text = u_item(draw_ids(rng, 3), titles, draw_flags(rng, 3))
    found = student.run(probes.load_movies, text=text, as_text=False)
    expect_columns(found, ["movie_id", "title", *GENRES], "the movies")
    bytes_ = [title.encode("latin-1") for title in titles]
    expect_titles(
        found,
        titles,
        {
            "letters with an accent were lost: read as UTF-8, with what is not UTF-8 left out": [
                b.decode("utf-8", "ignore") for b in bytes_
            ],
            "letters with an accent became \ufffd: read as UTF-8, with errors replaced": [
                b.decode("utf-8", "replace") for b in bytes_
            ],
            "letters with an accent became \\x…: read as UTF-8, with errors escaped": [
                b.decode("utf-8", "backslashreplace") for b in bytes_
            ],
            "read with another encoding than Latin-1": [b.decode("cp437") for b in bytes_],
            "letters with an accent were removed": [b.decode("ascii", "ignore") for b in bytes_],
        },
    )


@task("2.2", points=1)
def test_titles_are_text_letter_by_letter(student: Student, rng: np.random.Generator) -> None:
    """A title is text as it stands in the file, be it None, nan, N/A or with quotation marks."""
    quoted = f'"Great" Escape, The ({rng.integers(1920, 1999)})'
    titles = rng.permutation([quoted, "None", "nan", "N/A"]).tolist()
    text = u_item(draw_ids(rng, 4), titles, draw_flags(rng, 4))
    found = student.run(probes.load_movies, text=text, as_text=False)
    expect_columns(found, ["movie_id", "title", *GENRES], "the movies")
    unquoted = [title.replace('"', "") for title in titles]
    missing = [title if title.startswith('"') else NAN for title in titles]
    expect_titles(
        found,
        titles,
        {
            "pandas took None, nan and N/A for missing values, and quotation marks for its own": [
                title.replace('"', "") if title == quoted else NAN for title in titles
            ],
            "pandas took None, nan and N/A for missing values": missing,
            "quotation marks of the title were taken for marks around the field": unquoted,
        },
    )


@task("2.2", points=1)
def test_genres_are_true_or_false(student: Student, rng: np.random.Generator) -> None:
    """Each genre is a bool column: True where the movie's flag is 1."""
    flags = draw_flags(rng, 8)
    text = u_item(draw_ids(rng, 8), [f"Movie {letter}" for letter in "ABCDEFGH"], flags)
    found = student.run(probes.load_movies, text=text, as_text=False)
    expect_columns(found, ["movie_id", "title", *GENRES], "the movies")
    expect_dtypes(
        found,
        dict.fromkeys(GENRES, "bool"),
        {
            "flags are still numbers 0 and 1": {"int64", "int8", "uint8", "int32"},
            "flags are still text": {"object", "str", "string"},
        },
    )
    returned = np.column_stack([found["values"][genre] for genre in GENRES])
    expect(returned, "the 19 genres").equals(
        flags,
        looks_like={
            "every flag is True: the text '0' is not empty, and so counts as True": np.ones_like(
                flags
            ),
            "shifted by one: the first flag stands for 'unknown'": np.roll(flags, 1, axis=1),
            "shifted by one: the flags begin after the link": np.roll(flags, -1, axis=1),
            "in the opposite order": flags[:, ::-1],
            "True and False are swapped": ~flags,
        },
    )


# 2.3 build_index


@task("2.3", points=1)
def test_ids_are_numbered_in_ascending_order(student: Student, rng: np.random.Generator) -> None:
    """Each id gets its place, from 0, in the ascending list of ids."""
    drawn = rng.permutation(draw_ids(rng, 6)).tolist()
    for ids in ([42, 7, 9001, 100], [3, 1], [5], drawn):
        found = student.run(probes.build_index, ids=ids)
        expect_index(found["index"], ids)
        require(
            found["ids"] == ids,
            "the input was changed",
            returned=f"{show(found['ids'])} after the call",
            expected=f"{show(ids)} as before",
            looks_like={IN_PLACE.format("list"): True},
        )


@task("2.3", points=1)
def test_indices_have_no_gaps(student: Student, rng: np.random.Generator) -> None:
    """n distinct ids get the indices 0…n−1, however far apart and however often repeated."""
    ids = rng.permutation(np.repeat(draw_ids(rng, 11), rng.integers(1, 4, size=11)))
    labels = draw_labels(rng, len(ids))
    found = student.run(probes.build_index_of_column, ids=ids, labels=labels)
    expect_index(found, ids.tolist())


@task("2.3", points=1)
def test_ids_and_indices_are_python_ints(student: Student, rng: np.random.Generator) -> None:
    """Both are plain Python ints, also where the ids come as an array of numpy."""
    ids = rng.permutation(draw_ids(rng, 6))
    found = student.run(probes.build_index_of_array, ids=ids)
    expect_index(found, ids.tolist())
    of_ids, of_indices = (" and ".join(found["types"][name]) for name in ("ids", "indices"))
    require(
        of_ids == of_indices == "int",
        "wrong type",
        returned=f"ids of type {of_ids}, indices of type {of_indices}",
        expected="int for each id and each index",
        looks_like={"numbers of numpy, as its arrays hold them": "int64" in of_ids + of_indices},
    )


def expect_index(found: Any, ids: list[int]) -> None:
    if not (isinstance(found, dict) and found.keys() == {"ids", "indices", "types"}):
        expect(found, "the index").is_a("dict")
    distinct = sorted(set(ids))
    numbers = [*found["ids"], *found["indices"]]
    require(
        all(isinstance(number, int | float) for number in numbers),
        "ids and indices are numbers",
        returned=found["ids"],
        expected="an int for each id and each index",
    )
    # Compared as sorted pairs: a dict of forged numbers that collide takes minutes to build.
    returned = sorted(zip(found["ids"], found["indices"], strict=True))
    expected = {raw_id: idx for idx, raw_id in enumerate(distinct)}
    by_count = sorted(distinct, key=lambda raw_id: -ids.count(raw_id))
    looks_like = {
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
        "the most frequent id first": numbered(by_count),
        "repeated ids were counted again, which leaves gaps": numbered(sorted(ids)),
        "repeated ids in the order given, each counted again": numbered(ids),
    }
    require(
        returned == sorted(expected.items()),
        "wrong index",
        returned=dict(returned[:100]),
        expected=expected,
        looks_like={
            **{mistake: returned == sorted(wrong.items()) for mistake, wrong in looks_like.items()},
            "ids of an earlier call are in it: a default such as index={} is made once, for all": (
                set(found["ids"]) > set(distinct)
            ),
        },
    )


def numbered(ids: Any, start: int = 0) -> dict[int, int]:
    return {raw_id: idx for idx, raw_id in enumerate(ids, start)}


# 2.4 encode_ratings


@task("2.4", points=1)
def test_ids_become_the_indices_that_are_given(student: Student, rng: np.random.Generator) -> None:
    """Each id is looked up in the index that is given; each rating stays with its row."""
    users, movies = index_of([7, 42, 9001], [2, 0, 1]), index_of([7, 42, 55, 318], [1, 3, 0, 2])
    by_hand = {
        "user_id": np.array([42, 9001, 42, 9001]),
        "movie_id": np.array([55, 7, 318, 55]),
        "rating": np.array([4.0, 1.0, 5.0, 3.0], dtype="float32"),
    }
    drawn_users, drawn_movies = draw_index(rng, 5), draw_index(rng, 7)
    for ratings, user_index, movie_index in (
        (by_hand, users, movies),
        (draw_ratings(rng, drawn_users, drawn_movies, n=9), drawn_users, drawn_movies),
        (draw_ratings(rng, drawn_users, drawn_movies, n=1), drawn_users, drawn_movies),
    ):
        n = len(ratings["rating"])
        encoded = encode(student, ratings, list(range(n)), user_index, movie_index)["encoded"]
        expect_columns(encoded, ["user_idx", "movie_idx", "rating"], "the encoded ratings")
        for column, id_column, index, other in (
            ("user_idx", "user_id", user_index, movie_index),
            ("movie_idx", "movie_id", movie_index, user_index),
        ):
            ids = ratings[id_column]
            expected = looked_up(ids, index)
            ascending = {raw_id: idx for idx, raw_id in enumerate(sorted(index))}
            looks_like = {
                "the raw ids, not their indices": ids,
                "id − 1 instead of a look-up": ids - 1,
                "numbered anew in ascending order of id: the given index is not used": np.array(
                    [ascending[raw_id] for raw_id in ids.tolist()]
                ),
                "numbered anew from the ids of these rows alone, ascending": np.unique(
                    ids, return_inverse=True
                )[1],
                "numbered anew in the order of appearance: the given index is not used": (
                    looked_up(ids, numbered(dict.fromkeys(ids.tolist())))
                ),
                "users and movies are swapped": looked_up(
                    ratings["movie_id" if id_column == "user_id" else "user_id"], other
                ),
                "ids were looked up in the index of the others": looked_up(ids, other),
                "sorted: rows must keep the order that they came in": np.sort(expected),
            }
            expect(encoded["values"][column], column).equals(expected, looks_like=looks_like)
        expect(encoded["values"]["rating"], "the ratings").equals(ratings["rating"])


@task("2.4", points=1)
def test_encoding_keeps_rows_and_sets_dtypes(student: Student, rng: np.random.Generator) -> None:
    """Indices are int64, ratings float32; rows keep their order and their index labels."""
    users, movies = draw_index(rng, 4), draw_index(rng, 6)
    ratings = draw_ratings(rng, users, movies, n=8)
    ratings["rating"] = ratings["rating"].astype("float64")
    labels = draw_labels(rng, 8)
    encoded = encode(student, ratings, labels, users, movies)["encoded"]
    expect_columns(encoded, ["user_idx", "movie_idx", "rating"], "the encoded ratings")
    expect_dtypes(encoded, {"user_idx": "int64", "movie_idx": "int64", "rating": "float32"})
    returned = encoded["index"]
    require(
        isinstance(returned, np.ndarray) and returned.tolist() == labels,
        "wrong index labels",
        returned=returned,
        expected=labels,
        looks_like={
            "the rows were numbered anew": np.array_equal(returned, np.arange(8)),
            "the rows were sorted by their labels": np.array_equal(returned, sorted(labels)),
        },
    )
    expect_numbered(encoded, ratings)


@task("2.4", points=1)
def test_unknown_ids_are_refused(student: Student, rng: np.random.Generator) -> None:
    """An id that its index does not know raises a KeyError that names the id."""
    known = {"user_id": [7, 42, 7], "movie_id": [318, 55, 318]}
    index = {"users": [7, 42], "user_indices": [1, 0], "movies": [55, 318], "movie_indices": [0, 1]}
    for column in known:
        unknown = int(rng.integers(5000, 9999))
        columns = {**known, column: [*known[column][:2], unknown]}
        seen = student.run(probes.encode_unknown, **columns, **index)
        if is_frame(seen.get("returned")):
            seen["returned"] = seen["returned"]["values"].get(column.replace("_id", "_idx"))
        found = (
            seen.get("returned") if isinstance(seen.get("returned"), np.ndarray | list) else None
        )
        last = found[-1] if found is not None and len(found) == 3 else None
        expect(seen, f"{column} {unknown}").raises(
            "KeyError",
            naming=unknown,
            looks_like={
                "the unknown id became −1, which means the last row of a table": last == -1,
                "the unknown id became NaN": last != last,
                "the unknown id became 0, which is the row of somebody else": last == 0,
                "the unknown id was given a new index, for which no table has a row": last == 2,
                "the raw id was left where an index belongs": last == unknown,
                "the row with the unknown id was left out": found is not None and len(found) == 2,
            },
        )
    users, movies = draw_index(rng, 4), draw_index(rng, 6)
    ratings = draw_ratings(rng, users, movies, n=9)
    seen = student.run(
        probes.encode_unknown,
        user_id=ratings["user_id"].tolist(),
        movie_id=ratings["movie_id"].tolist(),
        users=list(users),
        user_indices=list(users.values()),
        movies=list(movies),
        movie_indices=list(movies.values()),
    )
    require(
        "returned" in seen,
        "an error where all ids are known",
        returned=seen.get("message"),
        expected="the encoded ratings",
    )
    expect_columns(seen["returned"], ["user_idx", "movie_idx", "rating"], "the encoded ratings")
    expect_numbered(seen["returned"], ratings)


@task("2.4", points=1)
def test_encoding_leaves_its_input_alone(student: Student, rng: np.random.Generator) -> None:
    """The ratings that you were given are the same after the call as before it."""
    users, movies = draw_index(rng, 3), draw_index(rng, 5)
    ratings = draw_ratings(rng, users, movies, n=6)
    ratings["rating"] = ratings["rating"].astype("float64")
    labels = draw_labels(rng, 6)
    seen = encode(student, ratings, labels, users, movies)
    expect_columns(seen["encoded"], ["user_idx", "movie_idx", "rating"], "the encoded ratings")
    expect_numbered(seen["encoded"], ratings)
    after = seen["ratings"]
    expect(after["columns"], "the columns of the input").equals(
        RATING_COLUMNS,
        looks_like={
            "the indices were added to the frame that came in": [
                *RATING_COLUMNS,
                "user_idx",
                "movie_idx",
            ],
            "the columns were renamed in the frame that came in": [
                "user_idx",
                "movie_idx",
                "rating",
                "timestamp",
            ],
        },
    )
    expect_unchanged(after, ratings, labels)


def expect_numbered(encoded: Any, ratings: Table) -> None:
    """As many different numbers as ids, each as often; which and in what order is judged above."""
    for column, id_column in (("user_idx", "user_id"), ("movie_idx", "movie_id")):
        found, ids = encoded["values"][column], ratings[id_column]
        expect(found, column).has_shape(len(ids))
        counts = [sorted(np.unique(one, return_counts=True)[1].tolist()) for one in (found, ids)]
        require(
            counts[0] == counts[1] and not np.array_equal(found, ids),
            f"numbers in {column} that do not stand for the ids in {id_column}",
            returned=found,
            expected=f"the index of each of {show(ids)}",
        )


def encode(
    student: Student,
    ratings: Table,
    labels: list[int],
    user_index: dict[int, int],
    movie_index: dict[int, int],
) -> Any:
    return student.run(
        probes.encode_ratings,
        **ratings,
        labels=labels,
        users=list(user_index),
        user_indices=list(user_index.values()),
        movies=list(movie_index),
        movie_indices=list(movie_index.values()),
    )


def looked_up(ids: np.ndarray, index: dict[int, int]) -> np.ndarray:
    """The index of each id; −1, for the mistakes, where there is none."""
    return np.array([index.get(raw_id, -1) for raw_id in ids.tolist()])


# 2.5 split_ratings


@task("2.5", points=1)
def test_each_row_is_in_one_of_two_sets(student: Student, rng: np.random.Generator) -> None:
    """Train and valid share no row and lose none; valid_fraction of the rows are in valid."""
    arguments = {"valid_fraction": 0.3, "seed": 7}
    for n, fraction, probe, given in (
        (50, 0.2, probes.split_ratings_by_default, {}),
        (57, 0.3, probes.split_ratings, arguments),
    ):
        ratings = draw_split_table(rng, [n - 20, 11, 9])
        labels = draw_labels(rng, n)
        result = student.run(probe, ratings=ratings, labels=labels, **given)
        train, valid = expect_partition(result, ratings)
        users = ratings["user_id"]
        require(
            abs(len(valid) - n * fraction) <= 1,
            "wrong number of rows",
            returned=f"{len(train)} rows in train and {len(valid)} in valid",
            expected=f"about {n * (1 - fraction):g} in train and {n * fraction:g} in valid",
            looks_like={
                "train and valid are swapped": abs(len(train) - n * fraction) <= 1,
                "a fifth is held out, whatever valid_fraction says": len(valid) == math.ceil(n / 5),
                "a quarter is held out, which is scikit-learn's own default": (
                    len(valid) == math.ceil(n / 4)
                ),
                "whole users were held out, not rows": (
                    not np.isin(users[valid], users[train]).any()
                ),
                "a share of each user's rows, each rounded by itself": (
                    bool(np.isin(users, users[valid]).all())
                ),
            },
        )
        expect_labels(result, labels)
    after = student.run(probes.after_a_split, ratings=ratings, labels=labels, **arguments)
    expect_unchanged(after, ratings, labels)


@task("2.5", points=1)
def test_rows_are_drawn_at_random(student: Student, rng: np.random.Generator) -> None:
    """Rows are drawn from all over the table: each user of a sorted table stays in train."""
    # So many rows for each user that no share of the rows leaves a user without any by chance.
    ratings = draw_split_table(rng, [60] * 8)
    n = len(ratings["user_id"])
    for seed in (0, int(rng.integers(1, 1000))):
        result = student.run(
            probes.split_ratings,
            ratings=ratings,
            labels=list(range(n)),
            valid_fraction=0.2,
            seed=seed,
        )
        _, valid = halves(result, ratings)
        rows, size = np.arange(n), len(valid)
        newest = np.argsort(ratings["timestamp"])
        looks_like = {
            "the last rows of the table were cut off, without shuffling": rows[n - size :],
            "the first rows of the table were cut off, without shuffling": rows[:size],
            "the newest ratings of all, a split by time": np.sort(newest[n - size :]),
            "the oldest ratings of all, a split by time": np.sort(newest[:size]),
        }
        in_order = [name for name, wrong in looks_like.items() if np.array_equal(valid, wrong)]
        cold = set(ratings["user_id"].tolist()) - set(np.delete(ratings["user_id"], valid).tolist())
        require(
            not cold and not in_order,
            "not drawn at random",
            returned=f"rows {valid[:5].tolist()} … in valid; {len(cold)} of 8 users not in train",
            expected="rows from all over the table",
            looks_like={
                **dict.fromkeys(in_order, True),
                "whole users were held out, not rows": bool(cold),
            },
        )


@task("2.5", points=1)
def test_the_seed_decides_the_split(student: Student, rng: np.random.Generator) -> None:
    """The same seed gives the same split, another seed another one; the default seed is 0."""
    ratings = draw_split_table(rng, [6] * 10)
    one, other = (int(seed) for seed in rng.choice(np.arange(1, 1000), size=2, replace=False))
    found = student.run(probes.split_with_seeds, ratings=ratings, seeds=[one, other, one, 0])
    default = student.run(probes.split_ratings_by_default, ratings=ratings, labels=list(range(60)))
    first, second, again, zero = (halves(result, ratings)[1].tolist() for result in found)
    require(
        first == again,
        "another split with the same seed",
        returned=f"rows {first[:5]} … and then rows {again[:5]} … in valid, with seed {one}",
        expected="the same rows both times",
        looks_like={"drawn anew in every call: the seed is not used": True},
    )
    require(
        first != second,
        "the same split with another seed",
        returned=f"rows {first[:5]} … in valid, with seed {one} and with seed {other}",
        expected="other rows for another seed",
        looks_like={
            "the seed is fixed in the code, and the argument does nothing": True,
        },
    )
    require(
        halves(default, ratings)[1].tolist() == zero,
        "another split without a seed than with seed 0",
        returned=f"rows {halves(default, ratings)[1][:5].tolist()} … in valid without a seed",
        expected=f"rows {zero[:5]} … in valid, as with seed 0",
    )


# 2.6 split_by_time


@task("2.6", points=1)
def test_the_latest_ratings_of_each_user_are_held_out(
    student: Student, rng: np.random.Generator
) -> None:
    """Of each user the latest ratings are held out, and all others are for training."""
    by_hand = np.array([42, 7, 42, 7, 42, 42, 7, 7]), np.array([40, 5, 50, 2, 10, 30, 9, 3])
    for user_id, timestamp in (by_hand, draw_history(rng, [4, 12, 8])):
        labels = draw_labels(rng, len(user_id))
        result = split_by_time(student, user_id, timestamp, labels, valid_fraction=0.25)
        ratings = {"user_id": user_id, "timestamp": timestamp}
        train, valid = expect_partition(result, ratings)
        expected = latest(user_id, timestamp, 0.25)
        n, file_order = len(user_id), np.arange(len(user_id))
        wrong = {
            "the latest ratings of all users together, not of each user": (
                np.argsort(timestamp)[n - n // 4 :]
            ),
            "the oldest ratings of each user instead of the latest": latest(
                user_id, -timestamp, 0.25
            ),
            "the last rows of each user, whatever their timestamps": latest(
                user_id, file_order, 0.25
            ),
            "the first rows of each user, whatever their timestamps": latest(
                user_id, -file_order, 0.25
            ),
            "a fifth of each user's ratings, whatever valid_fraction says": latest(
                user_id, timestamp, 0.2
            ),
            "the one latest rating of each user, not a share": latest(
                user_id, timestamp, 0.25, lambda share: 1
            ),
        }
        require(
            valid.tolist() == expected,
            "wrong rows in valid",
            returned=f"rows {valid[:8].tolist()}{' …' if len(valid) > 8 else ''}",
            expected=f"rows {expected[:8]}",
            looks_like={
                "train and valid are swapped": train.tolist() == expected,
                **{name: valid.tolist() == sorted(rows) for name, rows in wrong.items()},
            },
        )
        expect_labels(result, labels)
        after = student.run(
            probes.after_a_split_by_time, **ratings, labels=labels, valid_fraction=0.25
        )
        expect_unchanged(after, ratings, labels)


@task("2.6", points=1)
def test_the_number_held_out_is_rounded_down(student: Student, rng: np.random.Generator) -> None:
    """n * valid_fraction ratings of a user are held out, rounded down; a training row remains."""
    for sizes, arguments in (
        ([1, 2, 3, 5, 7, 9], {"valid_fraction": 0.5}),
        ([13, 4, 1, 7], {}),
        ([3, 1, 2], {"valid_fraction": 0.9}),
        ([5], {"valid_fraction": 0.5}),
    ):
        user_id, timestamp = draw_history(rng, sizes)
        expect_counts(student, user_id, timestamp, rng, arguments)
    # Sessions: a user rates many movies within one second.
    user_id, timestamp = draw_history(rng, [6, 8, 5])
    expect_counts(student, user_id, timestamp // 3 + 881250949, rng, {"valid_fraction": 0.5})
    expect_counts(student, user_id, np.full(19, 881250949), rng, {"valid_fraction": 0.5})


@task("2.6", points=1)
def test_a_share_that_is_no_share_is_refused(student: Student, rng: np.random.Generator) -> None:
    """valid_fraction must lie strictly between 0 and 1: anything else is a ValueError."""
    user_id, timestamp = draw_history(rng, [6, 4, 5])
    for valid_fraction in (1.5, -0.25, 20.0, 1.0, 0.0):
        seen = student.run(
            probes.split_by_time_refused,
            user_id=user_id,
            timestamp=timestamp,
            valid_fraction=valid_fraction,
        )
        if isinstance(seen.get("returned"), list) and all(map(is_frame, seen["returned"])):
            rows = [len(half["index"]) for half in seen["returned"]]
            seen["returned"] = dict(zip(["rows in train", "rows in valid"], rows, strict=False))
        expect(seen, f"valid_fraction={valid_fraction:g}").raises(
            "ValueError",
            looks_like={
                "with a share of 0 nothing is held out": valid_fraction == 0.0,
                "with a share of 1 no user keeps a training row": valid_fraction == 1.0,
                "a share above 1 was taken as if nothing were wrong with it": valid_fraction > 1,
                "a share below 0 was taken as if nothing were wrong with it": valid_fraction < 0,
            },
        )
    labels = draw_labels(rng, len(user_id))
    result = split_by_time(student, user_id, timestamp, labels, valid_fraction=0.5)
    _, valid = expect_partition(result, {"user_id": user_id, "timestamp": timestamp})
    require(valid.size > 0, "nothing is held out", expected="half of each user's ratings")


def split_by_time(
    student: Student,
    user_id: np.ndarray,
    timestamp: np.ndarray,
    labels: list[int],
    **arguments: float,
) -> Any:
    return student.run(
        probes.split_by_time if arguments else probes.split_by_time_by_default,
        user_id=user_id,
        timestamp=timestamp,
        labels=labels,
        **arguments,
    )


def expect_counts(
    student: Student,
    user_id: np.ndarray,
    timestamp: np.ndarray,
    rng: np.random.Generator,
    arguments: dict[str, float],
) -> None:
    """So many rows of each user are in valid as the share says, rounded down."""
    labels = draw_labels(rng, len(user_id))
    result = split_by_time(student, user_id, timestamp, labels, **arguments)
    _, valid = expect_partition(result, {"user_id": user_id, "timestamp": timestamp})
    fraction = arguments.get("valid_fraction", 0.2)
    users, sizes = np.unique(user_id, return_counts=True)
    shares = sizes * fraction

    def per_user(count: Callable[[float], float]) -> list[int]:
        return [int(count(share)) for share in shares]

    found = [int((user_id[valid] == user).sum()) for user in users]
    tied = [len(set(timestamp[user_id == user])) < sum(user_id == user) for user in users]
    require(
        found == per_user(math.floor),
        "wrong number of ratings in valid",
        returned=f"{found} of users with {sizes.tolist()} ratings",
        expected=f"{per_user(math.floor)} with a share of {fraction:g}, rounded down",
        looks_like={
            "ratings with the same timestamp stay together, so the cut is not where it should be": (
                any(tied)
            ),
            "rounded up instead of down": found == per_user(math.ceil),
            "rounded to the nearest whole number instead of down": found == per_user(round),
            "at least one rating of each user is held out, also of a user with few": (
                found == per_user(lambda share: max(1, math.floor(share)))
            ),
            "a user with few ratings is held out completely": any(
                n == size for n, size in zip(found, sizes, strict=True)
            ),
        },
    )


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


# Inputs


def draw_ids(rng: np.random.Generator, n: int) -> list[int]:
    """Raw ids with gaps, ascending, also as text; none is its own index or its index + 1."""
    return np.sort(rng.choice(np.arange(1000, 9999), size=n, replace=False)).tolist()


def draw_labels(rng: np.random.Generator, n: int) -> list[int]:
    """Index labels as a shuffled and filtered frame has them; none is a position."""
    return rng.permutation(np.arange(100, 100 + 3 * n))[:n].tolist()


def draw_index(rng: np.random.Generator, n: int) -> dict[int, int]:
    """An index that is not in ascending order of id, so that only a look-up gives it."""
    order = np.roll(rng.permutation(n), 1)
    if (np.diff(order) > 0).all():
        order = order[::-1]
    return index_of(draw_ids(rng, n), order.tolist())


def index_of(ids: list[int], indices: list[int]) -> dict[int, int]:
    return dict(zip(ids, indices, strict=True))


def draw_ratings(
    rng: np.random.Generator, user_index: dict[int, int], movie_index: dict[int, int], n: int
) -> Table:
    """n ratings by users and of movies of the two indices, float32 as after `load_ratings`."""
    return {
        "user_id": rng.choice(list(user_index), size=n),
        "movie_id": rng.choice(list(movie_index), size=n),
        "rating": rng.integers(1, 6, size=n).astype("float32"),
    }


def draw_lines(rng: np.random.Generator, n: int) -> Table:
    """The columns of u.data, in no order; each timestamp occurs once."""
    return {
        "user_id": rng.choice(draw_ids(rng, 4), size=n),
        "movie_id": rng.permutation(draw_ids(rng, n)),
        "rating": rng.integers(1, 6, size=n),
        "timestamp": 881250949 + rng.permutation(np.arange(n) * 7),
    }


def u_data(lines: Table) -> str:
    rows = zip(*(lines[name].tolist() for name in RATING_COLUMNS), strict=True)
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def draw_flags(rng: np.random.Generator, n: int) -> np.ndarray:
    """One row of genre flags for each movie; no two genres are alike, if n allows."""
    while True:
        flags = rng.random((n, len(GENRES))) < 0.5
        if n < 8 or len(np.unique(flags, axis=1).T) == len(GENRES):
            return flags


def u_item(ids: list[int], titles: list[str], flags: np.ndarray, blank: int | None = None) -> str:
    """Lines of u.item; the one at `blank` has neither a date nor a link."""
    lines = []
    for row, (movie_id, title) in enumerate(zip(ids, titles, strict=True)):
        date, link = ("", "") if row == blank else ("01-Jan-1995", f"http://movies/{movie_id}")
        marks = [str(int(flag)) for flag in flags[row]]
        lines.append("|".join([str(movie_id), title, date, "", link, *marks]) + "\n")
    return "".join(lines)


def draw_split_table(rng: np.random.Generator, sizes: list[int]) -> Table:
    """Ratings sorted by user; `movie_id` numbers the rows, so that each can be told."""
    n = sum(sizes)
    return {
        "user_id": np.repeat(draw_ids(rng, len(sizes)), sizes),
        "movie_id": np.arange(n),
        "rating": rng.integers(1, 6, size=n).astype("float32"),
        "timestamp": 881250949 + rng.permutation(n),
    }


def draw_history(rng: np.random.Generator, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """User ids and timestamps of ratings in no order; each timestamp occurs once."""
    n = sum(sizes)
    user_id = rng.permutation(np.repeat(rng.permutation(draw_ids(rng, len(sizes))), sizes))
    return user_id, 881250949 + rng.permutation(n)


# Frames


def expect_columns(found: Any, columns: list[str], name: str) -> None:
    """A DataFrame with these columns, in this order."""
    if not is_frame(found):
        expect(found, name).is_a("DataFrame")
    returned = found["columns"]
    missing = [column for column in columns if column not in returned]
    extra = [column for column in returned if column not in columns]
    require(
        returned == columns,
        "wrong columns",
        returned=f"{len(returned)} columns: " + listed(returned),
        expected=f"{len(columns)} columns: " + listed(columns),
        looks_like={
            f"columns missing: {listed(missing)}": bool(missing) and not extra,
            f"columns too many: {listed(extra)}": bool(extra) and not missing,
            "the right columns in another order": not missing and not extra,
            "the first line was taken for the names of the columns": any(
                name.isdigit() and len(name) > 1 for name in extra
            ),
        },
    )


def is_frame(found: Any) -> bool:
    return isinstance(found, dict) and found.keys() == {"columns", "dtypes", "index", "values"}


def listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")


def expect_dtypes(
    found: Any, wanted: dict[str, str], looks_like: dict[str, set[str]] | None = None
) -> None:
    """Columns of exactly these dtypes; `looks_like` maps a mistake to its dtypes."""
    for column, dtype in wanted.items():
        returned = found["dtypes"][column]
        require(
            returned == dtype,
            "wrong dtype",
            returned=f"{column} of dtype {returned}",
            expected=f"{column} of dtype {dtype}",
            looks_like={
                **{name: returned in dtypes for name, dtypes in (looks_like or {}).items()},
                "float64, pandas' own choice: a model computes in float32": (
                    dtype == "float32" and returned == "float64"
                ),
                "whole numbers: a loss needs ratings that can have a fraction": (
                    dtype == "float32" and returned.startswith("int")
                ),
                "numbers became floats, as they do on the way through NaN or an array": (
                    dtype == "int64" and returned.startswith("float")
                ),
            },
        )


def expect_titles(
    found: Any, titles: list[str], looks_like: dict[str, list[Any]] | None = None
) -> None:
    without_year = [re.sub(r" \(\d{4}\)$", "", title) for title in titles]
    expect(list(found["values"]["title"]), "the titles").equals(
        titles,
        looks_like={
            **(looks_like or {}),
            "the year was cut off, but it is part of the title": without_year,
        },
    )


def numbers(column: Any) -> np.ndarray:
    """A column as floats, whatever it holds; NaN for what is no number."""
    if isinstance(column, np.ndarray):
        return column.astype("float64")
    return np.array([float(x) if isinstance(x, int | float) else NAN for x in column])


def halves(result: Any, ratings: Table) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the rows in train and in valid, each ascending."""
    if not isinstance(result, list):
        expect(Unknown("DataFrame") if is_frame(result) else result, "(train, valid)").is_a("tuple")
    require(
        len(result) == 2 and all(map(is_frame, result)),
        "wrong type",
        returned=f"{len(result)} things, of which {sum(map(is_frame, result))} are DataFrames",
        expected="two DataFrames, (train, valid)",
    )
    return row_numbers(result[0], ratings, "train"), row_numbers(result[1], ratings, "valid")


def row_numbers(half: Any, ratings: Table, name: str) -> np.ndarray:
    """Which rows of `ratings` these are; `movie_id` tells, and the rest must agree."""
    missing = [column for column in RATING_COLUMNS if column not in half["columns"]]
    require(
        not missing,
        f"wrong columns in {name}",
        returned=half["columns"],
        expected=RATING_COLUMNS,
        looks_like={"groupby.apply leaves out the grouping column": missing == ["user_id"]},
    )
    rows = numbers(half["values"]["movie_id"])
    known = np.isin(rows, np.arange(len(ratings["user_id"]))).all()
    agree = known and all(
        np.array_equal(numbers(half["values"][column]), values[rows.astype(int)])
        for column, values in ratings.items()
    )
    require(
        bool(agree),
        f"rows in {name} that are not in the ratings",
        returned=f"{len(rows)} rows in {name}, and some of them have other values",
        expected="rows of the ratings as they are",
    )
    return np.sort(rows).astype(int)


def expect_partition(result: Any, ratings: Table) -> tuple[np.ndarray, np.ndarray]:
    """Each row of `ratings` is in one half, once; returns the row numbers of both halves."""
    train, valid = halves(result, ratings)
    n = len(ratings["user_id"])
    counts = np.bincount(np.concatenate([train, valid]), minlength=n)
    both = np.intersect1d(train, valid)
    require(
        both.size == 0,
        "rows in both sets",
        returned=f"{both.size} of {n} rows are in train and in valid",
        expected="each row in one of the two",
        looks_like={
            "all rows are in train: those held out were not taken away": len(set(train)) == n,
            "two draws that know nothing of each other": (counts == 0).any(),
        },
    )
    require(
        (counts == 1).all(),
        "lost or repeated rows",
        returned=f"{np.count_nonzero(counts == 0)} of {n} rows in neither set, "
        f"{np.count_nonzero(counts > 1)} more than once",
        expected="each row in one of the two, once",
    )
    return train, valid


def expect_unchanged(after: Any, before: Table, labels: list[int]) -> None:
    """The frame that came in has the columns, rows and labels that it had."""
    in_place = {IN_PLACE.format("frame"): True}
    for what, found, expected in (
        ("columns", after["columns"], RATING_COLUMNS),
        ("number of rows", len(after["index"]), len(labels)),
    ):
        require(
            found == expected,
            f"the input was changed: its {what}",
            returned=f"{show(found)} after the call",
            expected=f"{show(expected)} as before",
            looks_like=in_place,
        )
    for column, values in before.items():
        found, dtype = after["values"][column], after["dtypes"][column]
        require(
            dtype == values.dtype.name and np.array_equal(found, values),
            f"the input was changed: its column {column}",
            returned=f"{dtype} {np.asarray(found)[:5].tolist()} after the call",
            expected=f"{values.dtype} {values[:5].tolist()} as before",
            looks_like=in_place,
        )
    expect(after["index"], "the labels of the input").equals(np.array(labels))


def expect_labels(result: Any, labels: list[int]) -> None:
    """Each row of both halves has the index label that it had; `movie_id` tells which row it is."""
    for half, name in zip(result, ("train", "valid"), strict=True):
        returned = half["index"]
        expected = [labels[int(row)] for row in half["values"]["movie_id"]]
        require(
            isinstance(returned, np.ndarray) and returned.tolist() == expected,
            f"wrong index labels in {name}",
            returned=returned,
            expected=expected,
            looks_like={
                "the rows were numbered anew, by reset_index or ignore_index": (
                    np.array_equal(returned, np.arange(len(expected)))
                ),
                "the index has more than one level, as after groupby.apply": (
                    isinstance(returned, list)
                ),
            },
        )
