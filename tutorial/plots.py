"""The pictures of the demos, as PNG files."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # files, no window

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from torch import Tensor, nn

from grading.backup import write_whole
from tutorial.experiment import Dataset, Fitted, movie_factors
from tutorial.ladder import Rung
from tutorial.titles import without_year

BLUE, ORANGE, GREY = "#2a6f97", "#e07a1f", "#9aa5ad"
MAPPED_GENRES = ("Action", "Children's", "Drama", "Horror", "Romance", "Sci-Fi")
SIDES = (
    ((4, 3), "left", "bottom"),
    ((-4, 3), "right", "bottom"),
    ((4, -3), "left", "top"),
    ((-4, -3), "right", "top"),
)
"""Where a name can be beside its point: offset in points, and which of its corners is there."""
MARKERS = ("o", "s", "^", "D", "v", "P")  # shapes, so that nobody has to distinguish colours


def save_all(folder: Path, ladder: Sequence[Rung], fitted: Fitted, dataset: Dataset) -> list[Path]:
    """Draw and save every plot; returns the files."""
    figures = {
        "loss_curve.png": loss_curve(fitted),
        "ladder.png": ladder_plot(ladder),
        "embedding_map.png": embedding_map(fitted, dataset),
    }
    return [_save(figure, folder / name) for name, figure in figures.items()]


def loss_curve(fitted: Fitted) -> Figure:
    """Training and validation error per epoch, with the best epoch marked."""
    epochs = [int(epoch["epoch"]) for epoch in fitted.history]
    train = np.sqrt([epoch["train_loss"] for epoch in fitted.history])
    valid = np.sqrt([epoch["valid_loss"] for epoch in fitted.history])
    figure, axes = plt.subplots(figsize=(7, 4.2))
    axes.plot(epochs, train, color=GREY, marker=".", linestyle="--", label="training")
    axes.plot(epochs, valid, color=BLUE, marker="o", label="validation")
    best = f"best epoch {fitted.best_epoch}: {valid[epochs.index(fitted.best_epoch)]:.3f}"
    axes.axvline(fitted.best_epoch, color=ORANGE, linewidth=1, label=best)
    axes.set(xlabel="epoch", ylabel="RMSE in stars", title=f"Training: {fitted.recipe.name}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def ladder_plot(ladder: Sequence[Rung]) -> Figure:
    """What each method reaches: RMSE of predicted stars, and nDCG@10 of lists."""
    figure, panels = plt.subplots(1, 2, sharey=True, figsize=(9, 4))
    names = [rung.name for rung in ladder]
    errors, gains = [rung.rmse for rung in ladder], [rung.ndcg for rung in ladder]
    for axes, values, best in zip(panels, (errors, gains), (min, max), strict=True):
        known = [value for value in values if value is not None]
        colours = [ORANGE if value == best(known) else BLUE for value in values]
        bars = axes.barh(names, [value or 0 for value in values], color=colours, height=0.65)
        labels = ["" if value is None else f"{value:.3f}" for value in values]
        axes.bar_label(bars, labels, padding=4)
        axes.set_xlim(0, 1.2 * max(known))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].invert_yaxis()
    panels[0].set(xlabel="RMSE in stars (shorter is better)", title="Predicting stars")
    panels[1].set(xlabel="nDCG@10 (longer is better)", title="Ranking movies")
    figure.tight_layout(w_pad=4)
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
    axes.set(
        xlabel=f"first main axis ({shares[0]:.0%} of the variance)",
        ylabel=f"second main axis ({shares[1]:.0%})",
        title=f"The {len(movies)} most-rated movies as the model sees them",
    )
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    place_names(axes, x, y, [without_year(title) for title in movies["title"]], n_names)
    return figure


def save_attention(
    folder: Path, model: nn.Module, history: list[int], titles: list[str], n_last: int
) -> Path | None:
    """Draw how the last movies of a history look at each other; None if the model has no
    `nn.MultiheadAttention` to ask."""
    weights = attention_weights(model, history)
    if weights is None:
        return None
    figure = attention_plot(weights[-n_last:, -n_last:], titles[-n_last:])
    return _save(figure, folder / "attention.png")


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
    names = [_short(without_year(title)) for title in titles]
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


def place_names(
    axes: Axes, x: np.ndarray, y: np.ndarray, names: Sequence[str], n_names: int
) -> None:
    """Name up to `n_names` points, those at the front first, where a name covers no other one and
    no point and stays inside the axes, whose limits must be final."""
    axes.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
    inside, points = axes.get_window_extent(), axes.transData.transform(np.column_stack([x, y]))
    taken: list[Bbox] = []
    for place, name in enumerate(names):
        for offset, ha, va in SIDES:
            if len(taken) == n_names:
                return
            label = axes.annotate(
                name,
                (x[place], y[place]),
                xytext=offset,
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=7.5,
            )
            box = label.get_window_extent()
            is_free = not box.count_overlaps(taken) and not box.padded(4).count_contains(points)
            if is_free and inside.contains(*box.min) and inside.contains(*box.max):
                taken.append(box)
                break
            label.remove()


def _save(figure: Figure, path: Path) -> Path:
    picture = BytesIO()
    figure.savefig(picture, dpi=120, bbox_inches="tight")
    plt.close(figure)
    write_whole(path, picture.getvalue())
    return path


def _short(name: str, length: int = 28) -> str:
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"


def _most_rated(dataset: Dataset, n_movies: int) -> np.ndarray:
    """Rows of `dataset.movies`, most-rated first."""
    counts = dataset.movies["movie_id"].map(dataset.ratings["movie_id"].value_counts()).fillna(0)
    return np.argsort(-counts.to_numpy(), kind="stable")[:n_movies]
