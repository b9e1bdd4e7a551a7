"""The numbers that lessons work out by hand come out of the code."""

import re
from itertools import chain

import numpy as np
import pytest
import torch
from torch import nn

from authoring.figures.part1 import BEN_GAVE, BEN_MEAN, ON_ONE_AXIS
from authoring.figures.part5 import BIASES, EVA_GAVE, MEAN, RANKED, RAW_IDS, RELEVANT
from authoring.figures.plane import MOVIE_PLACES, USER_PLACES
from solutions.part1.neighbours import (
    centre_ratings,
    observed_rmse,
    predict_rating,
    reconstruct,
    user_similarity,
)
from solutions.part3.model import MatrixFactorization
from solutions.part4.training import l2_penalty
from tests.courses import ROOT

EXERCISES = ROOT / "exercises"
ANN, BLADE_RUNNER = 0, 4
BEN, ALIEN = 1, 1


def lesson(part: int) -> str:
    return (EXERCISES / f"part{part}" / "README.md").read_text(encoding="utf-8")


def table(part: int, first_row: str) -> list[list[float]]:
    """Numbers of a lesson's table from the row that begins so; NaN where a cell has none."""
    rows = lesson(part).partition(f"\n{first_row}")
    lines = (rows[1] + rows[2]).strip().partition("\n\n")[0].splitlines()
    cells = [line.replace("−", "-").replace("*", "").split("|")[2:-1] for line in lines]
    numbers = [[re.match(r" *\(?(-?[\d.]+)", cell) for cell in row] for row in cells]
    return [[float(found[1]) if found else np.nan for found in row] for row in numbers]


