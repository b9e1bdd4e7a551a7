"""The tutorial: baselines, the code that runs it, and the demo from files to plots."""

import dataclasses
import io
import re
import shutil
from itertools import combinations
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.text import Text
from rich.console import Console
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from data import MovieLens
from grading import manifest
from grading.manifest import Course
from tests.tutorial.calls import recorded
from tutorial import baselines, plots
from tutorial.by import By
from tutorial.code import Code, CodeError, explained, load_code, load_deep_code, require_done
from tutorial.commands import DEMO
from tutorial.demo import demo
from tutorial.experiment import (
    REGULARISED,
    Fitted,
    Recipe,
    WatchedLoader,
    movie_factors,
    new_model,
    read,
    rmse,
    train,
)
from tutorial.ladder import Rung, means, print_ladder

TITLES = re.compile(r"\[bold\] Film No\. \d+")


def encoded(*rows: tuple[int, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["user_idx", "movie_idx", "rating"])
    return frame.astype({"user_idx": "int64", "movie_idx": "int64", "rating": "float32"})


# Baselines

TRAIN = encoded((0, 0, 5), (0, 1, 3), (1, 0, 4), (1, 2, 1), (2, 0, 2))  # the mean is 3
VALID = encoded((0, 2, 1), (1, 1, 2), (2, 3, 3), (3, 0, 4))  # movie 3 and user 3 are unknown


def test_the_global_mean_is_the_same_for_everyone() -> None:
    assert baselines.global_mean(TRAIN, VALID).tolist() == [3, 3, 3, 3]


def test_the_mean_of_a_user_and_of_a_movie_and_the_global_one_for_unknown_ones() -> None:
    assert baselines.mean_by("user_idx", TRAIN, VALID).tolist() == [4, 2.5, 2, 3]
    by_movie = baselines.mean_by("movie_idx", TRAIN, VALID)
    assert by_movie == pytest.approx([1, 3, 3, 11 / 3])


def test_means_do_not_look_at_the_validation_ratings() -> None:
    other = VALID.assign(rating=VALID["rating"] * 0 + 5)
    for predict in (baselines.global_mean, baselines.biases):
        assert predict(TRAIN, other) == pytest.approx(predict(TRAIN, VALID))


def ridge(train: pd.DataFrame, valid: pd.DataFrame, regularization: float = 5.0) -> np.ndarray:
    """Both kinds of biases at once, by the normal equations."""
    n_users = 1 + max(train["user_idx"].max(), valid["user_idx"].max())
    n_movies = 1 + max(train["movie_idx"].max(), valid["movie_idx"].max())

    def design(frame: pd.DataFrame) -> np.ndarray:
        matrix = np.zeros((len(frame), n_users + n_movies))
        matrix[np.arange(len(frame)), frame["user_idx"]] = 1
        matrix[np.arange(len(frame)), n_users + frame["movie_idx"]] = 1
        return matrix

    mean = train["rating"].mean()
    x, y = design(train), (train["rating"] - mean).to_numpy()
    weights = np.linalg.solve(x.T @ x + regularization * np.eye(x.shape[1]), x.T @ y)
    return mean + design(valid) @ weights


def test_biases_are_the_solution_of_the_ridge_regression(rng: np.random.Generator) -> None:
    pairs = np.argwhere(rng.random((12, 9)) < 0.7)
    stars = rng.integers(1, 6, len(pairs))
    ratings = encoded(*((u, m, r) for (u, m), r in zip(pairs.tolist(), stars, strict=True)))
    train, valid = ratings.iloc[::2], ratings.iloc[1::2]
    for one, other in ((TRAIN, VALID), (train, valid)):
        assert baselines.biases(one, other, sweeps=200) == pytest.approx(ridge(one, other))
        assert baselines.biases(one, other) == pytest.approx(ridge(one, other), abs=0.02)


def test_rmse_is_measured_in_stars_on_clipped_predictions() -> None:
    frame = encoded((0, 0, 5), (0, 1, 1))
    assert rmse(np.array([4.0, 3.0]), frame) == pytest.approx(np.sqrt((1 + 4) / 2))
    assert rmse(np.array([9.0, -7.0]), frame) == 0


# Training


def test_a_second_learning_rate_goes_on_with_the_same_model_and_penalty() -> None:
    seen = []

    def fit(model: nn.Module, *loaders: Any, **settings: Any) -> list[dict[str, float]]:
        seen.append((model, settings["epochs"], settings["lr"], settings["penalty"].keywords))
        return [{"epoch": 1, "valid_loss": 1 / settings["lr"]}]

    recipe = Recipe("two rates", True, 3, lr=0.5, then_lr=0.25, l2=0.2)
    training = SimpleNamespace(fit=fit, l2_penalty=lambda: None)
    code, model = cast(Code, SimpleNamespace(training=training)), nn.Linear(1, 1)
    histories = train(code, model, [], DataLoader(TensorDataset(torch.zeros(1))), recipe, [7, 4])
    assert seen == [(model, 7, 0.5, {"strength": 0.2}), (model, 4, 0.25, {"strength": 0.2})]
    fitted = Fitted(recipe, model, histories, rmse=1.0)
    assert [(entry["epoch"], entry["valid_loss"]) for entry in fitted.history] == [(1, 2), (2, 4)]


def test_the_factors_start_as_the_recipe_says(code: Code) -> None:
    torch.manual_seed(0)
    model = new_model(code, 40, 60, 3.5, Recipe("small", True, 50, lr=0.1, start=0.02))
    assert 0.019 < movie_factors(model).std() < 0.021


# The watched loader


def test_a_watched_loader_counts_the_batches_of_all_epochs_and_passes_the_rest_on() -> None:
    heard: list[tuple[int, int]] = []
    dataset = TensorDataset(torch.arange(5))
    loader = DataLoader(dataset, batch_size=2)
    watched = WatchedLoader(loader, 3, lambda done, total: heard.append((done, total)))
    assert len(watched) == 3
    assert [(batch[0].tolist(), len(heard)) for batch in watched] == [
        *(([0, 1], 0), ([2, 3], 1), ([4], 2))  # a batch counts once it has been used
    ]
    list(watched)
    assert heard == [(done, 9) for done in range(1, 7)]
    assert watched.dataset is dataset
    assert watched.batch_size == 2
    with pytest.raises(AttributeError):
        _ = watched.no_such_thing


# Code that is not complete


@pytest.fixture
def folder(course: Course, tmp_path: Path) -> Path:
    """A copy of the solutions, to break."""
    copy = tmp_path / "mine"
    shutil.copytree(course.solutions, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def mine(folder: Path, course: Course) -> Course:
    """The course as it would be with the copy as its exercises."""
    shutil.copy(course.exercises / "course.toml", folder / "course.toml")
    root = folder.parent
    folder.rename(root / "exercises")
    return manifest.load(root)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_complete_code_is_loaded_under_the_names_of_its_files(mine: Course) -> None:
    code = load_deep_code(mine, mine.exercises)
    assert isinstance(code.dataset, ModuleType)
    for part in mine.parts[1:]:
        module = getattr(code, Path(part.module).stem)
        assert module.__file__ == str(mine.exercises / part.path)


def test_an_optional_part_is_loaded_only_where_it_is_used(mine: Course) -> None:
    (mine.exercises / "part7" / "deep.py").unlink()
    load_code(mine, mine.exercises)
    with pytest.raises(CodeError, match=r"^exercises/part7/deep\.py: there is no file deep\.py$"):
        load_deep_code(mine, mine.exercises)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "part6/explore.py",
            "numpy as",
            "numpi as",
            "ModuleNotFoundError: No module named 'numpi'",
        ),
        ("part3/model.py", "import torch\n", "import torch,\n", "SyntaxError: "),
    ],
)
def test_a_module_that_cannot_be_imported_is_named_with_its_line(
    mine: Course, name: str, old: str, new: str, says: str
) -> None:
    replace(mine.exercises / name, old, new)
    with pytest.raises(CodeError) as raised:
        load_code(mine, mine.exercises)
    assert str(raised.value).startswith(f"exercises/{name}, line 3: {says}")


