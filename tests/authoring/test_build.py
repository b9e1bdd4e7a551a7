"""`course build`: stubs from solutions, what is not in order, and nobody's work lost."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from authoring import figures
from authoring.build import build, complaints
from authoring.stubs import MarkerError, regions, stub
from grading import manifest
from grading.manifest import Course
from tests.courses import make_optional

GOOD = '''\
def f(x):
    """Double."""
    # TODO 1.1: double it (1 line)
    # BEGIN SOLUTION 1.1
    return x * 2
    # END SOLUTION 1.1


class A:
    def g(self):
        # TODO 1.1: triple it (1 line)
        # BEGIN SOLUTION 1.1
        if self:
            return 3

        return 0
        # END SOLUTION 1.1

    def h(self):
        return 1
'''


# Stubs


def test_a_region_becomes_one_error_with_the_words_of_its_todo() -> None:
    assert (
        stub(GOOD, "f.py")
        == '''\
def f(x):
    """Double."""
    # TODO 1.1: double it (1 line)
    raise NotImplementedError("TODO 1.1: double it (1 line)")


class A:
    def g(self):
        # TODO 1.1: triple it (1 line)
        raise NotImplementedError("TODO 1.1: triple it (1 line)")

    def h(self):
        return 1
'''
    )


def test_a_task_may_have_several_regions() -> None:
    assert [(r.task, r.todo, r.indent) for r in regions(GOOD, "f.py")] == [
        ("1.1", "TODO 1.1: double it (1 line)", "    "),
        ("1.1", "TODO 1.1: triple it (1 line)", "        "),
    ]


@pytest.mark.parametrize(
    "todo",
    [
        'say "hello" to it',
        "keep the \\n and the C:\\new as they are",
        "it's 100 % of {x}, naïve – and −∞",
        "ends in a backslash \\",
    ],
)
def test_the_words_of_a_todo_arrive_as_they_are(todo: str) -> None:
    text = stub(GOOD.replace("double it (1 line)", todo), "f.py")
    names: dict[str, Callable] = {}
    exec(compile(text, "f.py", "exec"), names)
    with pytest.raises(NotImplementedError) as raised:
        names["f"](1)
    assert str(raised.value) == f"TODO 1.1: {todo}"


def test_a_long_todo_is_broken_as_ruff_would() -> None:
    for length in (50, 61, 62, 63, 70, 80):
        text = stub(GOOD.replace("double it (1 line)", "x" * length), "f.py")
        ast.parse(text)
        assert max(len(line) for line in text.splitlines()) <= 100
        is_broken = "raise NotImplementedError(\n" in text
        assert is_broken == (len('    raise NotImplementedError("TODO 1.1: ")') + length > 100)


def test_a_todo_that_cannot_be_broken_is_told_by_how_much_it_is_too_long() -> None:
    todo = "y" * 85  # 8 of indentation, 2 quotes, 10 for "TODO 1.1: " and 85 are 105
    with pytest.raises(MarkerError) as raised:
        stub(GOOD.replace("double it (1 line)", todo), "f.py")
    assert str(raised.value).startswith("f.py, line 3: TODO 1.1 makes a line of the stub too long")
    assert str(raised.value).endswith("make it shorter by 5 characters")


def test_what_ends_without_a_newline_or_has_those_of_windows_becomes_a_stub() -> None:
    assert stub(GOOD.rstrip("\n"), "f.py") == stub(GOOD, "f.py")
    assert stub(GOOD.replace("\n", "\r\n"), "f.py") == stub(GOOD, "f.py")


# Markers


@pytest.mark.parametrize(
    ("old", "new", "line", "fix"),
    [
        ("    # END SOLUTION 1.1\n\n\nclass", "\n\nclass", 11, "close 1.1 first"),
        ("    # BEGIN SOLUTION 1.1\n    return", "    return", 5, "without a BEGIN"),
        ("        # END SOLUTION 1.1\n", "", 12, "has no END"),
        ("# END SOLUTION 1.1\n\n\nclass", "# END SOLUTION 1.2\n\n\nclass", 6, "the same number"),
        ("return x * 2", "return x * 2  # END SOLUTION 1.1", 5, "on its own line"),
        ("    # TODO 1.1: double it (1 line)\n", "", 3, "write '# TODO 1.1: what to do'"),
        ("# TODO 1.1: double", "# TODO 1.2: double", 4, "write '# TODO 1.1: what to do'"),
        ("# TODO 1.1: double it (1 line)", "# TODO 1.1:", 4, "write '# TODO 1.1: what to do'"),
        ("(1 line)\n    # BEGIN", "(1 line)\n\n    # BEGIN", 5, "in the line above"),
    ],
)
def test_a_wrong_marker_is_told_with_file_line_and_fix(
    old: str, new: str, line: int, fix: str
) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(MarkerError) as raised:
        regions(GOOD.replace(old, new), "solutions/part1/f.py")
    assert str(raised.value).startswith(f"solutions/part1/f.py, line {line}: ")
    assert fix in str(raised.value)


@pytest.mark.parametrize(
    "marker", ["# BEGIN SOLUTION", "# Begin solution 1.1", "#BEGIN SOLUTION 1.1"]
)
def test_what_looks_like_a_marker_is_told_how_to_write_one(marker: str) -> None:
    source = GOOD.replace("# BEGIN SOLUTION 1.1", marker, 1)
    with pytest.raises(MarkerError, match=r"^f\.py, line 4: write a marker as '# BEGIN SOLUTION"):
        regions(source, "f.py")


def test_a_marker_in_the_first_line_lacks_its_todo() -> None:
    with pytest.raises(MarkerError, match=r"line 1: write '# TODO 1\.1"):
        regions("# BEGIN SOLUTION 1.1\n# END SOLUTION 1.1\n", "f.py")


def test_ordinary_comments_are_no_markers() -> None:
    assert regions("# BEGIN with the solution in mind\n# the END\nsolution = 1\n", "f.py") == []


# Writing


def solution(course: Course) -> Path:
    return course.solutions / "part1" / "sums.py"


def backups(course: Course) -> list[Path]:
    return sorted((course.root / ".course" / "backup").rglob("*.py"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_second_build_writes_nothing(tiny: Course) -> None:
    files = [path for path in tiny.root.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in files}
    assert build(tiny) == []
    after = {path: path.stat().st_mtime_ns for path in tiny.root.rglob("*") if path.is_file()}
    assert after == before


def test_a_change_of_a_solution_arrives_in_its_stub_and_in_the_copy_for_reset(
    tiny: Course,
) -> None:
    change(solution(tiny), "The difference.", "First minus second.")
    written = build(tiny)
    assert written == [Path("exercises/part1/sums.py"), Path("exercises/.stubs/part1/sums.py")]
    for path in written:
        assert "First minus second." in (tiny.root / path).read_text(encoding="utf-8")


def test_what_is_overwritten_is_kept(tiny: Course) -> None:
    stub_path = tiny.exercises / "part1" / "sums.py"
    stub_path.write_text("mine = 1\n")
    assert build(tiny) == [Path("exercises/part1/sums.py")]
    assert [path.read_text() for path in backups(tiny)] == ["mine = 1\n"]
    stub_path.write_text("mine = 2\n")
    build(tiny)
    assert [path.read_text() for path in backups(tiny)] == ["mine = 1\n", "mine = 2\n"]


def test_a_wrong_marker_in_the_last_solution_keeps_everything_from_being_written(
    tiny: Course,
) -> None:
    change(solution(tiny), "The difference.", "First minus second.")
    change(tiny.solutions / "part2" / "fractions.py", "    # END SOLUTION 2.1\n", "")
    with pytest.raises(MarkerError, match=r"solutions/part2/fractions.py, line 7.*has no END"):
        build(tiny)
    assert "First minus" not in (tiny.exercises / "part1" / "sums.py").read_text(encoding="utf-8")
    assert backups(tiny) == []


def test_a_solution_that_is_not_there_is_named(tiny: Course) -> None:
    (tiny.solutions / "part2" / "fractions.py").unlink()
    with pytest.raises(MarkerError, match=r"solutions/part2/fractions.py does not exist; write"):
        build(tiny)
    assert any("fractions.py does not exist" in said for said in complaints(tiny))


# course build --check


def test_nothing_is_complained_about_where_all_is_in_order(tiny: Course) -> None:
    assert list(complaints(tiny)) == []


STUB, PRISTINE = "exercises/part1/sums.py", "exercises/.stubs/part1/sums.py"
SOLUTION, TOML = "solutions/part1/sums.py", "exercises/course.toml"
CHECKS = "exercises/part1/test_part1.py"
OUTDATED = "is out of date with its solution; run: course build"
TODO = "    # TODO 1.2: take the second from the first (1 line)\n"
HINT = "What is a difference?"
GIVEN = "difference = first - second"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (STUB, "The sum.", "A sum.", f"{STUB} {OUTDATED}"),
        (PRISTINE, "The sum.", "A sum.", f"{PRISTINE} {OUTDATED}"),
        (SOLUTION, TODO, "", f"{SOLUTION}, line 14: write '# TODO 1.2: what to do' in the line"),
        (TOML, f'"{HINT}", ', "", f"{TOML}: task 1.2 needs three hints, none of them empty"),
        (TOML, HINT, " ", f"{TOML}: task 1.2 needs three hints, none of them empty"),
        (TOML, HINT, f"Write {GIVEN}.", f"{TOML}: a hint of 1.2 gives away {GIVEN!r}"),
        (CHECKS, "points=30", "points=29", "the checks add up to 99 points instead of 100"),
        (
            CHECKS,
            '"1.5"',
            '"1.4"',
            f'{CHECKS}: task 1.5 has no check; add one with @task("1.5", …)',
        ),
        (
            CHECKS,
            '"1.5"',
            '"7.5"',
            "task 1.5 has no check\na check names task 7.5, which is not in course.toml",
        ),
    ],
)
def test_what_is_not_in_order_is_told_with_file_and_fix(
    tiny: Course, file: str, old: str, new: str, says: str
) -> None:
    change(tiny.root / file, old, new)
    found = list(complaints(manifest.load(tiny.root)))
    for complaint, words in zip(found, says.split("\n"), strict=True):
        assert words in complaint


def test_a_task_without_a_region_and_a_region_without_a_task_are_found(tiny: Course) -> None:
    text = solution(tiny).read_text(encoding="utf-8").replace("1.5", "1.7")
    solution(tiny).write_text(text, encoding="utf-8")
    name = "solutions/part1/sums.py"
    found = list(complaints(tiny))
    assert f"{name}: SOLUTION 1.7 is not a task of part 1 in course.toml" in found
    assert f"{name}: task 1.5 has no TODO and no BEGIN SOLUTION 1.5" in found


def test_bonus_points_are_not_among_the_100(tiny: Course) -> None:
    assert list(complaints(make_optional(tiny, 2))) == [
        "the checks add up to 90 points instead of 100"
    ]


def test_a_missing_stub_and_missing_checks_are_found(tiny: Course) -> None:
    (tiny.exercises / "part2" / "fractions.py").unlink()
    (tiny.exercises / "part2" / "test_part2.py").unlink()
    assert list(complaints(tiny)) == [
        'exercises/part2/test_part2.py: task 2.1 has no check; add one with @task("2.1", …)',
        "the checks add up to 90 points instead of 100",
        "exercises/part2/fractions.py is out of date with its solution; run: course build",
    ]


def test_complaints_write_nothing(tiny: Course) -> None:
    stub_path = tiny.exercises / "part1" / "sums.py"
    stub_path.write_text("mine = 1\n")
    assert list(complaints(tiny))
    assert stub_path.read_text() == "mine = 1\n"
    assert not (tiny.root / ".course").exists()


# Figures

FIGURE = Path("exercises/part1/figures/ab-story.svg")


@pytest.fixture
def illustrated(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course with one figure, which lies where it belongs."""
    from authoring.figures import part1

    drawing = figures.Drawing(FIGURE, part1.ab_story)
    monkeypatch.setattr(figures, "drawings", lambda course: [drawing])
    assert build(tiny) == [FIGURE]
    return tiny


