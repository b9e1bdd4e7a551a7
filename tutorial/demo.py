"""The tutorial in a terminal, from files to a list of movies."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from torch import nn

from data import MovieLens
from tutorial import ladder, lists, rankers
from tutorial.by import By
from tutorial.code import Code
from tutorial.experiment import (
    DOT_PRODUCT,
    REGULARISED,
    WITH_BIASES,
    Dataset,
    Fitted,
    movie_factors,
    read,
)
from tutorial.ladder import Rung
from tutorial.titles import readable

FAVOURITES = ("Star Wars (1977)", "Toy Story (1995)")  # whose neighbours to show, where they exist
ENOUGH_RATINGS = 20  # a movie with fewer has factors that say little


def demo(console: Console, code: Code, movielens: MovieLens, plots_in: Path, by: By) -> None:
    """Run everything the course builds, in order, with the given code.

    Args:
        by: what the list of movies is made by; `NEXT` needs a `DeepCode`.
    """
    dataset = read(code, movielens)
    lists.print_data(console, dataset, movielens)
    rungs = ladder.means(dataset)
    for recipe in (DOT_PRODUCT, WITH_BIASES, REGULARISED):
        fitted = lists.fit_with_bar(console, code, dataset, recipe)
        rungs.append(Rung(recipe.name, fitted.rmse))
        console.print(
            f"trained {recipe.name}: {len(fitted.history)} epochs, "
            f"best epoch {fitted.best_epoch}, RMSE {fitted.rmse:.4f}"
        )
    ranker = lists.rank_with_bar(console, code, dataset)
    rungs = with_lists(code, dataset, rungs, fitted.model, ranker)
    console.print(f"trained BPR: {rankers.EPOCHS} epochs, nDCG@10 {rungs[-2].ndcg:.3f}\n")
    print_history(console, fitted)
    ladder.print_ladder(console, rungs)
    user_id = lists.example_user(dataset)
    if by is By.LIKES:
        lists.print_by_likes(console, code, dataset, ranker, user_id, n=10)
    elif by is By.STARS:
        lists.print_by_stars(console, code, dataset, fitted.model, user_id, n=10)
    else:
        lists.train_and_print(console, code, dataset, by, user_id, n=10)
    print_neighbours(console, code, dataset, fitted)

    from tutorial.plots import save_all  # matplotlib only where it is needed

    for path in save_all(plots_in, rungs, fitted, dataset):
        console.print(f"saved {path}", soft_wrap=True)


def with_lists(
    code: Code, dataset: Dataset, rungs: list[Rung], stars: nn.Module, ranker: nn.Module
) -> list[Rung]:
    """The ladder, with the quality of the lists by its last model and by methods that rank."""

    def ndcg(scores: np.ndarray) -> float:
        return rankers.quality(code, dataset, scores).ndcg

    return [
        *rungs[:-1],
        replace(rungs[-1], ndcg=ndcg(rankers.predicted(code, dataset, stars))),
        Rung("most rated", ndcg=ndcg(rankers.most_rated(dataset))),
        Rung("BPR", ndcg=ndcg(rankers.predicted(code, dataset, ranker))),
        Rung("EASE", ndcg=ndcg(rankers.ease(dataset))),
    ]


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
        table.add_column(readable(known["title"][row]))
        similar = code.explore.similar_movies(factors, row, k=5)
        columns.append([readable(known["title"][other]) for other in similar])
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
