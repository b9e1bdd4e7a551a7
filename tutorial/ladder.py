"""All methods in one table: how well they predict stars, and how well they rank movies."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tutorial import baselines
from tutorial.experiment import Dataset, rmse

BAR_WIDTH = 14


@dataclass(frozen=True)
class Rung:
    """A method, measured on the validation ratings; None where it makes no such prediction."""

    name: str
    rmse: float | None = None  # predictions clipped to 1-5, in stars
    ndcg: float | None = None  # at 10, of the lists


def means(dataset: Dataset) -> list[Rung]:
    """The methods that need no model, the global mean first."""
    train, valid = dataset.train_encoded, dataset.valid_encoded
    predictions = {
        "global mean": baselines.global_mean(train, valid),
        "user mean": baselines.mean_by("user_idx", train, valid),
        "movie mean": baselines.mean_by("movie_idx", train, valid),
        "biases": baselines.biases(train, valid),
    }
    return [Rung(name, rmse(predicted, valid)) for name, predicted in predictions.items()]


def print_ladder(console: Console, ladder: Sequence[Rung]) -> None:
    """Each method with its RMSE, a bar for how far that is below the first's, and its nDCG."""
    errors = [rung.rmse for rung in ladder if rung.rmse is not None]
    worst, best = errors[0], min(errors)
    most = max((rung.ndcg for rung in ladder if rung.ndcg is not None), default=0)
    table = Table(
        title="On held-out ratings (a low RMSE is good, and a high nDCG@10)",
        title_justify="left",
    )
    table.add_column("method")
    table.add_column("RMSE", justify="right")
    table.add_column("below the first by")
    table.add_column("nDCG@10", justify="right")
    table.add_column("")
    for rung in ladder:
        row = [rung.name, "", "", "", ""]
        if rung.rmse is not None:
            gain = worst - rung.rmse
            percent = f"{gain / worst:.1%}" if gain else ""
            row[1:3] = f"{rung.rmse:.4f}", f"{_bar(gain, worst - best)} {percent}".strip()
        if rung.ndcg is not None:
            row[3:] = f"{rung.ndcg:.3f}", _bar(rung.ndcg, most)
        table.add_row(*row)
    console.print(table)


def _bar(value: float, longest: float) -> str:
    return "█" * max(round(BAR_WIDTH * value / longest), 0) if longest > 0 else ""
