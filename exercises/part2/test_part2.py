"""Part 2: files to frames, raw ids to indices, and two ways to split."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from exercises.part2 import mistakes, probes
from exercises.part2.mistakes import Table, latest, listed, looked_up, numbered
from grading.checks import Student, expect, require, task
from grading.checks.evidence import Unknown
from grading.checks.show import show

NAN = math.nan
RATING_COLUMNS = ["user_id", "movie_id", "rating", "timestamp"]
ENCODED_COLUMNS = ["user_idx", "movie_idx", "rating"]
GENRES = [
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery"),
    *("Romance", "Sci-Fi", "Thriller", "War", "Western"),
]


# 2.1 load_ratings


@task("2.1", points=1)
def test_every_line_of_u_data_is_a_row(student: Student, rng: np.random.Generator) -> None:
    """One row for each line, the first included, in the file's order; the path may be text."""
    lines = draw_lines(rng, n=9)
    movies = lines["movie_id"].astype("float64")
    found = read_ratings(student, probes.load_ratings, lines)
    expect(numbers(found["movie_id"]), "movie_id").equals(
        movies, looks_like=mistakes.orders_of_lines(lines)
    )
    again = read_ratings(student, probes.load_ratings_again, lines)
    expect(numbers(again["movie_id"]), "movie_id").equals(
        movies, looks_like=mistakes.remembered(movies)
    )
    found = read_ratings(student, probes.load_ratings, lines, as_text=True)
    returned = np.column_stack([numbers(found[name]) for name in RATING_COLUMNS])
    expected = np.column_stack([lines[name].astype("float64") for name in RATING_COLUMNS])
    expect(returned, "the columns user_id, movie_id, rating, timestamp").equals(
        expected, looks_like=mistakes.columns(expected)
    )


@task("2.1", points=1)
def test_ratings_have_the_dtypes_that_a_model_needs(
    student: Student, rng: np.random.Generator
) -> None:
    """Ids and timestamps are int64, ratings are float32."""
    lines = draw_lines(rng, n=5)
    dtypes = dict(zip(RATING_COLUMNS, ["int64", "int64", "float32", "int64"], strict=True))
    found = read_ratings(student, probes.load_ratings, lines, dtypes=dtypes)
    # Where they stand, and whether the first line is among them, is for the others to check.
    read = np.concatenate([numbers(found[name]) for name in RATING_COLUMNS])
    missing = np.setdiff1d(lines["movie_id"][1:], read)
    require(
        missing.size == 0,
        "numbers of the file are missing",
        returned=read,
        expected=f"with {show(missing)}, ids of movies",
    )


def read_ratings(
    student: Student,
    probe: Callable[..., Any],
    lines: Table,
    as_text: bool = False,
    dtypes: dict[str, str] | None = None,
) -> Any:
    """The values of the frame, which has the four columns, and these dtypes."""
    found = student.run(probe, text=u_data(lines), as_text=as_text)
    expect_columns(found, RATING_COLUMNS, "the ratings")
    expect_dtypes(found, dtypes or {})
    return found["values"]


# 2.2 load_movies


@task("2.2", points=1)
def test_every_line_of_u_item_is_a_movie(student: Student, rng: np.random.Generator) -> None:
    """Columns movie_id, title and the 19 genres by name; one row for each movie in the file."""
    titles = ["Toy Story (1995)", "Postino, Il (1994)", "Chasing Amy (1997)", "Chasing Amy (1997)"]
    ids = draw_ids(rng, 4)
    text = u_item(ids, titles, draw_flags(rng, 4), blank=2)
    found = read_movies(student, probes.load_movies, text, as_text=True)
    expect_dtypes(found, {"movie_id": "int64"})
    expect(found["values"]["movie_id"], "movie_id").equals(
        np.array(ids), looks_like=mistakes.lost_movies(np.array(ids), blank=2)
    )
    expect_titles(found, titles, {})
    again = read_movies(student, probes.load_movies_again, text, as_text=True)
    expect(again["values"]["movie_id"], "movie_id").equals(
        np.array(ids), looks_like=mistakes.remembered(np.array(ids))
    )


