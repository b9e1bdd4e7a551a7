"""Lesson 3: how the tables start, and what the dot product alone reaches."""

from dataclasses import replace

import numpy as np

from authoring.measurements.bench import (
    LARGE_DOT,
    REGULAR,
    SEEDS,
    Bench,
    Curves,
    Found,
    Measured,
    curve,
    measured,
)

SHOWN_EPOCHS = (1, 3, 4, 5, 10, 20, 60)
SHORT, LONG = 10, 60  # epochs of the other seeds, and of the first


def initialisation(bench: Bench) -> Found:
    """The dot product started with std 0.1 and 1, lr 0.01, not clipped; it also overfits."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    for name, std in (("small", 0.1), ("loud", 1.0)):
        recipe = replace(LARGE_DOT, start=std)
        runs = [
            curve(bench.code, bench.dataset(seed), recipe, SHORT if seed else LONG, seed)
            for seed in SEEDS
        ]
        for epoch in SHOWN_EPOCHS:
            for kind in ("train", "valid"):
                values = [run[kind][epoch - 1] for run in runs if len(run[kind]) >= epoch]
                # what has run long is less sure to come back on another machine
                tolerance = 0.02 if std == 0.1 else 0.1
                numbers[f"{name}-{kind}-{epoch}"] = measured(values, ".3f", tolerance)
        if name == "small":
            best = [int(np.argmin(run["valid"])) + 1 for run in runs]
            numbers["small-best-epoch"] = measured(best, ".0f", 1)
            numbers["small-best-valid"] = measured([min(run["valid"]) for run in runs], ".3f", 0.01)
        curves[f"initialisation-{name}"] = [runs[0]]
    return Found(numbers, curves)


def dot_products(bench: Bench) -> Found:
    """The dot product alone, clipped: as its curves show it, and with weight decay."""
    decayed = replace(LARGE_DOT, lr=REGULAR.lr, weight_decay=REGULAR.weight_decay)
    scores = {
        name: [bench.model(recipe, seed).rmse for seed in SEEDS]
        for name, recipe in (("large-dot", LARGE_DOT), ("decayed-dot", decayed))
    }
    return Found(
        {f"{name}-rmse": measured(values, ".3f", 0.004) for name, values in scores.items()}
    )