def learned(centred: np.ndarray, n_factors: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Factors with the least squared error over the cells with a number, by alternating fits."""
    rng = np.random.default_rng(seed)
    users, movies = (rng.normal(size=(n, n_factors)) for n in centred.shape)
    known = ~np.isnan(centred)
    for _ in range(300):
        for u, row in enumerate(known):
            users[u] = np.linalg.lstsq(movies[row], centred[u, row], rcond=None)[0]
        for m, column in enumerate(known.T):
            movies[m] = np.linalg.lstsq(users[column], centred[column, m], rcond=None)[0]
    return users, movies


@pytest.fixture
def ratings() -> np.ndarray:
    return np.array(table(1, "| Ann | 5 | 4 |"))[:, :5]


@pytest.fixture
def centred(ratings: np.ndarray) -> np.ndarray:
    """NaN stays where nothing was rated."""
    return ratings - np.nanmean(ratings, axis=1, keepdims=True)


def test_the_table_that_is_centred(ratings: np.ndarray) -> None:
    assert np.nanmean(ratings, axis=1).tolist() == [3, 3, 2, 3]
    assert centre_ratings(ratings).tolist() == table(1, "| Ann | 2 | 1 | −1")


def test_similarities_and_predictions_of_neighbours(ratings: np.ndarray) -> None:
    assert user_similarity(ratings)[ANN] == pytest.approx([1, 0.22, 0.79, -0.79], abs=0.005)
    assert "Ann's row is 1, 0.22, 0.79, −0.79" in lesson(1)
    assert f"{predict_rating(ratings, ANN, BLADE_RUNNER):.2f}" == "4.22"
    assert predict_rating(ratings, ANN, BLADE_RUNNER, k=1) == pytest.approx(4)
    zeros = np.nan_to_num(ratings)
    cosine = zeros[0] @ zeros[3] / np.linalg.norm(zeros[0]) / np.linalg.norm(zeros[3])
    assert f"have a cosine of {cosine:.2f}, as if" in lesson(1)


def test_the_error_of_a_constant(ratings: np.ndarray) -> None:
    error = observed_rmse(ratings, np.full((4, 5), 3.0))
    assert f"table, and it is {error:.2f}." in lesson(1)


def test_factors_by_hand(ratings: np.ndarray, centred: np.ndarray) -> None:
    users = np.array([[ON_ONE_AXIS[name]] for name in ("Ann", "Ben", "Cem", "Dee")])
    movies = np.array(list(MOVIE_PLACES.values()))
    one = reconstruct(users, movies[:, :1])
    told = np.array(table(1, "| Ann | **1** |"))
    assert told[:, 0] == pytest.approx(users[:, 0])
    assert told[:, 1:] == pytest.approx(one, abs=0.006)
    assert f"an RMSE of {observed_rmse(centred, one):.2f} stars" in lesson(1)
    assert f"mean alone {observed_rmse(centred, np.zeros((4, 5))):.2f}." in lesson(1)
    assert np.nanmax(np.abs(one - centred)[3]) == 1  # within a star of each rating of Dee's
    two = np.array(table(1, "| Star Wars | 2 | 1 |"))
    assert two[:, :2].tolist() == movies.tolist()
    assert two[:4, 4:].tolist() == np.array(list(USER_PLACES.values())).tolist()


def test_what_the_map_knows_of_ben_and_eva_and_what_the_longer_list_goes_on_from(
    ratings: np.ndarray,
) -> None:
    titles = ("Star Wars", "Alien", "Casablanca", "Notting Hill", "Blade Runner")
    assert tuple(MOVIE_PLACES) == titles
    ben = dict(zip(titles, ratings[1], strict=True))
    assert {title: stars for title, stars in ben.items() if not np.isnan(stars)} == BEN_GAVE
    assert np.nanmean(ratings[1]) == BEN_MEAN
    assert "gives {} {} stars and {} {}.".format(*chain(*EVA_GAVE.items())) in lesson(5)
    of_eva = [BIASES[title] for title in EVA_GAVE]
    assert "mean of {} and biases of {} and {},".format(MEAN, *of_eva) in lesson(5)
    left = (f"{stars - MEAN - BIASES[title]:.1f}" for title, stars in EVA_GAVE.items())
    assert "{} and, despite 4 stars, {}.".format(*left).replace("-", "−") in lesson(5)
    assert "the ids {}, {} and {} and the rows 0, 1 and 2".format(*RAW_IDS) in lesson(5)
    assert f"the list is {', '.join(map(str, RANKED[:5]))} and" in lesson(5)
    assert "the relevant movies are {}, {} and {}:".format(*sorted(RELEVANT)) in lesson(5)


def test_factors_learned(ratings: np.ndarray, centred: np.ndarray) -> None:
    users, movies = learned(centred, 1)
    scale = movies[0] / 2
    told = np.array(table(1, "| Ann | 0.75 |"))
    assert told[:4, 0] == pytest.approx((users * scale)[:, 0], abs=0.006)
    assert told[:, 3] == pytest.approx((movies / scale)[:, 0], abs=0.006)


def test_all_guesses(ratings: np.ndarray, centred: np.ndarray) -> None:
    users, movies = (np.array(list(of.values())) for of in (USER_PLACES, MOVIE_PLACES))
    axis = np.array([[ON_ONE_AXIS[name]] for name in USER_PLACES])
    by_hand = reconstruct(axis, movies[:, :1]), reconstruct(users, movies)
    fits = (*by_hand, *(reconstruct(*learned(centred, n_factors)) for n_factors in (1, 2)))
    ann, ben, errors = table(1, "| Ann, Blade Runner | 4.22 |")
    for told, pair in ((ann, (ANN, BLADE_RUNNER)), (ben, (BEN, ALIEN))):
        guesses = [predict_rating(ratings, *pair), *(3 + fit[pair] for fit in fits)]
        assert told == pytest.approx(guesses, abs=0.0051)
    assert errors[1:] == pytest.approx([observed_rmse(centred, fit) for fit in fits], abs=0.005)
    assert f"0.59 stars, two {errors[2]:.2f}, each user's mean" in lesson(1)


def test_a_gradient_by_hand() -> None:
    user, movie = (torch.tensor(row, requires_grad=True) for row in ([1.0, 0, 2], [3.0, 5, 1]))
    nn.MSELoss()(user @ movie, torch.tensor(4.0)).backward()
    for row in (user, movie):
        assert row.grad is not None
        assert str(tuple(int(number) for number in row.grad)) in lesson(3)


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_penalty_by_hand() -> None:
    model = MatrixFactorization(1, 1, n_factors=2)
    model.user_embedding.weight.data = torch.tensor([[0.5, 1.0]])
    model.movie_embedding.weight.data = torch.tensor([[1.0, 2.0]])
    pair = torch.tensor([0]), torch.tensor([0])
    penalty = l2_penalty(model, *pair, strength=0.1)
    (((model(*pair) - 4) ** 2).mean() + penalty).backward()
    assert penalty.item() == pytest.approx(0.625)
    assert model.user_embedding.weight.grad is not None
    assert model.user_embedding.weight.grad.tolist() == [pytest.approx([-2.9, -5.8])]


def test_a_batch_by_hand() -> None:
    users = torch.tensor([[1.0, 0], [0, 1], [0, 0]])
    movies = torch.tensor([[2.0, 0], [1, 0], [2, 0]])
    movie_idx = torch.tensor([0, 1, 0])
    log_popularity = torch.tensor([2 / 3, 1 / 3]).log()
    assert [f"{value:.2f}".replace("-", "−") for value in log_popularity] == ["−0.41", "−1.10"]
    for popularity, told in ((None, "0.31"), (log_popularity, "0.55")):
        scores = users[:1] @ movies.T  # Ann's row
        if popularity is not None:
            scores = scores - popularity[movie_idx]
        ann = nn.functional.cross_entropy(scores[:, :2], torch.tensor([0]))
        assert f"{ann:.2f}" == told
        assert f"| −∞ | {told} |" in lesson(7)


def test_attention_by_hand() -> None:
    keys = torch.tensor([[2.0, 0], [0, 1], [1, 1]])
    values = torch.tensor([[1.0, 0], [0, 1], [1, 1]])
    weights = (keys @ torch.tensor([1.0, 0]) / 2**0.5).softmax(dim=0)
    mix = weights @ values
    assert f"({mix[0]:.2f}, {mix[1]:.2f})" in lesson(7)
    for row, weight in enumerate(weights):
        assert re.search(rf"\| {row} \| .* \| {weight:.2f} \| ", lesson(7))


def test_a_tower_by_hand() -> None:
    known = torch.tensor([1.0, -1, 1])
    hidden = torch.tensor([[1.0, 0, 1], [0, 1, 0]]) @ known
    assert hidden.tolist() == [2, -1]
    vector = torch.tensor([[0.5, 1], [1, 0]]) @ hidden.relu()
    assert vector.tolist() == [1, 2]
    assert vector @ torch.tensor([2.0, 1]) == 4