@task("2.2", points=1)
def test_titles_are_text_letter_by_letter(student: Student, rng: np.random.Generator) -> None:
    """A title is text as it stands in the Latin-1 file: é, None, nan, N/A, quotation marks."""
    years = rng.integers(1920, 1999, size=3)
    names = rng.permutation(["Misérables, Les", "Señorita Über Alles", "Ça"])
    titles = [f"{name} ({year})" for name, year in zip(names, years, strict=True)]
    text = u_item(draw_ids(rng, 3), titles, draw_flags(rng, 3))
    found = read_movies(student, probes.load_movies, text)
    expect_titles(found, titles, mistakes.encodings(titles))
    quoted = f'"Great" Escape, The ({rng.integers(1920, 1999)})'
    titles = rng.permutation([quoted, "None", "nan", "N/A"]).tolist()
    text = u_item(draw_ids(rng, 4), titles, draw_flags(rng, 4))
    found = read_movies(student, probes.load_movies, text)
    expect_titles(found, titles, mistakes.missing_titles(titles, quoted))


@task("2.2", points=1)
def test_genres_are_true_or_false(student: Student, rng: np.random.Generator) -> None:
    """Each genre is a bool column: True where the movie's flag is 1."""
    flags = draw_flags(rng, 8)
    text = u_item(draw_ids(rng, 8), [f"Movie {letter}" for letter in "ABCDEFGH"], flags)
    found = read_movies(student, probes.load_movies, text)
    expect_dtypes(found, dict.fromkeys(GENRES, "bool"), mistakes.FLAG_DTYPES)
    returned = np.column_stack([found["values"][genre] for genre in GENRES])
    expect(returned, "the 19 genres").equals(flags, looks_like=mistakes.flags(flags))


def read_movies(
    student: Student, probe: Callable[..., Any], text: str, as_text: bool = False
) -> Any:
    found = student.run(probe, text=text, as_text=as_text)
    expect_columns(found, ["movie_id", "title", *GENRES], "the movies")
    return found


# 2.3 build_index


@task("2.3", points=1)
def test_ids_are_numbered_in_ascending_order(student: Student, rng: np.random.Generator) -> None:
    """n distinct ids get 0…n−1 in ascending order, however far apart or often repeated."""
    drawn = rng.permutation(draw_ids(rng, 6)).tolist()
    for ids in ([42, 7, 9001, 100], [3, 1], [5], drawn):
        found = student.run(probes.build_index, ids=ids)
        expect_index(found["index"], ids)
        require(
            found["ids"] == ids,
            "the input was changed",
            returned=f"{show(found['ids'])} after the call",
            expected=f"{show(ids)} as before",
            looks_like=mistakes.IN_PLACE.format("list"),
        )
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
    expected = numbered(distinct)
    require(
        returned == sorted(expected.items()),
        "wrong index",
        returned=dict(returned[:100]),
        expected=expected,
        looks_like=mistakes.indices(returned, ids),
    )


# 2.4 encode_ratings


@task("2.4", points=1)
def test_ids_become_the_indices_that_are_given(student: Student, rng: np.random.Generator) -> None:
    """Each id is looked up in the index that is given; each rating stays with its row."""
    by_hand_index = {7: 2, 42: 0, 9001: 1}, {7: 1, 42: 3, 55: 0, 318: 2}
    by_hand = {
        "user_id": np.array([42, 9001, 42, 9001]),
        "movie_id": np.array([55, 7, 318, 55]),
        "rating": np.array([4.0, 1.0, 5.0, 3.0], dtype="float32"),
    }
    drawn_index = draw_index(rng, 5), draw_index(rng, 7)
    for ratings, (user_index, movie_index) in (
        (by_hand, by_hand_index),
        (draw_ratings(rng, *drawn_index, n=9), drawn_index),
        (draw_ratings(rng, *drawn_index, n=1), drawn_index),
    ):
        labels = list(range(len(ratings["rating"])))
        encoded = encode(student, ratings, labels, user_index, movie_index)["encoded"]
        users = ratings["user_id"], user_index
        movies = ratings["movie_id"], movie_index
        for column, of, others in (("user_idx", users, movies), ("movie_idx", movies, users)):
            expect(encoded["values"][column], column).equals(
                looked_up(*of), looks_like=mistakes.numberings(*of, *others)
            )
        expect(encoded["values"]["rating"], "the ratings").equals(ratings["rating"])