def test_all_tasks_that_are_needed_and_are_stubs_are_named_at_once(
    mine: Course, course: Course
) -> None:
    for part in mine.parts[1:]:
        shutil.copy(course.exercises / ".stubs" / part.path, mine.exercises / part.path)
    with pytest.raises(CodeError) as raised:
        require_done(mine, mine.exercises, {"2.5", "4.2", "5.2"})
    assert str(raised.value) == (
        "this needs tasks that are not done yet:\n"
        "  2.5 split_ratings: exercises/part2/dataset.py\n"
        "  4.2 train_epoch: exercises/part4/training.py\n"
        "  5.2 recommend: exercises/part5/recommend.py\n"
        "check them with: course check 2.5 4.2 5.2"
    )


def test_what_is_not_needed_may_be_a_stub_or_missing(mine: Course, course: Course) -> None:
    shutil.copy(course.exercises / ".stubs" / "part6" / "explore.py", mine.exercises / "part6")
    (mine.exercises / "part7" / "deep.py").unlink()
    require_done(mine, mine.exercises, DEMO - {"6.1", "6.3", "6.5"})


RECOMMEND = r"exercises/part5/recommend\.py"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'require_positive("k", k)\n    return sum',
            'raise NotImplementedError("TODO 5.2: score")\n    return sum',
            rf"task 5\.2 recommend is not done yet: {RECOMMEND}\ncheck it with: course check 5\.2",
        ),
        (
            "def precision_at_k(",
            "def precise(",
            rf"{RECOMMEND}: recommend\.py has no precision_at_k",
        ),
        (
            "def fold_in(",
            "def fold(",
            rf"{RECOMMEND}, line \d+: ValueError: k must be at least 1.*",
        ),
    ],
    ids=["a stub", "a missing function", "a crash"],
)
def test_what_stops_a_call_is_named(mine: Course, old: str, new: str, says: str) -> None:
    replace(mine.exercises / "part5" / "recommend.py", old, new)
    code = load_code(mine, mine.exercises)
    with pytest.raises(CodeError) as raised, explained(mine, mine.exercises):
        code.recommend.precision_at_k([1], {1}, 0)
    assert re.match(says, str(raised.value))


