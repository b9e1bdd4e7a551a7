"""Part 7 in a terminal: what comes next, by counts and by attention."""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from data import MovieLens
from tutorial import lists, next_movie
from tutorial.code import DeepCode
from tutorial.experiment import read


def demo(console: Console, code: DeepCode, movielens: MovieLens, plots_in: Path) -> None:
    """Rank each user's last movie with five methods, and show one user's next ones."""
    dataset = read(code, movielens)
    ratings = next_movie.in_order(code, dataset)
    task = next_movie.leave_last_out(ratings, dataset.n_users, dataset.n_movies)
    lists.print_data(console, dataset, movielens)
    console.print("each user's last rating is left out, and is to be found\n")
    scores = {
        "most rated": next_movie.most_rated(task),
        "EASE": next_movie.ease(task),
        "transition counts": next_movie.counted(code, task),
    }
    places = {name: next_movie.ranks(task, table) for name, table in scores.items()}
    control = next_movie.shuffled(task, seed=0)
    models = {}
    for name, of_task in (("attention", task), ("attention, shuffled", control)):
        models[name] = lists.follow_with_bar(console, code, of_task, name)
        places[name] = next_movie.ranks(of_task, next_movie.after(models[name], of_task))
        console.print(f"trained {name}: nDCG@10 {next_movie.ndcg(places[name]):.3f}")
    console.print()
    print_ladder(console, places)
    model = models["attention"]
    user_id = lists.example_user(dataset)
    row = int(np.flatnonzero(task.users == dataset.user_index[user_id])[0])
    history, came = task.histories[row], int(task.targets[row])
    lists.print_by_next(console, code, dataset, model, history, user_id, n=10, came=came)

    from tutorial.plots import save_attention  # matplotlib only where it is needed

    latest = history[-lists.ATTENTION.max_length :]
    path = save_attention(plots_in, model, latest, lists.titles(dataset, latest), lists.N_SHOWN)
    if path is None:
        console.print("no picture of the attention: the model has no nn.MultiheadAttention")
    else:
        console.print(f"saved {path}", soft_wrap=True)


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
        bar = "█" * round(lists.BAR_WIDTH * ndcg / best) if best else ""
        table.add_row(name, f"{next_movie.hit_rate(places[name]):.3f}", f"{ndcg:.3f}", bar)
    console.print(table)
