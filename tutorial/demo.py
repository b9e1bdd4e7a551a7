"""The tutorial in a terminal, from files to a list of movies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from data import MovieLens
from tutorial import baselines
from tutorial.code import Code
from tutorial.experiment import (
    DOT_PRODUCT,
    REGULARISED,
    WITH_BIASES,
    Dataset,
    Fitted,
    OnBatch,
    Recipe,
    fit,
    movie_factors,
    read,
    rmse,
)

FAVOURITES = ("Star Wars (1977)", "Toy Story (1995)")  # whose neighbours to show, where they exist
ENOUGH_RATINGS = 20  # a movie with fewer has factors that say little
USER_ID = 196  # the first user in u.data
BAR_WIDTH = 30


class WrongRequest(Exception):
    """The request cannot be fulfilled; the message names the value."""


def demo(console: Console, code: Code, movielens: MovieLens, plots_in: Path) -> None:
    """Run everything the course builds, in order, with the given code."""
    dataset = read(code, movielens)
    console.print(
        f"{len(dataset.ratings):,} ratings by {dataset.n_users:,} users of "
        f"{dataset.n_movies:,} movies, from {movielens.source}\n"
    )
    ladder = means_ladder(dataset)
    for recipe in (DOT_PRODUCT, WITH_BIASES, REGULARISED):
        fitted = fit_with_bar(console, code, dataset, recipe)
        ladder.append((recipe.name, fitted.rmse))
        console.print(
            f"trained {recipe.name}: {len(fitted.history)} epochs, best epoch {fitted.best_epoch}"
        )
    console.print()
    print_history(console, fitted)
    print_ladder(console, ladder)
    user_id = USER_ID if USER_ID in dataset.user_index else min(dataset.user_index)
    print_recommendations(console, code, dataset, fitted, user_id, n=10)
    print_neighbours(console, code, dataset, fitted)

    from tutorial.plots import save_all  # matplotlib only where it is needed

    for path in save_all(plots_in, ladder, fitted, dataset):
        console.print(f"saved {path}", soft_wrap=True)


def recommend_for(console: Console, code: Code, movielens: MovieLens, user_id: int, n: int) -> None:
    """Train the regularised model and print one user's list.

    Raises:
        WrongRequest: the user is unknown, or `n` is less than 1.
    """
    dataset = read(code, movielens)
    # Check both before the training, which takes a while.
    if n < 1:
        raise WrongRequest(f"n must be at least 1, got {n}")
    if user_id not in dataset.user_index:
        lowest, highest = min(dataset.user_index), max(dataset.user_index)
        raise WrongRequest(f"user_id {user_id} is unknown; they run from {lowest} to {highest}")
    fitted = fit_with_bar(console, code, dataset, REGULARISED)
    print_recommendations(console, code, dataset, fitted, user_id, n)


def means_ladder(dataset: Dataset) -> list[tuple[str, float]]:
    """The methods that need no model: name and validation RMSE in stars."""
    train, valid = dataset.train_encoded, dataset.valid_encoded
    predictions = {
        "global mean": baselines.global_mean(train, valid),
        "user mean": baselines.mean_by("user_idx", train, valid),
        "movie mean": baselines.mean_by("movie_idx", train, valid),
        "biases": baselines.biases(train, valid),
    }
    return [
        (name, rmse(predicted, dataset.valid_encoded)) for name, predicted in predictions.items()
    ]


def fit_with_bar(console: Console, code: Code, dataset: Dataset, recipe: Recipe) -> Fitted:
    """Train one model under a progress bar."""
    with progress_bar(console, recipe.name, recipe.epochs) as on_batch:
        return fit(code, dataset, recipe, on_batch)


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


def print_history(console: Console, fitted: Fitted) -> None:
    """Both losses per epoch, with the best epoch marked."""
    table = Table(title=f"Training {fitted.recipe.name}: mean squared error", title_justify="left")
    for heading in ("epoch", "training", "validation"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for epoch in fitted.history:
        best = epoch["epoch"] == fitted.best_epoch
        table.add_row(
            str(epoch["epoch"]),
            f"{epoch['train_loss']:.4f}",
            f"{epoch['valid_loss']:.4f}",
            "← best" if best else "",
            style="bold" if best else None,
        )
    console.print(table)


def print_ladder(console: Console, ladder: list[tuple[str, float]]) -> None:
    """Each method with its RMSE and a bar for how far it is below the global mean."""
    worst, best = ladder[0][1], min(value for _, value in ladder)
    table = Table(
        title="Validation RMSE in stars, clipped to 1-5 (lower is better)",
        title_justify="left",
    )
    table.add_column("model")
    table.add_column("RMSE", justify="right")
    table.add_column("better than the global mean by")
    for name, value in ladder:
        gain = worst - value
        length = round(BAR_WIDTH * gain / (worst - best)) if best < worst else 0
        percent = f"{gain / worst:.1%}" if gain else ""
        table.add_row(name, f"{value:.4f}", f"{'█' * max(length, 0)} {percent}".strip())
    console.print(table)


def print_recommendations(
    console: Console, code: Code, dataset: Dataset, fitted: Fitted, user_id: int, n: int
) -> None:
    """What the user liked next to what the model recommends."""
    recommended = code.recommend.recommend(
        fitted.model, user_id, dataset.ratings, dataset.user_index, dataset.movie_index, n=n
    )
    if recommended.empty:
        console.print(f"user {user_id} has rated every movie; there is nothing left to recommend")
        return
    titles = dataset.movies.set_index("movie_id")["title"]
    liked = _liked(dataset, user_id, n)
    table = Table(title=f"Top {len(recommended)} for user {user_id}", title_justify="left")
    table.add_column("#", justify="right")
    table.add_column("recommended")
    table.add_column("predicted", justify="right")
    table.add_column("what they liked")
    table.add_column("stars", justify="right")
    for place in range(max(len(recommended), len(liked))):
        row = [str(place + 1) if place < len(recommended) else ""]
        if place < len(recommended):
            movie = recommended.iloc[place]
            row += [titles[movie["movie_id"]], f"{movie['predicted_rating']:.2f}"]
        else:
            row += ["", ""]
        if place < len(liked):
            row += [titles[liked["movie_id"].iloc[place]], f"{liked['rating'].iloc[place]:.0f}"]
        table.add_row(*row)
    console.print(table)


def _liked(dataset: Dataset, user_id: int, n: int) -> pd.DataFrame:
    """A user's best-rated movies; ties are ordered by time, newest first."""
    rated = dataset.ratings[dataset.ratings["user_id"] == user_id]
    liked = rated[rated["rating"] >= 4]
    return liked.sort_values(["rating", "timestamp"], ascending=False).head(n)