@pytest.mark.parametrize("error", [ValueError("x"), OSError(28, "full"), KeyboardInterrupt()])
def test_errors_in_which_the_code_has_no_part_pass_through(
    course: Course, error: BaseException
) -> None:
    with pytest.raises(type(error)) as raised, explained(course, course.solutions):
        raise error
    assert raised.value is error


def test_an_explained_error_is_not_explained_twice(course: Course) -> None:
    error = CodeError("once", "once", "model.py", "3")
    with (
        pytest.raises(CodeError) as raised,
        explained(course, course.solutions),
        explained(course, course.solutions),
    ):
        raise error
    assert raised.value is error


# The demo


def new_console() -> Console:
    return Console(width=160, record=True, markup=False, file=io.StringIO())


@pytest.fixture(scope="module")
def told(
    course: Course,
    code: Code,
    movielens: MovieLens,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Path]:
    """What the demo prints with the reference solutions, and where its plots are."""
    plots = tmp_path_factory.mktemp("plots") / "new" / "folder"
    console = new_console()
    with recorded(course, code) as called:
        demo(console, code, movielens, plots, By.LIKES)
    assert called == DEMO, "what must be done is known before it begins"
    return console.export_text(), plots


def table(text: str, title: str) -> list[list[str]]:
    """The cells of the table under a title, one list a row."""
    lines = text[text.index(title) :].splitlines()
    rows: list[list[str]] = []
    for line in lines[1:]:
        if line.startswith("└"):
            break
        if line.startswith("│"):
            rows.append([cell.strip() for cell in line.strip("│").split("│")])
    return rows


def test_the_demo_says_what_data_it_has(told: tuple[str, Path], data_folder: Path) -> None:
    n_ratings = len((data_folder / "u.data").read_text().splitlines())
    assert f"{n_ratings:,} ratings by 40 users of 60 movies, from a test" in told[0]


def test_the_ladder_has_errors_in_stars_and_the_quality_of_lists(told: tuple[str, Path]) -> None:
    ladder = table(told[0], "On held-out ratings")
    assert [row[0] for row in ladder] == [
        *("global mean", "user mean", "movie mean", "biases"),
        *("dot product", "with biases", "regularised"),
        *("most rated", "BPR", "EASE"),
    ]
    errors = [float(row[1]) for row in ladder[:7]]
    assert all(0 < error < 3 for error in errors)
    assert min(errors[5:]) < errors[0]
    best = errors.index(min(errors))
    assert ladder[best][2].count("█") == 14, "the best has the longest bar"
    assert f"{(errors[0] - errors[best]) / errors[0]:.1%}" in ladder[best][2]
    assert all(row[3] == "" for row in ladder[:6])
    gains = [float(row[3]) for row in ladder[6:]]
    assert all(0 < gain < 1 for gain in gains)
    assert ladder[6 + gains.index(max(gains))][4].count("█") == 14
    assert all(row[1:3] == ["", ""] for row in ladder[7:]), "these predict no stars"


def test_the_best_epoch_is_marked_and_has_the_lowest_validation_loss(
    told: tuple[str, Path],
) -> None:
    history = table(told[0], "Training regularised: mean squared error")
    assert [int(row[0]) for row in history] == list(range(1, len(history) + 1))
    marked = [row for row in history if "best" in row[3]]
    assert len(marked) == 1
    assert float(marked[0][2]) == min(float(row[2]) for row in history)
    assert f"{len(history)} epochs, best epoch {marked[0][0]}, RMSE " in told[0]


