"""The pictures of the demos, as PNG files."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # files, no window

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from torch import Tensor, nn

from tutorial.experiment import Dataset, Fitted, movie_factors

BLUE, ORANGE, GREY = "#2a6f97", "#e07a1f", "#9aa5ad"
MAPPED_GENRES = ("Action", "Children's", "Drama", "Horror", "Romance", "Sci-Fi")
MARKERS = ("o", "s", "^", "D", "v", "P")  # shapes, so that nobody has to distinguish colours


def save_all(
    folder: Path, ladder: Sequence[tuple[str, float]], fitted: Fitted, dataset: Dataset
) -> list[Path]:
    """Draw and save every plot; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "loss_curve.png": loss_curve(fitted),
        "ladder.png": ladder_plot(ladder),
        "embedding_map.png": embedding_map(fitted, dataset),
    }
    for name, figure in figures.items():
        figure.savefig(folder / name, dpi=120, bbox_inches="tight")
        plt.close(figure)
    return [folder / name for name in figures]


def loss_curve(fitted: Fitted) -> Figure:
    """Training and validation error per epoch, with the best epoch marked."""
    epochs = [int(epoch["epoch"]) for epoch in fitted.history]
    train = np.sqrt([epoch["train_loss"] for epoch in fitted.history])
    valid = np.sqrt([epoch["valid_loss"] for epoch in fitted.history])
    figure, axes = plt.subplots(figsize=(7, 4.2))
    axes.plot(epochs, train, color=GREY, marker=".", linestyle="--", label="training")
    axes.plot(epochs, valid, color=BLUE, marker="o", label="validation")
    best = fitted.best_epoch
    axes.axvline(best, color=ORANGE, linewidth=1)
    axes.annotate(
        f"best epoch {best}: {valid[epochs.index(best)]:.3f}",
        (best, max(valid.max(), train.max())),
        xytext=(-6, -2),
        textcoords="offset points",
        color=ORANGE,
        ha="right",
        va="top",
    )
    axes.set(xlabel="epoch", ylabel="RMSE in stars", title=f"Training: {fitted.recipe.name}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def ladder_plot(ladder: Sequence[tuple[str, float]]) -> Figure:
    """Validation RMSE of each method, best at the bottom."""
    names, values = zip(*ladder, strict=True)
    figure, axes = plt.subplots(figsize=(7, 3.6))
    colours = [ORANGE if value == min(values) else BLUE for value in values]
    bars = axes.barh(names, values, color=colours, height=0.65)
    axes.bar_label(bars, [f"{value:.3f}" for value in values], padding=4)
    axes.invert_yaxis()
    axes.set(
        xlabel="validation RMSE in stars, predictions clipped to 1–5 (shorter is better)",
        title="What each idea is worth",
        xlim=(0, max(values) * 1.12),
    )
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def embedding_map(
    fitted: Fitted, dataset: Dataset, n_movies: int = 300, n_names: int = 14
) -> Figure:
    """The most-rated movies on the two main axes of their factors (PCA), marked by genre.

    A movie is drawn as the first of its genres that the map has, else in grey.
    """
    rows, centred = _most_rated(dataset, n_movies), movie_factors(fitted.model).numpy()
    centred = centred[[dataset.movie_index[i] for i in dataset.movies["movie_id"].iloc[rows]]]
    centred = centred - centred.mean(axis=0)
    _, sizes, axes_of_factors = np.linalg.svd(centred, full_matrices=False)
    x, y = axes_of_factors[:2] @ centred.T
    shares = sizes**2 / np.sum(sizes**2)
    movies = dataset.movies.iloc[rows]
    figure, axes = plt.subplots(figsize=(9, 6.5))
    left = np.ones(len(movies), dtype=bool)
    for genre, marker in zip(MAPPED_GENRES, MARKERS, strict=True):
        here = left & movies[genre].to_numpy()
        left &= ~here
        axes.scatter(x[here], y[here], marker=marker, s=26, alpha=0.8, label=genre)
    axes.scatter(x[left], y[left], marker=".", s=20, color=GREY, alpha=0.6, label="other")
    for place in _room_for_names(x, y)[:n_names]:
        axes.annotate(
            movies["title"].iloc[place].rsplit(" (", 1)[0],
            (x[place], y[place]),
            xytext=(4, 3),
            textcoords="offset points",
            fontsize=7.5,
        )
    axes.set(
        xlabel=f"first main axis ({shares[0]:.0%} of the variance)",
        ylabel=f"second main axis ({shares[1]:.0%})",
        title=f"The {len(movies)} most-rated movies as the model sees them",
    )
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def save_attention(
    folder: Path, model: nn.Module, history: list[int], titles: list[str], n_last: int
) -> Path | None:
    """Draw how the last movies of a history look at each other; None if the model has no
    `nn.MultiheadAttention` to ask."""
    weights = attention_weights(model, history)
    if weights is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    figure = attention_plot(weights[-n_last:, -n_last:], titles[-n_last:])
    figure.savefig(folder / "attention.png", dpi=120, bbox_inches="tight")
    plt.close(figure)
    return folder / "attention.png"


def attention_weights(model: nn.Module, history: list[int]) -> np.ndarray | None:
    """How much each position of a history looks at each other one, in the last layer: the mean
    over the heads, `[length, length]`."""
    layers = [layer for layer in model.modules() if isinstance(layer, nn.MultiheadAttention)]
    if not layers:
        return None
    found: list[Tensor] = []
    asked = layers[-1].register_forward_pre_hook(
        lambda layer, args, kwargs: (args, kwargs | {"need_weights": True}), with_kwargs=True
    )
    answered = layers[-1].register_forward_hook(lambda layer, args, out: found.append(out[1]))
    try:
        with torch.no_grad():
            model(torch.tensor([history]))
    finally:
        asked.remove()
        answered.remove()
    return found[0][0].numpy()


def attention_plot(weights: np.ndarray, titles: Sequence[str]) -> Figure:
    """A row per movie of a history: how much of its attention goes to each movie before it."""
    names = [title.rsplit(" (", 1)[0][:28] for title in titles]
    figure, axes = plt.subplots(figsize=(8, 6.5))
    earlier = np.ma.masked_where(np.triu(np.ones_like(weights), k=1) > 0, weights)
    picture = axes.imshow(earlier, cmap="Blues", vmin=0)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(
        xlabel="looks back at", ylabel="at this movie, the model", title="Attention in one history"
    )
    figure.colorbar(picture, ax=axes, label="share of the attention", shrink=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _room_for_names(x: np.ndarray, y: np.ndarray) -> list[int]:
    """Positions whose labels would not overlap an earlier one."""
    chosen: list[int] = []
    for place in range(len(x)):
        apart_x = np.abs(x[chosen] - x[place]) > 0.2 * np.ptp(x)
        apart_y = np.abs(y[chosen] - y[place]) > 0.025 * np.ptp(y)
        if np.all(apart_x | apart_y):
            chosen.append(place)
    return chosen


def _most_rated(dataset: Dataset, n_movies: int) -> np.ndarray:
    """Rows of `dataset.movies`, most-rated first."""
    counts = dataset.movies["movie_id"].map(dataset.ratings["movie_id"].value_counts()).fillna(0)
    return np.argsort(-counts.to_numpy(), kind="stable")[:n_movies]
