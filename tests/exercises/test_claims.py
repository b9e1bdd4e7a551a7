"""What lessons claim, computed, and the code that they show, run."""

import ast
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from authoring.figures import measured, part5
from authoring.measurements.bench import REGULAR
from data import load, write_synthetic_files
from data.movielens import open_folder
from grading.manifest import Course
from solutions.part2.dataset import load_movies
from solutions.part3 import model
from solutions.part5.recommend import fold_in
from tests.exercises.test_worked_examples import lesson
from tutorial.code import load_code
from tutorial.experiment import DOT_PRODUCT, REGULARISED, WITH_BIASES, fit, read

TASK = re.compile(r"^## \d\.\d .*?(?=^## )", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CENTRED = np.array(
    [[2, 1, -1, -2, np.nan], [0, np.nan, -2, np.nan, 2], [1, 0, -1, -1, 1], [-2, 0, 2, 2, -2]]
)
KNOWN = ~np.isnan(CENTRED)


def run(part: int, all_of_it: bool = False) -> dict[str, Any]:
    """What the code between a lesson's tasks defines, and the value of each line that shows one.

    It runs in one session, as readers paste it. Code with a gap (`...`) is not run, and what uses
    the reader's code, here the solution, only if `all_of_it` is asked for.
    """
    found: dict[str, Any] = {}
    torch.manual_seed(0)
    for code in CODE.findall(TASK.sub("", lesson(part))):
        if "..." in code or ("from exercises" in code and not all_of_it):
            continue
        for statement in ast.parse(code.replace("from exercises", "from solutions")).body:
            source = ast.unparse(statement)
            if isinstance(statement, ast.Expr):
                found[source] = eval(source, found)
            else:
                exec(source, found)
    return found


def block(part: int, text: str) -> str:
    """The one piece of code of a lesson with `text` in it."""
    (code,) = (code for code in CODE.findall(lesson(part)) if text in code)
    return code


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


def test_part_2_shows_what_is_in_the_files() -> None:
    first_looks = block(2, "value_counts()")
    stars = measured.curve("ratings-histogram")
    assert ", ".join(f"{n}: {count}" for n, count in enumerate(stars, start=1)) in first_looks
    for kind, least in (("movie", 1), ("user", measured.number("ratings-per-user-least"))):
        median, most = (measured.number(f"ratings-per-{kind}-{n}") for n in ("median", "most"))
        assert f"per {kind}: min {least:g}, 50% {median:g}, max {most:g}\n" in first_looks
    assert measured.number("movies-rated-once") > 0
    assert f"{100 * (1 - 9742 / 193609):.0f} % of the table would belong" in lesson(2)


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


def test_only_one_table_of_two_traits_fits_and_gradient_descent_may_miss_it() -> None:
    ann, _, cem, dee = CENTRED
    assert np.linalg.matrix_rank([ann[:4], cem[:4]]) == 2
    assert np.array_equal(dee, -2 * cem)
    filled = np.where(KNOWN, CENTRED, [[0, 0, 0, 0, 1], [0, -2, 0, 0, 0], [0] * 5, [0] * 5])
    assert np.array_equal(filled[1], -2 * filled[0] + 4 * cem)
    assert "Ben's row must be −2 times Ann's plus 4 times Cem's" in lesson(1)
    found = run(1)
    loop = block(1, "k = 1 ")
    missed = []
    for seed in range(8):
        torch.manual_seed(seed)
        exec(loop.replace("k = 1 ", "k = 2 "), found)
        learned_table = (found["users"] @ found["movies"]).detach().numpy()
        if learned_table != pytest.approx(filled, abs=0.01):
            error = np.sqrt(np.mean((learned_table - CENTRED)[KNOWN] ** 2))
            missed.append(f"seed {seed} is stuck at an RMSE of {error:.2f}, ")
            missed.append(f"with {3 + learned_table[1, 1]:.0f} stars for Ben and Alien")
    assert "".join(missed) in lesson(1)
    assert len(missed) == 2


def test_without_movielens_readers_see_other_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOVIELENS_100K", str(write_synthetic_files(tmp_path / "stand-in")))
    prediction = run(1, all_of_it=True)["predict_rating(table, 196, 64, k=50)"]
    assert f"; without MovieLens {prediction:.2f}\n" in lesson(1)
    found, first_looks = run(2, all_of_it=True), block(2, "value_counts()")
    stars = found["ratings['rating'].value_counts().sort_index()"]
    assert f"# 1: {stars[1]}, 2: {stars[2]}, 3: {stars[3]}, 4: {stars[4]}, 5:" in first_looks
    for kind in ("movie", "user"):
        counts = found[f"ratings['{kind}_id'].value_counts().describe()"]
        assert f"50% {counts['50%']:g}, max" not in first_looks


@pytest.mark.skipif(not os.environ.get("MOVIELENS_100K"), reason="needs MOVIELENS_100K")
def test_fifty_neighbours_on_a_real_movie() -> None:
    found = run(1, all_of_it=True)
    prediction = found["predict_rating(table, 196, 64, k=50)"]
    assert f"k=50)\n# {prediction:.2f}: user 196, The Shawshank Redemption (1994)" in lesson(1)
    movies = load_movies(load().movies_path).set_index("movie_id")
    assert movies.loc[64, "title"] == "Shawshank Redemption, The (1994)"
    assert np.isnan(found["table"][196, 64])


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_part_3_shows_a_model_a_look_up_and_a_broadcast() -> None:
    found = run(3)
    assert found["[name for name, _ in model.named_parameters()]"] == ["scale.weight"]
    assert found["list(model.state_dict())"] == ["freezing", "scale.weight"]
    assert found["torch.equal(one_hot @ table.weight, table(idx))"]
    assert found["nn.MSELoss()(predictions, ratings)"] == 8
    assert "/ 4 = 8 instead of 0" in lesson(3)
    assert found["nn.MSELoss()(predictions[:, 0], ratings)"] == 0


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_part_3_learns_the_ratings_of_part_1(capsys: pytest.CaptureFixture[str]) -> None:
    found, code = run(3, all_of_it=True), block(3, "MatrixFactorization(4, 5, n_factors=2)")
    first, last = capsys.readouterr().out.split()
    assert f"# RMSE: {first}, then {last}\n" in code
    stars = found["model(torch.tensor([0]), torch.tensor([4]))"]
    assert f"# Ann, Blade Runner: {stars.item():.2f}\n" in code
    assert set(found["stars"].tolist()) == {1, 2, 3, 4, 5}
    assert len(found["stars"]) == KNOWN.sum()


def test_untrained_predictions_are_near_0_and_so_too_low() -> None:
    torch.manual_seed(0)
    pairs = torch.arange(20_000)
    with torch.no_grad():
        start = model.MatrixFactorization(len(pairs), len(pairs))(pairs, pairs)
    assert f"= {start.std():.3f}$: near 0" in lesson(3)
    too_low = measured.number("rating-mean") - start.mean()
    assert f"too low by {too_low:.1f} stars" in lesson(3)


def test_a_clipped_prediction_learns_nothing_and_a_squeezed_one_a_little() -> None:
    gradients = []
    for limit in (lambda x: x.clamp(1, 5), lambda x: 5.5 * torch.sigmoid(x)):
        score = torch.tensor(5.8, requires_grad=True)
        (limit(score) - 3).square().backward()
        gradients.append(score.grad.item())
    assert gradients[0] == 0
    assert 0 < gradients[1] < 0.2


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
    assert found["[titles[row] for row in unseen.topk(1).indices]"] == ["Alien"]
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


def test_part_6_shows_a_taste_and_what_the_pairwise_loss_costs() -> None:
    found = run(6)
    ben = found["torch.cosine_similarity(movies, users[1:2])"]
    assert ben.tolist() == pytest.approx([0, 0.95, -0.8, -0.8, 0.8], abs=0.005)
    assert found["movies @ users[1]"].argmax() == 4
    assert found["chance"].tolist() == pytest.approx([0.88, 0.5, 0.12], abs=0.005)
    assert found["-chance.log()"].tolist() == pytest.approx([0.127, 0.693, 2.127], abs=0.0005)
    assert found["torch.sigmoid(torch.tensor(-200.0)).log()"] == -torch.inf


def test_a_stretch_keeps_all_predictions_and_changes_cosines() -> None:
    found = run(6)
    assert found["torch.equal(users @ movies.T, users_2 @ movies_2.T)"]
    for movies, told in (("movies", 0.60), ("movies_2", 0.00)):
        cosine = found[f"torch.cosine_similarity({movies}[0], {movies}[4], dim=0)"]
        assert cosine == pytest.approx(told, abs=1e-6)
    for tables, length in (("users", "movies"), "20.25"), (("users_2", "movies_2"), "17.81"):
        assert f"{sum(found[table].square().sum().item() for table in tables):.2f}" == length
        assert length in lesson(6)


def cosines(vectors: torch.Tensor) -> torch.Tensor:
    directions = torch.nn.functional.normalize(vectors, dim=1)
    return directions @ directions.T


def shortest(
    users: torch.Tensor, movies: torch.Tensor, start: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """PA and QA⁻ᵀ for the A, searched from `start`, that makes their rows shortest."""
    change = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([change], max_iter=500, line_search_fn="strong_wolfe")

    def length() -> torch.Tensor:
        optimizer.zero_grad()
        total = torch.cat([users @ change, movies @ change.inverse().T]).square().sum()
        total.backward()
        return total

    optimizer.step(length)
    return users @ change.detach(), movies @ change.detach().inverse().T


def test_ratings_fix_no_cosine_and_the_shortest_tables_do() -> None:
    """P → PA, Q → QA⁻ᵀ keeps every prediction; of all these, the shortest have the same angles."""
    torch.manual_seed(0)
    users, movies, *starts = (torch.randn(rows, 3).double() for rows in (6, 7, 3, 3))
    found = []
    for start in starts:
        assert (cosines(movies @ start.inverse().T) - cosines(movies)).abs().max() > 0.1
        users_2, movies_2 = shortest(users, movies, start)
        assert torch.allclose(users_2 @ movies_2.T, users @ movies.T)
        found.append(cosines(movies_2))
    assert torch.allclose(found[0], found[1], atol=1e-4)


def test_each_penalty_prefers_a_cosine_of_its_own() -> None:
    """Of Star Wars and Blade Runner, in the shortest tables that predict what the map does."""
    found = run(6)
    users, movies, start = (
        found["users"].double(),
        found["movies"].double(),
        torch.eye(2).double(),
    )
    tables = shortest(users, movies, start)
    length = sum(table.square().sum().item() for table in tables)
    assert length == pytest.approx(2 * torch.linalg.svdvals(users @ movies.T).sum().item())
    assert f"the shortest has {length:.2f}." in lesson(6)
    assert f"fix the angles: here, a cosine of {cosines(tables[1])[0, 4]:.2f}." in lesson(6)
    per_user, per_movie = (torch.tensor(KNOWN.sum(axis))[:, None].sqrt() for axis in (1, 0))
    _, movies_2 = shortest(per_user * users, per_movie * movies, start)  # each row once per rating
    assert f"once per rating, prefers {cosines(movies_2)[0, 4]:.2f}." in lesson(6)


def test_the_share_of_neighbours_that_two_runs_would_have_in_common_by_chance() -> None:
    assert f"(chance: {100 * 5 / (measured.number('movies-known') - 1):.1f} %)" in lesson(6)


def test_each_figure_of_part_6_shows_what_the_text_says_of_it() -> None:
    text, genres = lesson(6), measured.curve("genre-auc")
    assert round(4 * sum(measured.curve("movie-map-shares"))) == 1
    assert "axes show a quarter of the variance" in text
    for words, column in ((" lie right of a grey band", 5), (" right of a cross", 3)):
        left = " and ".join(row[0] for row in genres if row[1] <= row[column])
        assert f"ll but {left}{words}" in text


def test_a_perfect_guess_misses_each_of_two_noisy_answers_by_less_than_they_differ() -> None:
    least, most = (apart / 2**0.5 for apart in (0.56, 0.82))
    assert "0.56 to 0.82 stars apart" in lesson(6)
    assert f"by that over √2: {least:.2f} to {most:.2f}." in lesson(6)


def test_equally_loved_movies_part_where_one_is_seldom_seen() -> None:
    """With chances of being seen, and of being liked once seen, as the lesson has them."""
    seen, love = {"known": 0.9, "rare": 0.1}, 0.8
    known_wins = seen["known"] * love * (1 - seen["rare"])
    rare_wins = seen["rare"] * love * (1 - seen["known"])
    assert f"{known_wins / rare_wins:.0f} to 1" in lesson(6)


def test_part_4_steps_stops_and_keeps_a_copy(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(4)
    assert capsys.readouterr().out.count("tensor") == 9
    assert (found["user.grad.tolist()"], found["movie.grad.tolist()"]) == ([-3, -6], [-1.5, -3])
    assert found["user"].tolist() == pytest.approx([0.65, 1.3])
    assert found["movie"].tolist() == pytest.approx([1.075, 2.15])
    assert found["(user @ movie).item()"] == pytest.approx(3.49, abs=0.005)
    assert found["dropout(user @ movie).requires_grad"]
    assert found["(epoch, best)"] == (6, 0.86)
    assert (found["kept.tolist()"], found["copied.tolist()"]) == ([1.5, 2], [0.5, 1])


def test_adams_first_step_has_the_size_of_the_learning_rate() -> None:
    user = torch.tensor([0.5, 1.0], requires_grad=True)
    adam = torch.optim.Adam([user], lr=0.005)
    (user @ torch.tensor([1.0, 2.0]) - 4).square().backward()
    adam.step()
    assert user.tolist() == pytest.approx([0.505, 1.005])
    assert "from (0.5, 1) to (0.505, 1.005)" in lesson(4)


def test_the_best_epoch_of_the_run_that_is_drawn() -> None:
    (run_drawn,) = measured.curve("initialisation-small")
    assert f" {min(run_drawn['valid']):.3f} in the run of the figure" in lesson(4)


def test_readers_train_the_model_that_was_measured(
    monkeypatch: pytest.MonkeyPatch, course: Course, data_folder: Path
) -> None:
    code = block(4, "load_ratings(").replace("from exercises.", "from solutions.")
    monkeypatch.setenv("MOVIELENS_100K", str(data_folder))
    found: dict[str, Any] = {}
    exec(code, found)
    solutions = load_code(course, course.solutions)
    dataset = read(solutions, open_folder(data_folder, "a test"))
    fitted = fit(solutions, dataset, replace(REGULAR, epochs=20), lambda done, total: None)
    assert found["history"] == fitted.history


def test_their_training_stops_after_the_best_epoch_that_was_measured() -> None:
    (run_drawn,) = measured.curve("weight-decay-decayed")
    valid = run_drawn["valid"]
    stops = next(end for end in range(20) if np.argmin(valid[: end + 1]) == end - 3)
    assert min(valid[: stops + 1]) == min(valid)


def test_the_cures_stand_beside_their_settings() -> None:
    for name, recipe, strength in (
        ("dot product", DOT_PRODUCT, "–"),
        ("dot product, biases", WITH_BIASES, "–"),
        ("the same, weight decay", REGULAR, f"{REGULAR.weight_decay}"),
        ("the same, L2 penalty", REGULARISED, f"{REGULARISED.l2}"),
    ):
        assert f"\n| {name} | {recipe.n_factors} | {strength} | " in lesson(4)
    assert f"Batches have {REGULARISED.batch_size} ratings with the penalty" in lesson(4)


def test_adamw_leaves_a_rare_row_nearly_as_it_is() -> None:
    row = torch.nn.Parameter(torch.tensor(0.1))
    optimizer = torch.optim.AdamW([row], lr=REGULAR.lr, weight_decay=0.1)
    for _ in range(79):
        row.grad = torch.zeros(())  # no batch uses it
        optimizer.step()
    assert f"this row is still at {row.item():.3f} after the epoch" in lesson(4)


def test_part_5_draws_how_far_the_penalty_lets_eva_go() -> None:
    long, middle, short = (np.linalg.norm(part5._ridge(penalty)) for penalty in (0.1, 1, 10))
    assert (middle / long, short / long) == pytest.approx((2 / 3, 1 / 4), abs=0.02)
    assert "with 1 it is two thirds as long" in lesson(5)