def test_the_demo_ends_in_a_list_with_reasons(told: tuple[str, Path]) -> None:
    rows = table(told[0], "Top 10 for user 1, by what they like")
    assert [row[0] for row in rows] == [str(place) for place in range(1, 11)]
    assert all(TITLES.match(row[1]) and TITLES.match(row[2]) for row in rows)


def test_neighbours_are_shown_of_two_movies_with_titles(told: tuple[str, Path]) -> None:
    rows = table(told[0], "Most similar movies")
    assert len(rows) == 5
    assert all(len(row) == 2 and TITLES.match(row[0]) and TITLES.match(row[1]) for row in rows)


def test_three_plots_are_saved_and_named(told: tuple[str, Path]) -> None:
    text, folder = told
    assert sorted(path.name for path in folder.iterdir()) == [
        "embedding_map.png",
        "ladder.png",
        "loss_curve.png",
    ]
    for path in folder.iterdir():
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert path.stat().st_size > 5000
        assert f"saved {path}" in text


@pytest.fixture(scope="module")
def untrained(code: Code, movielens: MovieLens) -> tuple[Any, Fitted]:
    """The data, and a model that has learned nothing."""
    dataset = read(code, movielens)
    torch.manual_seed(0)
    model: nn.Module = code.model.BiasedMatrixFactorization(40, 60, 8, global_mean=3.5)
    history = [
        {"epoch": 1, "train_loss": 2.0, "valid_loss": 1.5},
        {"epoch": 2, "train_loss": 1.0, "valid_loss": 1.25},
        {"epoch": 3, "train_loss": 0.5, "valid_loss": 1.25},
    ]
    return dataset, Fitted(REGULARISED, model, [history], rmse=1.0)


def test_the_best_epoch_is_the_first_of_equals(untrained: tuple[Any, Fitted]) -> None:
    assert untrained[1].best_epoch == 2


def test_the_global_mean_of_the_model_is_that_of_the_training_ratings(
    untrained: tuple[Any, Fitted],
) -> None:
    dataset = untrained[0]
    assert dataset.global_mean == pytest.approx(dataset.train_encoded["rating"].mean())
    assert len(dataset.train_encoded) + len(dataset.valid_encoded) == len(dataset.ratings)
    first = means(dataset)[0]
    assert first.name == "global mean"
    assert first.rmse == pytest.approx(
        np.sqrt(np.mean((dataset.valid_encoded["rating"] - dataset.global_mean) ** 2)), abs=1e-6
    )


def test_a_ladder_without_a_gain_has_no_bars() -> None:
    console = new_console()
    print_ladder(console, [Rung("one", 1.0), Rung("two", 1.0), Rung("three", 1.5, ndcg=0.0)])
    text = console.export_text()
    assert "█" not in text
    assert "-50.0%" in text


# Pictures


@pytest.fixture(scope="module")
def pictures(untrained: tuple[Any, Fitted]) -> dict[str, Figure]:
    dataset, fitted = untrained
    long = dataset.movies.assign(title=[f"A movie with a name, {n}, The (1990)" for n in range(60)])
    rungs = [
        Rung("a method with a long name", 1.1),
        Rung("two", 0.9, 0.1),
        Rung("three", None, 0.3),
    ]
    titles = [
        f"A movie with a name that is much longer than this picture is wide {n}" for n in range(9)
    ]
    return {
        "loss curve": plots.loss_curve(fitted),
        "ladder": plots.ladder_plot(rungs),
        "map": plots.embedding_map(fitted, dataclasses.replace(dataset, movies=long)),
        "attention": plots.attention_plot(np.tri(9) / 9, titles),
    }


@pytest.mark.parametrize("name", ["loss curve", "ladder", "map", "attention"])
def test_no_text_of_a_picture_covers_another_one(pictures: dict[str, Figure], name: str) -> None:
    figure = pictures[name]
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    texts = [text for text in texts if text.get_rotation() == 0]  # a slanted text has a large box
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert len(boxes) > 8
    for (one, box), (other, other_box) in combinations(boxes, 2):
        assert not box.overlaps(other_box), (one, other)


def test_the_map_names_movies_as_people_do_and_covers_no_point(
    pictures: dict[str, Figure],
) -> None:
    (axes,) = pictures["map"].axes
    names = [text for text in axes.texts if text.get_text()]
    assert 3 <= len(names) <= 14
    points = np.vstack(
        [axes.transData.transform(np.asarray(dots.get_offsets())) for dots in axes.collections]
    )
    for name in names:
        assert re.fullmatch(r"The A movie with a name, \d+", name.get_text())
        box = name.get_window_extent()
        assert box.count_contains(points) == 0
        assert axes.get_window_extent().contains(*box.min)
        assert axes.get_window_extent().contains(*box.max)