def print_neighbours(console: Console, code: Code, dataset: Dataset, fitted: Fitted) -> None:
    """The movies most similar to two well-known ones, among those with enough ratings."""
    counts = dataset.ratings["movie_id"].value_counts()
    known = dataset.movies[dataset.movies["movie_id"].map(counts).fillna(0) >= ENOUGH_RATINGS]
    known = known.reset_index(drop=True)
    factors = movie_factors(fitted.model)[[dataset.movie_index[i] for i in known["movie_id"]]]
    table = Table(
        title=f"Most similar movies, among those with {ENOUGH_RATINGS} ratings or more",
        title_justify="left",
    )
    columns = []
    for row in _well_known(known, counts):
        table.add_column(known["title"][row])
        similar = code.explore.similar_movies(factors, row, k=5)
        columns.append([known["title"][other] for other in similar])
    for cells in zip(*columns, strict=True):
        table.add_row(*cells)
    console.print(table)


def _well_known(movies: pd.DataFrame, counts: pd.Series) -> list[int]:
    """Rows of two movies: the favourites if both exist, else the two most-rated."""
    favourites = [movies.index[movies["title"] == title] for title in FAVOURITES]
    if all(len(rows) for rows in favourites):
        return [int(rows[0]) for rows in favourites]
    by_count = np.argsort(-movies["movie_id"].map(counts).to_numpy(), kind="stable")
    return by_count[:2].tolist()
