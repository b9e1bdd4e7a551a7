"""Part 7 in a terminal: what comes next, by counts and by attention."""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from torch import nn

from data import MovieLens
from tutorial import next_movie
from tutorial.code import DeepCode
from tutorial.demo import BAR_WIDTH, USER_ID, progress_bar
from tutorial.experiment import Dataset, read
from tutorial.next_movie import Recipe, Task

RECIPE = Recipe()
LAST = 10  # movies of a history that are shown


def demo(console: Console, code: DeepCode, movielens: MovieLens, plots_in: Path) -> None:
    """Rank each user's last movie with five methods, and show one user's next ones."""
    dataset = read(code, movielens)
    ratings = next_movie.in_order(code, dataset)
    task = next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)
    console.print(
        f"{len(ratings):,} ratings by {dataset.n_users:,} users of {dataset.n_movies:,} movies, "
        f"from {movielens.source}\n"
        "each user's last one is left out, and is to be found\n"
    )
    scores = {
        "most rated": next_movie.most_rated(task),
        "EASE": next_movie.ease(task),
        "transition counts": next_movie.counted(code, task),
    }
    places = {name: next_movie.ranks(task, table) for name, table in scores.items()}
    model = _train(console, code, task, "attention")
    places["attention"] = next_movie.ranks(task, next_movie.after(model, task))
    control = next_movie.shuffled(task, seed=0)
    of_control = _train(console, code, control, "the control")
    places["attention, shuffled"] = next_movie.ranks(control, next_movie.after(of_control, control))
    print_ladder(console, places)
    user_id = USER_ID if USER_ID in dataset.user_index else min(dataset.user_index)
    row = int(np.flatnonzero(task.users == dataset.user_index[user_id])[0])
    print_next(console, code, dataset, task, model, user_id, row)

    from tutorial.plots import save_attention  # matplotlib only where it is needed

    history = task.histories[row][-RECIPE.max_length :]
    path = save_attention(plots_in, model, history, titles(dataset, history), LAST)
    if path is None:
        console.print("no picture of the attention: the model has no nn.MultiheadAttention")
    else:
        console.print(f"saved {path}", soft_wrap=True)


def _train(console: Console, code: DeepCode, task: Task, name: str) -> nn.Module:
    with progress_bar(console, name, RECIPE.epochs) as on_batch:
        model = next_movie.attention(code, task, RECIPE, seed=0, on_batch=on_batch)
    console.print(f"trained {name}: {RECIPE.epochs} epochs")
    return model


def print_ladder(console: Console, places: dict[str, np.ndarray]) -> None:
    """Each method with its quality and a bar."""
    quality = {name: next_movie.ndcg(each) for name, each in places.items()}
    best = max(quality.values())
    table = Table(
        title="Which movie comes next: all unseen ones ranked (higher is better)",
        title_justify="left",
    )
    for heading in ("method", "HR@10", "nDCG@10"):
        table.add_column(heading, justify="left" if heading == "method" else "right")
    table.add_column("")
    for name, ndcg in quality.items():
        bar = "█" * round(BAR_WIDTH * ndcg / best) if best else ""
        table.add_row(name, f"{next_movie.hit_rate(places[name]):.3f}", f"{ndcg:.3f}", bar)
    console.print(table)


def print_next(
    console: Console,
    code: DeepCode,
    dataset: Dataset,
    task: Task,
    model: nn.Module,
    user_id: int,
    row: int,
) -> None:
    """A user's last movies next to those that the model expects, and the one that came."""
    recommended = code.deep.recommend_next(model, task.histories[row], n=LAST)
    came = int(task.targets[row])
    latest = titles(dataset, task.histories[row][-LAST:])
    expected = [
        f"{title}{' ← it was this one' if movie == came else ''}"
        for movie, title in zip(recommended, titles(dataset, recommended), strict=True)
    ]
    table = Table(title=f"What comes next for user {user_id}", title_justify="left")
    table.add_column("their last movies, in order")
    table.add_column("#", justify="right")
    table.add_column("the model expects")
    for place in range(max(len(latest), len(expected))):
        table.add_row(
            latest[place] if place < len(latest) else "",
            str(place + 1) if place < len(expected) else "",
            expected[place] if place < len(expected) else "",
        )
    console.print(table)
    console.print(f"what came next: {titles(dataset, [came])[0]}\n")


def titles(dataset: Dataset, movie_idx: list[int]) -> list[str]:
    """The titles of movies, by index."""
    by_id = dataset.movies.set_index("movie_id")["title"]
    ids = {index: movie_id for movie_id, index in dataset.movie_index.items()}
    return [str(by_id[ids[movie]]) for movie in movie_idx]
