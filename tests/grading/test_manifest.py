"""The manifest: what stands in course.toml, and what is said when it cannot be."""

from pathlib import Path

import pytest

from grading import manifest
from grading.manifest import Course, ManifestError


def test_the_tasks_of_each_part_are_numbered_in_order_and_only_part_7_is_a_bonus(
    course: Course,
) -> None:
    for part in course.parts:
        numbers = range(1, len(part.tasks) + 1)
        assert [task.id for task in part.tasks] == [f"{part.number}.{n}" for n in numbers]
        assert {task.bonus for task in part.tasks} == {part.optional} == {part.number == 7}
    assert [part.number for part in course.required] == [1, 2, 3, 4, 5, 6]


def test_every_task_has_three_different_hints_that_are_sentences(course: Course) -> None:
    for task in course.tasks.values():
        assert len(task.hints) == 3, task.id
        assert len(set(task.hints)) == 3, task.id
        assert all(hint.strip()[-1] in ".?!" for hint in task.hints), task.id
        assert "?" in task.hints[0], f"the first hint of {task.id} is a question"


def test_every_symbol_of_a_task_stands_in_its_solution(course: Course) -> None:
    for part in course.parts:
        source = (course.solutions / part.path).read_text(encoding="utf-8")
        for task in part.tasks:
            for symbol in task.symbols:
                name = symbol.split(".")[-1]
                assert f"def {name}(" in source or f"class {name}(" in source, symbol


def test_the_root_is_found_from_a_subfolder(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tiny.exercises / "part1"
    assert manifest.find_root(below) == tiny.root
    monkeypatch.chdir(below)
    assert manifest.load().root == tiny.root


def test_from_outside_the_root_is_where_the_package_lies(course: Course, tmp_path: Path) -> None:
    assert manifest.find_root(tmp_path) == course.root


def test_without_any_course_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "elsewhere" / "manifest.py"))
    with pytest.raises(ManifestError, match=r"no exercises/course\.toml in .*; run this inside"):
        manifest.find_root(tmp_path)
    with pytest.raises(ManifestError, match=str(tmp_path)):
        manifest.load(tmp_path)


def test_an_unknown_part_is_named_with_those_that_exist(tiny: Course) -> None:
    with pytest.raises(ManifestError, match="there is no part 7; the parts are 1, 2"):
        tiny.part(7)


def test_an_unknown_task_is_named_with_those_that_exist(tiny: Course, course: Course) -> None:
    with pytest.raises(ManifestError, match=r"no task 2\.9; the tasks are 2\.1$"):
        tiny.task("2.9")
    with pytest.raises(ManifestError, match=r"no task 9\.9; the tasks are 1\.1 to 7\.6$"):
        course.task("9.9")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "Sums"\n', "title = Sums\n", "is not valid TOML.*line 1"),
        ('title = "Sums"\n', "", "an entry lacks 'title'"),
        ('module = "fractions.py"\n', "", "an entry lacks 'module'"),
        ('id = "2.1"\n', "", "an entry lacks 'id'"),
        ('id = "2.1"\n', 'id = "3.1"\n', r"task '3\.1' stands in part 2; its id must read 2\.1"),
        ('id = "1.2"\n', 'id = "1.1"\n', r"there are two tasks 1\.1"),
        ("number = 2\n", 'number = 2\noptional = "yes"\n', "optional of part 2 must be true or"),
        ('title = "Sums"\n', 'title = "Sums"\nlibraries = "torch"\n', "libraries must be a list"),
        ('title = "Sums"\n', 'title = "Sums"\nfinale = 1\n', "finale must be a text, got 1"),
        ('symbols = ["add"]', 'symbols = "add"', r"symbols of task 1\.1 must be a list, got 'add'"),
    ],
)
def test_a_broken_manifest_is_one_sentence_with_file_and_value(
    tiny: Course, old: str, new: str, says: str
) -> None:
    path = tiny.exercises / "course.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ManifestError, match=says) as raised:
        manifest.load(tiny.root)
    assert str(path) in str(raised.value)


def test_a_manifest_that_is_not_text_is_no_toml(tiny: Course) -> None:
    (tiny.exercises / "course.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ManifestError, match="is not valid TOML"):
        manifest.load(tiny.root)
