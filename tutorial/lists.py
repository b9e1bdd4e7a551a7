"""One user's list of movies in a terminal, by three kinds of models, each title with its reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from torch import nn

from data import MovieLens
from tutorial import next_movie, rankers, reasons
from tutorial.by import By
from tutorial.code import Code, DeepCode
from tutorial.experiment import REGULARISED, Dataset, Fitted, OnBatch, Recipe, fit, read
from tutorial.next_movie import Task
from tutorial.titles import readable, without_year

USER_ID = 196
ATTENTION = next_movie.Recipe()
BAR_WIDTH = 30
N_SHOWN = 10  # movies that a user liked, or saw last


class WrongRequest(Exception):
    """The request cannot be fulfilled; the message names the value."""


def recommend_for(
    console: Console, code: Code, movielens: MovieLens, user_id: int, n: int, by: By
) -> None:
    """Train what the list needs, and print it with the reasons.

    Args:
        by: what the list is made by; `NEXT` needs a `DeepCode`.

    Raises:
        WrongRequest: the user is unknown, or `n` is less than 1; known before the training.
    """
    dataset = read(code, movielens)
    if n < 1:
        raise WrongRequest(f"n must be at least 1, got {n}")
    if user_id not in dataset.user_index:
        lowest, highest = min(dataset.user_index), max(dataset.user_index)
        raise WrongRequest(f"user_id {user_id} is unknown; they run from {lowest} to {highest}")
    train_and_print(console, code, dataset, by, user_id, n)


def train_and_print(
    console: Console, code: Code, dataset: Dataset, by: By, user_id: int, n: int
) -> None:
    """Train one model, and print the list that it makes for a user."""
    if by is By.LIKES:
        ranker = rank_with_bar(console, code, dataset)
        print_by_likes(console, code, dataset, ranker, user_id, n)
    elif by is By.STARS:
        fitted = fit_with_bar(console, code, dataset, REGULARISED)
        print_by_stars(console, code, dataset, fitted.model, user_id, n)
    elif isinstance(code, DeepCode):
        ratings = next_movie.in_order(code, dataset)
        task = next_movie.everything(ratings, dataset.n_users, dataset.n_movies)
        model = follow_with_bar(console, code, task, "attention")
        of_user = ratings["user_idx"] == dataset.user_index[user_id]
        history = ratings.loc[of_user, "movie_idx"].tolist()
        print_by_next(console, code, dataset, model, history, user_id, n)


# Training


def fit_with_bar(console: Console, code: Code, dataset: Dataset, recipe: Recipe) -> Fitted:
    """Train one model on stars under a progress bar."""
    with progress_bar(console, recipe.name, recipe.epochs) as on_batch:
        return fit(code, dataset, recipe, on_batch)


def rank_with_bar(console: Console, code: Code, dataset: Dataset) -> nn.Module:
    """Train a model to rank under a progress bar."""
    with progress_bar(console, "BPR", rankers.EPOCHS) as on_batch:
        return rankers.bpr_model(code, dataset, seed=0, on_epoch=on_batch)


def follow_with_bar(console: Console, code: DeepCode, task: Task, name: str) -> nn.Module:
    """Train a model of histories under a progress bar."""
    with progress_bar(console, name, ATTENTION.epochs) as on_batch:
        return next_movie.attention(code, task, ATTENTION, seed=0, on_batch=on_batch)


@contextmanager
def progress_bar(console: Console, name: str, epochs: int) -> Iterator[OnBatch]:
    """A bar for training, on a terminal only."""
    columns = (
        TextColumn("training {task.description}"),
        BarColumn(BAR_WIDTH),
        TextColumn("epoch {task.fields[epoch]} of at most {task.fields[epochs]}"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task(name, total=1, epoch=0, epochs=epochs)

        def on_batch(done: int, total: int) -> None:
            epoch = -(-done * epochs // total)  # rounded up
            progress.update(bar, completed=done / total, epoch=epoch)

        yield on_batch


# Lists


def print_by_likes(
    console: Console, code: Code, dataset: Dataset, model: nn.Module, user_id: int, n: int
) -> None:
    """What a model trained to rank recommends, because of which liked movies."""
    rated = rated_by(dataset, user_id)
    liked = rated[rated["rating"] >= rankers.LIKED]
    liked_idx = as_indices(dataset, liked)
    recommended = code.recommend.recommend(
        reasons.FoldedIn(code, model, liked_idx),
        user_id,
        dataset.ratings,
        dataset.user_index,
        dataset.movie_index,
        n=n,
    )
    movies = as_indices(dataset, recommended)
    because = reasons.because_of_likes(code, model, liked_idx, movies)
    print_liked(console, dataset, rated, liked)
    table = list_table(f"Top {len(movies)} for user {user_id}, by what they like")
    table.add_column("because they liked")
    for place, title in enumerate(titles(dataset, movies)):
        reason = joined(dataset, because[place]) or "(many like it)"
        table.add_row(str(place + 1), title, reason)
    print_or_say(console, table, user_id)


def print_by_stars(
    console: Console, code: Code, dataset: Dataset, model: nn.Module, user_id: int, n: int
) -> None:
    """The highest predicted stars: how much of each is the movie's bias, and how much taste."""
    recommended = code.recommend.recommend(
        model, user_id, dataset.ratings, dataset.user_index, dataset.movie_index, n=n
    )
    rated = rated_by(dataset, user_id)
    print_liked(console, dataset, rated, rated[rated["rating"] >= rankers.LIKED])
    table = list_table(f"Top {len(recommended)} for user {user_id}, by predicted stars")
    for heading in ("stars", "everybody", "their taste"):
        table.add_column(heading, justify="right")
    user_idx = dataset.user_index[user_id]
    rows = as_indices(dataset, recommended)
    factors, biases = (
        model.get_parameter(f"movie_{name}.weight").detach()[rows] for name in ("embedding", "bias")
    )
    taste = factors @ model.get_parameter("user_embedding.weight").detach()[user_idx]
    for place, (title, stars) in enumerate(
        zip(titles(dataset, rows), recommended["predicted_rating"], strict=True)
    ):
        parts = f"{float(biases[place]):+.2f}", f"{float(taste[place]):+.2f}"
        table.add_row(str(place + 1), title, f"{stars:.2f}", *parts)
    if print_or_say(console, table, user_id):
        console.print(
            "everybody: stars above the mean that the movie gets from all (its bias);\n"
            "their taste: what the factors of user and movie add to that"
        )