@task("2.4", points=1)
def test_encoding_keeps_rows_and_sets_dtypes(student: Student, rng: np.random.Generator) -> None:
    """Indices are int64, ratings float32; rows keep their order and their index labels."""
    users, movies = draw_index(rng, 4), draw_index(rng, 6)
    ratings = draw_ratings(rng, users, movies, n=8)
    ratings["rating"] = ratings["rating"].astype("float64")
    labels = draw_labels(rng, 8)
    encoded = encode(student, ratings, labels, users, movies)["encoded"]
    expect_dtypes(encoded, {"user_idx": "int64", "movie_idx": "int64", "rating": "float32"})
    returned = encoded["index"]
    require(
        isinstance(returned, np.ndarray) and returned.tolist() == labels,
        "wrong index labels",
        returned=returned,
        expected=labels,
        looks_like=mistakes.other_labels(returned, labels),
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
        signs = mistakes.strangers(seen.get("returned"), unknown)
        expect(seen, f"{column} {unknown}").raises("KeyError", naming=unknown, looks_like=signs)
    users, movies = draw_index(rng, 4), draw_index(rng, 6)
    ratings = draw_ratings(rng, users, movies, n=9)
    seen = student.run(
        probes.encode_unknown,
        user_id=ratings["user_id"].tolist(),
        movie_id=ratings["movie_id"].tolist(),
        **as_lists(users, movies),
    )
    require(
        "returned" in seen,
        "an error where all ids are known",
        returned=seen.get("message"),
        expected="the encoded ratings",
    )
    expect_columns(seen["returned"], ENCODED_COLUMNS, "the encoded ratings")
    expect_numbered(seen["returned"], ratings)


@task("2.4", points=1)
def test_encoding_leaves_its_input_alone(student: Student, rng: np.random.Generator) -> None:
    """The ratings that you were given are the same after the call as before it."""
    users, movies = draw_index(rng, 3), draw_index(rng, 5)
    ratings = draw_ratings(rng, users, movies, n=6)
    ratings["rating"] = ratings["rating"].astype("float64")
    labels = draw_labels(rng, 6)
    seen = encode(student, ratings, labels, users, movies)
    expect_numbered(seen["encoded"], ratings)
    expect(seen["ratings"]["columns"], "the columns of the input").equals(
        RATING_COLUMNS, looks_like=mistakes.CHANGED_COLUMNS
    )
    expect_unchanged(seen["ratings"], ratings, labels)


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
    """The encoded ratings, with their three columns, and what the call left of the ratings."""
    index = as_lists(user_index, movie_index)
    seen = student.run(probes.encode_ratings, **ratings, labels=labels, **index)
    expect_columns(seen["encoded"], ENCODED_COLUMNS, "the encoded ratings")
    return seen


def as_lists(user_index: dict[int, int], movie_index: dict[int, int]) -> dict[str, list[int]]:
    users, movies = (list(index) for index in (user_index, movie_index))
    of_users, of_movies = (list(index.values()) for index in (user_index, movie_index))
    return {"users": users, "user_indices": of_users, "movies": movies, "movie_indices": of_movies}


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
        require(
            abs(len(valid) - n * fraction) <= 1,
            "wrong number of rows",
            returned=f"{len(train)} rows in train and {len(valid)} in valid",
            expected=f"about {n * (1 - fraction):g} in train and {n * fraction:g} in valid",
            looks_like=mistakes.sizes(train, valid, ratings["user_id"], fraction),
        )
        expect_labels(result, labels)
    after = student.run(probes.after_a_split, ratings=ratings, labels=labels, **arguments)
    expect_unchanged(after, ratings, labels)


@task("2.5", points=1)
def test_the_seed_decides_which_rows_are_drawn(student: Student, rng: np.random.Generator) -> None:
    """Rows are drawn from all over the table; a seed gives the same ones again, by default 0."""
    # So many rows for each user that no share of the rows leaves a user without any by chance.
    ratings = draw_split_table(rng, [60] * 8)
    for seed in (0, int(rng.integers(1, 1000))):
        inputs = {"ratings": ratings, "labels": list(range(480)), "valid_fraction": 0.2}
        _, valid = halves(student.run(probes.split_ratings, **inputs, seed=seed), ratings)
        orders = mistakes.orders_of_rows(ratings, len(valid))
        in_order = [name for name, rows in orders.items() if np.array_equal(valid, rows)]
        cold = set(ratings["user_id"].tolist()) - set(np.delete(ratings["user_id"], valid).tolist())
        require(
            not cold and not in_order,
            "not drawn at random",
            returned=f"rows {valid[:5].tolist()} … in valid; {len(cold)} of 8 users not in train",
            expected="rows from all over the table",
            looks_like=in_order[0] if in_order else mistakes.WHOLE_USERS,
        )
    ratings = draw_split_table(rng, [20] * 3)
    one, other = (int(seed) for seed in rng.choice(np.arange(1, 1000), size=2, replace=False))
    found = student.run(probes.split_with_seeds, ratings=ratings, seeds=[one, other, one, 0])
    default = student.run(probes.split_ratings_by_default, ratings=ratings, labels=list(range(60)))
    first, second, again, zero = (halves(result, ratings)[1].tolist() for result in found)
    require(
        first == again,
        "another split with the same seed",
        returned=f"rows {first[:5]} … and then rows {again[:5]} … in valid, with seed {one}",
        expected="the same rows both times",
        looks_like="drawn anew in every call: the seed is not used",
    )
    require(
        first != second,
        "the same split with another seed",
        returned=f"rows {first[:5]} … in valid, with seed {one} and with seed {other}",
        expected="other rows for another seed",
        looks_like="the seed is fixed in the code, and the argument does nothing",
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
        require(
            valid.tolist() == expected,
            "wrong rows in valid",
            returned=f"rows {valid[:8].tolist()}{' …' if len(valid) > 8 else ''}",
            expected=f"rows {expected[:8]}",
            looks_like=mistakes.other_rows(train, valid, **ratings),
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
            looks_like=mistakes.no_shares(valid_fraction),
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
    found = [int((user_id[valid] == user).sum()) for user in users]
    tied = any(len(set(timestamp[user_id == user])) < sum(user_id == user) for user in users)
    expected = [math.floor(share) for share in sizes * fraction]
    require(
        found == expected,
        "wrong number of ratings in valid",
        returned=f"{found} of users with {sizes.tolist()} ratings",
        expected=f"{expected} with a share of {fraction:g}, rounded down",
        looks_like=mistakes.counts(found, sizes, fraction, tied),
    )


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
    return dict(zip(draw_ids(rng, n), order.tolist(), strict=True))


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
        looks_like=mistakes.columns_of_frame(missing, extra),
    )


def is_frame(found: Any) -> bool:
    return isinstance(found, dict) and found.keys() == {"columns", "dtypes", "index", "values"}


def expect_dtypes(
    found: Any, wanted: dict[str, str], of_part: dict[str, set[str]] | None = None
) -> None:
    """Columns of exactly these dtypes; `of_part` maps a mistake to its dtypes."""
    for column, dtype in wanted.items():
        returned = found["dtypes"][column]
        require(
            returned == dtype,
            "wrong dtype",
            returned=f"{column} of dtype {returned}",
            expected=f"{column} of dtype {dtype}",
            looks_like=mistakes.dtypes(returned, dtype, of_part or {}),
        )


def expect_titles(found: Any, titles: list[str], looks_like: dict[str, Any]) -> None:
    """Texts as they are; a mistake that every title can show comes last."""
    expect(list(found["values"]["title"]), "the titles").equals(
        titles, looks_like={**looks_like, **mistakes.without_year(titles)}
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
        looks_like=mistakes.rows_in_both(train, counts),
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
    in_place = mistakes.IN_PLACE.format("frame")
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
            looks_like=mistakes.labels_of_half(returned, n=len(expected)),
        )
