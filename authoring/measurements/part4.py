"""Lesson 4: weight decay."""

from dataclasses import replace

import numpy as np
import torch
from torch import nn

from authoring.measurements.bench import (
    N_FACTORS,
    REGULAR,
    Bench,
    Curves,
    Found,
    Measured,
    curve,
    measured,
)
from tutorial.experiment import (
    WITH_BIASES,
)

LARGE_BIASED = replace(WITH_BIASES, n_factors=N_FACTORS)
CURED_EPOCHS = 40


def weight_decay(bench: Bench) -> Found:
    """The biased model with and without weight decay, without early stopping."""
    numbers: dict[str, Measured] = {}
    curves: Curves = {}
    dataset = bench.dataset(0)
    for name, recipe in (("undecayed", LARGE_BIASED), ("decayed", REGULAR)):
        run = curve(bench.code, dataset, recipe, CURED_EPOCHS, 0)
        valid = run["valid"]
        numbers[f"{name}-valid-best"] = measured([min(valid)], ".3f", 0.005)
        numbers[f"{name}-valid-last"] = measured([valid[-1]], ".3f", 0.01)
        numbers[f"{name}-train-last"] = measured([run["train"][-1]], ".3f", 0.01)
        numbers[f"{name}-valid-best-at"] = measured([float(np.argmin(valid)) + 1], ".0f", 2)
        curves[f"weight-decay-{name}"] = [run]
    for steps in (1, 10, 20):
        numbers[f"pulled-{steps}"] = measured([_pulled(steps)], ".3f", 1e-3)
    return Found(numbers, curves)


def _pulled(steps: int) -> float:
    """Where a number of 0.1 is after some steps of Adam that feel nothing but weight decay."""
    number = nn.Parameter(torch.tensor(0.1))
    optimizer = torch.optim.Adam([number], lr=REGULAR.lr, weight_decay=REGULAR.weight_decay)
    for _ in range(steps):
        number.grad = torch.zeros(())
        optimizer.step()
    return number.item()