def print_by_next(
    console: Console,
    code: DeepCode,
    dataset: Dataset,
    model: nn.Module,
    history: Sequence[int],
    user_id: int,
    n: int,
    came: int | None = None,
) -> None:
    """What a model of histories expects next, and because of which of the latest movies.

    Args:
        history: the user's movies in order, by index.
        came: what the user rated next, where that is known; it is marked.
    """
    expected = code.deep.recommend_next(model, list(history), n=n)
    latest = [without_year(title) for title in titles(dataset, history[-N_SHOWN:])]
    console.print(f"last rated, in order: {'; '.join(latest)}\n")
    table = list_table(f"What comes next for user {user_id}")
    table.add_column("because they rated before")
    because = reasons.because_of_latest(model, history, expected)
    for place, (movie, title) in enumerate(zip(expected, titles(dataset, expected), strict=True)):
        mark = " ← it was this one" if movie == came else ""
        table.add_row(str(place + 1), f"{title}{mark}", joined(dataset, because[place]))
    print_or_say(console, table, user_id)
    if came is not None:
        console.print(f"what came next: {titles(dataset, [came])[0]}\n")


def joined(dataset: Dataset, movie_idx: Sequence[int]) -> str:
    """Short titles for the column of reasons."""
    return " and ".join(without_year(title) for title in titles(dataset, movie_idx))


def print_or_say(console: Console, table: Table, user_id: int) -> bool:
    """Print a list, or why there is none; whether there is one."""
    if not table.row_count:
        console.print(f"user {user_id} has rated every movie; there is nothing left to recommend")
        return False
    console.print(table)
    return True


def list_table(title: str) -> Table:
    """A table with the columns that every list has; further ones give reasons."""
    table = Table(title=title, title_justify="left")
    table.add_column("#", justify="right")
    table.add_column("recommended")
    return table


def print_liked(
    console: Console, dataset: Dataset, rated: pd.DataFrame, liked: pd.DataFrame
) -> None:
    """The best-rated movies; ties are ordered by time, newest first."""
    best = liked.sort_values(["rating", "timestamp"], ascending=False).head(N_SHOWN)
    names = [without_year(title) for title in titles(dataset, as_indices(dataset, best))]
    more = "" if len(liked) <= N_SHOWN else ", most of all"
    which = f"{more}: {'; '.join(names)}" if names else ""
    console.print(f"liked {len(liked)} of {len(rated)} rated movies{which}\n")


# Users and movies


def print_data(console: Console, dataset: Dataset, movielens: MovieLens) -> None:
    console.print(
        f"{len(dataset.ratings):,} ratings by {dataset.n_users:,} users of "
        f"{dataset.n_movies:,} movies, from {movielens.source}\n",
        soft_wrap=True,
    )


def example_user(dataset: Dataset) -> int:
    """The first user in u.data, where they exist."""
    return USER_ID if USER_ID in dataset.user_index else min(dataset.user_index)


def rated_by(dataset: Dataset, user_id: int) -> pd.DataFrame:
    return dataset.ratings[dataset.ratings["user_id"] == user_id]


def as_indices(dataset: Dataset, movies: pd.DataFrame) -> list[int]:
    return [dataset.movie_index[movie_id] for movie_id in movies["movie_id"]]


def titles(dataset: Dataset, movie_idx: Sequence[int]) -> list[str]:
    """The readable titles of movies, by index."""
    by_id = dataset.movies.set_index("movie_id")["title"]
    ids = list(dataset.movie_index)  # in the order of the indices
    return [readable(by_id[ids[movie]]) for movie in movie_idx]
