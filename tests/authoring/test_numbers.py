"""The numbers of the lessons: written between markers, measured, and held to what was measured."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from authoring import numbers
from authoring.build import build, complaints
from authoring.measurements.bench import Found, Measured
from authoring.numbers import (
    CACHE,
    CURVES,
    NUMBERS,
    Kept,
    Number,
    NumberError,
    Source,
    check,
    filled,
    keep_timing,
    read_numbers,
    renew,
    write_numbers,
)
from grading.cli import app
from grading.manifest import Course

RMSE = Number(0.93412, ".3f", 0.002, 5, 0.0041, "here")
KNOWN = {
    "rmse": RMSE,
    "movies": Number(1682.0, ",.0f", 0.0, 1, None, "here"),
    "title": Number("Toy Story", "", 0.0, 1, None, "here"),
    "lines": Number(9.0, "Word", 0.0, 1, None, "here"),
    "change": Number(-0.25, ".2f", 0.0, 1, None, "here"),
}


# In a lesson


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("<!--n:rmse-->0.9<!--/n--> stars", "<!--n:rmse-->0.934<!--/n--> stars"),
        ("<!--n:movies--><!--/n-->", "<!--n:movies-->1,682<!--/n-->"),
        ("*<!--n:title-->?<!--/n-->*", "*<!--n:title-->Toy Story<!--/n-->*"),
        ("<!--n:lines-->?<!--/n--> lines", "<!--n:lines-->Nine<!--/n--> lines"),
        ("<!--n:change-->?<!--/n-->", "<!--n:change-->−0.25<!--/n-->"),
        (
            "| <!--n:rmse-->1<!--/n--> | <!--n:movies-->2<!--/n--> |",
            "| <!--n:rmse-->0.934<!--/n--> | <!--n:movies-->1,682<!--/n--> |",
        ),
        ("no number <!-- a note --> here\n", "no number <!-- a note --> here\n"),
    ],
)
def test_the_shown_value_stands_between_the_markers(text: str, shows: str) -> None:
    assert filled(text, KNOWN, "lesson") == shows
    assert filled(shows, KNOWN, "lesson") == shows


def test_a_name_that_is_not_known_is_told_with_file_and_line() -> None:
    with pytest.raises(NumberError, match=r"^part2/README.md, line 3: there is no number 'rsme'"):
        filled("one\ntwo\n<!--n:rsme-->1<!--/n-->", KNOWN, "part2/README.md")


@pytest.mark.parametrize(
    "broken",
    [
        "<!--n:rmse-->0.9",
        "0.9<!--/n-->",
        "<!--n:rmse-->0.9<!--n-->",
        "<!--n:rmse-->0.9\n<!--/n-->",
        "<!-- n:rmse -->0.9<!-- /n -->",
        "<!--n: rmse-->0.9<!--/n-->",
        "<!--n:RMSE-->0.9<!--/n-->",
        "<!--n:rmse--><!--n:movies-->1<!--/n-->",
        "<!--n:rmse-->0.9<!--/n--> and <!--n:movies-->",
    ],
)
def test_a_broken_marker_is_told_with_file_and_line(broken: str) -> None:
    with pytest.raises(NumberError, match=r"^lesson, line 2: write a number as .* on one line"):
        filled(f"one\n{broken}\n", KNOWN, "lesson")


# In course build


@pytest.fixture
def with_lesson(tiny: Course) -> Course:
    write_numbers(tiny, Kept({}, KNOWN))
    lesson(tiny).write_text("An RMSE of <!--n:rmse-->?<!--/n-->.\n", encoding="utf-8")
    return tiny


def lesson(course: Course) -> Path:
    return course.exercises / "part1" / "README.md"


def test_build_writes_numbers_into_lessons_and_then_nothing(with_lesson: Course) -> None:
    assert any(
        "part1/README.md does not match numbers.json" in said for said in complaints(with_lesson)
    )
    assert build(with_lesson) == [
        Path("exercises/part1/README.md"),
        Path("exercises/part1/part1.ipynb"),
    ]
    assert lesson(with_lesson).read_text() == "An RMSE of <!--n:rmse-->0.934<!--/n-->.\n"
    assert build(with_lesson) == []
    assert list(complaints(with_lesson)) == []


def test_nothing_is_written_where_a_lesson_names_a_number_that_is_not_known(
    with_lesson: Course,
) -> None:
    second = with_lesson.exercises / "part2" / "README.md"
    second.write_text("<!--n:nobody-->?<!--/n-->\n", encoding="utf-8")
    with pytest.raises(NumberError, match=r"exercises/part2/README\.md, line 1: .*'nobody'"):
        build(with_lesson)
    assert "?" in lesson(with_lesson).read_text()
    assert any("part2/README.md, line 1" in said for said in complaints(with_lesson))


def test_numbers_that_cannot_be_read_are_named(with_lesson: Course) -> None:
    (with_lesson.root / NUMBERS).write_text("{")
    with pytest.raises(NumberError, match=r"exercises/numbers\.json cannot be read"):
        build(with_lesson)


# Measuring


class Measuring:
    """A group that measures an RMSE and counts how often it is asked."""

    def __init__(self, rmse: float) -> None:
        self.rmse, self.asked = rmse, 0

    def __call__(self, bench: object) -> Found:
        self.asked += 1
        values = (self.rmse - 0.01, self.rmse, self.rmse + 0.01)
        return Found(
            {"rmse": Measured(values, ".3f", 0.002), "title": Measured(("Alien",))},
            {"curve": [[1.0, 0.123456789]]},
        )


SOURCE = Source(Path("ml-100k"), {"u.data": "abc"})


@pytest.fixture
def group(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> Measuring:
    """The only group of the tiny course, and real data to measure."""
    group = Measuring(0.934)
    (tiny.root / "authoring" / "measurements").mkdir(parents=True)
    monkeypatch.setattr("authoring.measurements.GROUPS", {"invented": group})
    monkeypatch.setattr(numbers, "_bench", lambda course, source: None)
    monkeypatch.setattr(numbers, "real_data", lambda: SOURCE)
    return group


def test_a_measurement_becomes_mean_spread_and_seeds(tiny: Course, group: Measuring) -> None:
    changed = renew(tiny)
    assert changed == ["rmse: new, 0.934", "title: new, Alien"]
    kept = read_numbers(tiny)
    assert kept.data == SOURCE.data
    assert kept.numbers["rmse"] == Number(
        0.934, ".3f", 0.002, 3, 0.01, "authoring.measurements.invented"
    )
    assert json.loads((tiny.root / CURVES).read_text()) == {"curve": [[1.0, 0.1235]]}


def test_measuring_anew_tells_what_changed(tiny: Course, group: Measuring) -> None:
    renew(tiny)
    assert renew(tiny) == ["no number changed"]
    group.rmse = 0.95
    assert renew(tiny) == ["rmse: 0.934 → 0.950"]
    assert group.asked == 3, "the cache is no excuse not to measure"


def test_what_comes_back_within_its_tolerance_is_in_order(tiny: Course, group: Measuring) -> None:
    renew(tiny)
    forget(tiny)
    group.rmse = 0.9355
    assert check(tiny).complaints == []


def test_what_does_not_come_back_is_told(tiny: Course, group: Measuring) -> None:
    renew(tiny)
    forget(tiny)
    group.rmse = 0.9365
    assert check(tiny).complaints == [
        "exercises/numbers.json: rmse is 0.934, but authoring.measurements.invented measures "
        "0.936 (tolerance 0.002); run: course build --numbers"
    ]


def test_a_committed_number_that_was_edited_is_told(tiny: Course, group: Measuring) -> None:
    renew(tiny)
    kept = read_numbers(tiny)
    edited = {
        "rmse": replace(kept.numbers["rmse"], value=0.9),
        "title": replace(kept.numbers["title"], value="Aliens"),
    }
    write_numbers(tiny, Kept(kept.data, edited))
    told = check(tiny).complaints
    assert len(told) == 2
    assert "title is Aliens" in told[1]


def test_numbers_that_are_missing_or_measured_by_nobody_are_told(
    tiny: Course, group: Measuring
) -> None:
    renew(tiny)
    kept = read_numbers(tiny)
    write_numbers(tiny, Kept(kept.data, {"rmse": kept.numbers["rmse"], "old": RMSE}))
    assert check(tiny).complaints == [
        "exercises/numbers.json: nothing measures old; run: course build --numbers",
        "exercises/numbers.json: title is missing; run: course build --numbers",
    ]


def test_timings_are_kept_to_one_digit_and_never_checked(tiny: Course, group: Measuring) -> None:
    keep_timing(tiny, "times-faster", 637, "python -m benchmarks.speed")
    renew(tiny)
    assert str(read_numbers(tiny).numbers["times-faster"]) == "600"
    assert check(tiny).complaints == []


# The cache


def forget(course: Course) -> None:
    for path in (course.root / CACHE).rglob("*.json"):
        path.unlink()


def test_a_second_check_remembers(tiny: Course, group: Measuring) -> None:
    renew(tiny)
    assert check(tiny) == check(tiny) == numbers.Verdict([])
    assert group.asked == 1


@pytest.mark.parametrize("what", ["solution", "tutorial", "data", "torch"])
def test_a_change_of_what_is_involved_measures_again(
    tiny: Course, group: Measuring, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def change() -> Any:
        if what == "solution":
            path = tiny.solutions / "part1" / "sums.py"
            path.write_text(path.read_text() + "# another\n")
        elif what == "tutorial":
            path = tiny.root / "tutorial" / "baselines.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("# another\n")
        elif what == "torch":
            monkeypatch.setattr("torch.__version__", "0.0")
        return {"u.data": "other"} if what == "data" else SOURCE.data

    numbers.measure(tiny, SOURCE)
    data = change()
    numbers.measure(tiny, replace(SOURCE, data=data))
    assert group.asked == 2
    assert len(list((tiny.root / CACHE).rglob("*.json"))) == 1, "what is outdated goes"


@pytest.mark.parametrize("broken", ["", "{", '{"numbers": {}}', "[]"])
def test_a_broken_memory_is_measured_again(tiny: Course, group: Measuring, broken: str) -> None:
    numbers.measure(tiny, SOURCE)
    for path in (tiny.root / CACHE).rglob("*.json"):
        path.write_text(broken)
    found = numbers.measure(tiny, SOURCE)
    assert found["invented"].numbers["title"].values == ("Alien",)
    assert group.asked == 2


# Without the real data


def test_other_data_than_was_measured_is_not_measured(
    with_lesson: Course, group: Measuring
) -> None:
    verdict = check(with_lesson)
    assert verdict.complaints == []
    assert verdict.note == "numbers not checked: ml-100k holds other data than numbers.json"
    assert group.asked == 0


def test_a_course_without_numbers_does_not_look_for_data(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(numbers, "real_data")
    assert check(tiny) == numbers.Verdict([])


def run(course: Course, option: str) -> Result:
    with contextlib.chdir(course.root):
        return CliRunner().invoke(app, ["build", option])


def test_without_the_real_data_one_line_says_that_numbers_were_not_checked(
    with_lesson: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "real_data", lambda: None)
    build(with_lesson)
    result = run(with_lesson, "--check")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "numbers not checked: MovieLens 100K is not here (see course data)",
        "no problems",
    ]


def test_a_folder_without_data_in_it_is_a_complaint(
    with_lesson: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOVIELENS_100K", "/nowhere")
    (complaint,) = check(with_lesson).complaints
    assert "MOVIELENS_100K names /nowhere" in complaint


@pytest.mark.parametrize(
    ("source", "words"),
    [(None, "nothing to measure with"), (SOURCE, "brings no code that measures")],
)
def test_without_data_or_code_nothing_is_measured(
    tiny: Course, monkeypatch: pytest.MonkeyPatch, source: Source | None, words: str
) -> None:
    monkeypatch.setattr(numbers, "real_data", lambda: source)
    result = run(tiny, "--numbers")
    assert result.exit_code == 1
    assert words in result.output