def test_a_course_without_drawings_has_no_figures(tiny: Course) -> None:
    assert list(figures.drawings(tiny)) == []


def test_a_figure_is_written_only_where_it_differs(illustrated: Course) -> None:
    drawn = (illustrated.root / FIGURE).read_bytes()
    assert build(illustrated) == []
    change(illustrated.root / FIGURE, "</svg>", "<!-- by hand --></svg>")
    assert build(illustrated) == [FIGURE]
    assert (illustrated.root / FIGURE).read_bytes() == drawn


def test_a_missing_a_changed_and_an_orphaned_figure_are_complained_about(
    illustrated: Course,
) -> None:
    assert list(complaints(illustrated)) == []
    change(illustrated.root / FIGURE, "</svg>", "<!-- by hand --></svg>")
    (changed,) = complaints(illustrated)
    assert changed == f"{FIGURE.as_posix()} is out of date with its code; run: course build"
    (illustrated.root / FIGURE).rename((illustrated.root / FIGURE).with_name("old.svg"))
    missing, orphaned = complaints(illustrated)
    assert missing == f"{FIGURE.as_posix()} is missing; run: course build"
    assert "no code draws exercises/part1/figures/old.svg; delete it, or draw" in orphaned


def test_a_figure_that_another_version_of_matplotlib_drew_is_not_compared(
    illustrated: Course,
) -> None:
    path = illustrated.root / FIGURE
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"Matplotlib v[\d.]+", "Matplotlib v3.8.0", text), encoding="utf-8")
    change(path, "</svg>", "<!-- in other bytes --></svg>")
    assert list(complaints(illustrated)) == []
