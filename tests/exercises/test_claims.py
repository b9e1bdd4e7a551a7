"""What lessons claim, computed, and the code that they show, run."""

import ast
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from solutions.part5.recommend import fold_in
from tests.exercises.test_worked_examples import learned, lesson

TASK = re.compile(r"^## \d\.\d .*?(?=^## )", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CENTRED = np.array(
    [[2, 1, -1, -2, np.nan], [0, np.nan, -2, np.nan, 2], [1, 0, -1, -1, 1], [-2, 0, 2, 2, -2]]
)
KNOWN = ~np.isnan(CENTRED)


def run(part: int) -> dict[str, Any]:
    """What the code between a lesson's tasks defines, and the value of each line that shows one.

    Code with a gap (`...`), or that uses what the reader has built, is not run.
    """
    found: dict[str, Any] = {}
    torch.manual_seed(0)
    for code in CODE.findall(TASK.sub("", lesson(part))):
        if "..." in code or "from exercises" in code:
            continue
        for statement in ast.parse(code).body:
            source = ast.unparse(statement)
            if isinstance(statement, ast.Expr):
                found[source] = eval(source, found)
            else:
                exec(source, found)
    return found


def test_part_1_learns_a_mean_and_one_number_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(1)
    assert capsys.readouterr().out.startswith("3.00")
    assert np.isnan(found["week.mean()"])
    assert (found["week[known].mean()"], found["a @ b"]) == (21, 24)
    scale = found["movies"][0, 0] / 2
    users, movies = (found["users"] * scale).flatten(), (found["movies"] / scale).flatten()
    told = [0.75, 0.61, 0.41, -0.82, 2.00, 0.53, -2.26, -2.52, 2.69]
    assert [*users.tolist(), *movies.tolist()] == pytest.approx(told, abs=0.006)


def test_part_2_shows_what_pandas_does() -> None:
    found = run(2)
    values = list(found.values())
    frames = [value for value in values if isinstance(value, pd.DataFrame)]
    assert [len(frame) for frame in frames[:2]] == [1, 2]
    looked_up, ranks, sizes = (value for value in values if isinstance(value, pd.Series))
    assert looked_up.tolist()[:2] == [1, 0]
    assert np.isnan(looked_up[2])
    assert (ranks.tolist(), sizes.tolist()) == ([3, 1, 1, 2], [3, 1, 3, 3])
    assert found["torch.tensor([10, 20, 30])[-1]"] == 30


def test_two_factors_each_have_fewer_degrees_of_freedom_than_there_are_ratings() -> None:
    """The rank of the Jacobian: the number of directions in which 18 numbers move the table."""
    rng = np.random.default_rng(0)
    users, movies = rng.normal(size=(4, 2)), rng.normal(size=(5, 2))
    moves = [np.outer(user, factor) for user in np.eye(4) for factor in movies.T]
    moves += [np.outer(factor, movie) for movie in np.eye(5) for factor in users.T]
    rank = np.linalg.matrix_rank([move.ravel() for move in moves])
    assert (len(moves), rank, KNOWN.sum()) == (18, 14, 17)
    for number in ("18 numbers", "14 degrees of freedom", "17 ratings"):
        assert number in lesson(1)


def test_eight_seeds_fill_the_gaps_alike() -> None:
    for seed in range(8):
        users, movies = learned(CENTRED, 2, seed)
        assert (users @ movies.T)[KNOWN] == pytest.approx(CENTRED[KNOWN], abs=1e-6)
        assert (users @ movies.T)[~KNOWN] == pytest.approx([1, -2, 0], abs=1e-6)
    assert "all eight fill them alike" in lesson(1)


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_part_3_shows_a_model_a_look_up_and_a_broadcast() -> None:
    found = run(3)
    assert found["[name for name, _ in model.named_parameters()]"] == ["scale.weight"]
    assert found["list(model.state_dict())"] == ["freezing", "scale.weight"]
    assert found["torch.equal(one_hot @ table.weight, table(idx))"]
    assert found["nn.MSELoss()(predictions, ratings)"] == 8
    assert found["nn.MSELoss()(predictions[:, 0], ratings)"] == 0


def test_adam_moves_a_row_that_an_earlier_batch_used() -> None:
    """Row 1 is in the first batch alone, row 2 in none."""
    table = torch.nn.Embedding(3, 2)
    adam = torch.optim.Adam(table.parameters())
    for row in (1, 0):
        before = table.weight.detach().clone()
        adam.zero_grad()
        table(torch.tensor([row])).sum().backward()
        adam.step()
    assert table.weight.grad is not None
    assert table.weight.grad.count_nonzero(dim=1).tolist() == [2, 0, 0]
    assert (table.weight != before).all(dim=1).tolist() == [True, True, False]


def test_part_5_scores_hides_and_grades_a_list() -> None:
    found = run(5)
    assert found["scores"].tolist() == [0, 0.75, -1, -2, 2]
    assert found["[titles[row] for row in unseen.topk(2).indices]"] == ["Alien", "Notting Hill"]
    first, second = found["[titles[row] for row in zeroed.topk(2).indices]"]
    assert first == "Alien"
    assert found["seen"][found["titles"].index(second)]
    values = [found[name] for name in ("found", "best", "found / best")]
    assert values == pytest.approx([1.02, 2.13, 0.48], abs=0.005)
    assert found["gains @ [1, 1, 0, 0, 0] / best"] == pytest.approx(0.77, abs=0.005)


def test_part_5_folds_in_by_hand() -> None:
    movies, residuals = torch.tensor([[1.0, 0], [1, 1]]), torch.tensor([1.0, 0.5])
    for strength, told in ((1, "(0.5, 0)"), (0, "(1, −0.5)"), (10, "(0.12, 0.03)")):
        first, second = fold_in(movies, residuals, strength).tolist()
        assert f"({first:.2g}, {second:.1g})".replace("-", "−") == told
        assert told in lesson(5)
