"""The `course` command: what it prints and how it ends: 0 done, 1 not right, 2 wrong use."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grading.cli import app
from grading.manifest import Course
from tests.courses import make_optional

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]  # type: ignore[union-attr]


def output(code: int, *arguments: object) -> str:
    """What `course …` prints that ends with this code; an error that is not caught fails here."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    assert result.exit_code == code, result.output
    return result.output


def test_without_arguments_every_command_is_listed() -> None:
    for command in COMMANDS:
        assert (f" {command} " in output(2)) is (command != "update"), "for releases only"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_a_purpose_and_an_example(command: str) -> None:
    text = " ".join(output(0, command, "--help").split())
    assert "Example" in text
    assert f"course {command}" in text
    purpose = text.split("[OPTIONS]")[1]
    assert "." in purpose or "?" in purpose


def test_an_unknown_command_and_an_unknown_option_are_wrong_use() -> None:
    output(2, "graed")
    output(2, "hint", "3.2", "--more")


# check


@pytest.fixture
def pytest_arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `course check` passes on to pytest, which does not run."""
    passed: list[str] = []

    def main(arguments: list[str]) -> int:
        passed[:] = arguments
        return 0

    monkeypatch.setattr(pytest, "main", main)
    return passed


def folders(arguments: list[str]) -> list[str]:
    return [Path(argument).name for argument in arguments if not argument.startswith("-")]


def tasks(arguments: list[str]) -> list[str]:
    return [argument for argument in arguments if argument.startswith("--task")]


@pytest.mark.parametrize(
    ("what", "parts", "chosen"),
    [
        ([], ["part1", "part2"], []),
        (["1"], ["part1"], []),
        (["2", "1", "2"], ["part1", "part2"], []),
        (["1.2"], ["part1"], ["--task=1.2"]),
        (["2.1", "1.2"], ["part1", "part2"], ["--task=2.1", "--task=1.2"]),
        (["1.2", "2"], ["part1", "part2"], ["--task=1.2", "--task=2.1"]),
    ],
)
def test_check_runs_pytest_on_parts_or_tasks(
    in_tiny: Course,
    pytest_arguments: list[str],
    what: list[str],
    parts: list[str],
    chosen: list[str],
) -> None:
    output(0, "check", *what)
    assert folders(pytest_arguments) == parts
    assert tasks(pytest_arguments) == chosen
    assert f"--rootdir={in_tiny.root}" in pytest_arguments


def test_check_works_from_within_the_course(
    in_tiny: Course, pytest_arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(in_tiny.exercises / "part1")
    output(0, "check", "1")
    assert str(in_tiny.exercises / "part1") in pytest_arguments


@pytest.mark.parametrize(("status", "code"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 2), (5, 2)])
def test_check_ends_with_0_1_or_2(
    in_tiny: Course, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    monkeypatch.setattr(pytest, "main", lambda arguments: pytest.ExitCode(status))
    output(code, "check", "1")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("7", "there is no part 7; the parts are 1, 2"),
        ("1.9", "there is no task 1.9; the tasks are 1.1, 1.2, 1.3, 1.4, 1.5"),
        ("add", "there is no task add; the tasks are 1.1, 1.2, 1.3, 1.4, 1.5, 2.1"),
        ("²", "there is no task ²"),
    ],
)
def test_a_part_or_task_that_does_not_exist_is_wrong_use(
    in_tiny: Course, pytest_arguments: list[str], what: str, says: str
) -> None:
    for command in ("check", "reset"):
        assert says in output(2, command, what)
    assert pytest_arguments == []


def test_a_broken_manifest_is_one_sentence(in_tiny: Course) -> None:
    (in_tiny.exercises / "course.toml").write_text("title =", encoding="utf-8")
    for command in ("check", "progress", "build", "demo"):
        assert "course.toml is not valid TOML" in output(2, command)


@pytest.mark.parametrize("module", ["grading.nope.x", ".x"])
def test_commands_in_a_module_that_does_not_exist_are_one_sentence(
    in_tiny: Course, module: str
) -> None:
    path = in_tiny.exercises / "course.toml"
    path.write_text(f'commands = "{module}"\n{path.read_text()}')
    command = [sys.executable, "-m", "grading"]
    done = subprocess.run([*command, "check"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        f"exercises/course.toml: commands names {module}, but there is no such module\n"
    )
    assert subprocess.run([*command, "--help"], capture_output=True).returncode == 0


def test_who_reads_only_the_first_lines_gets_no_error(in_tiny: Course) -> None:
    reader, writer = os.pipe()
    os.close(reader)  # as `head` does once it has its lines
    command = [sys.executable, "-c", "from grading.cli import app; app()", "progress"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.stderr == b""


# hint


def test_hints_come_one_rung_per_call_and_then_say_that_they_end(in_tiny: Course) -> None:
    said = [output(0, "hint", "1.1") for _ in range(4)]
    assert said[0] == "1.1 add\nhint 1 of 3: What is a sum?\n"
    assert "hint 2 of 3: Python has a word for it." in said[1]
    assert "hint 1" not in said[1]
    assert "hint 3 of 3: Call it." in said[2]
    assert "last hint" not in said[2]
    assert "hint 3 of 3: Call it." in said[3]
    assert "That was the last hint; read them all with: course hint 1.1 --all" in said[3]
    assert "hint 1 of 3" in output(0, "hint", "1.2"), "each task has its own ladder"


def test_all_hints_come_at_once_when_asked_for(in_tiny: Course) -> None:
    lines = output(0, "hint", "1.1", "--all").splitlines()
    rungs = [line.split(":")[0] for line in lines if line.startswith("hint ")]
    assert rungs == [f"hint {n} of 3" for n in (1, 2, 3)]
    kept = json.loads((in_tiny.root / ".course/progress.json").read_text())
    assert kept["hints"] == {"1.1": 3}


@pytest.mark.parametrize("task", ["9.9", "1", "add", ""])
def test_a_hint_for_no_task_is_wrong_use(in_tiny: Course, task: str) -> None:
    assert f"there is no task {task}" in output(2, "hint", task)


# progress


def keep(course: Course, text: str) -> None:
    path = course.root / ".course" / "progress.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_progress_of_a_beginner(in_tiny: Course) -> None:
    assert output(0, "progress").splitlines() == [
        "[--------------------]   0 of 90  part 1 Whole numbers",
        "[--------------------]   0 of 10  part 2 Fractions",
        "as of each task's last check",
        "",
        "next: 1.1 add in exercises/part1/sums.py",
        "check it with: course check 1.1",
    ]
    assert not (in_tiny.root / ".course").exists(), "looking changes nothing"


def test_progress_on_the_way(in_tiny: Course) -> None:
    keep(in_tiny, '{"points": {"1.1": 40, "1.2": 5, "9.9": 99}, "hints": {"1.1": 2, "2.1": 1}}')
    lines = output(0, "progress").splitlines()
    assert lines[0] == "[##########----------]  45 of 90  part 1 Whole numbers, 2 hints read"
    assert lines[1] == "[--------------------]   0 of 10  part 2 Fractions, 1 hint read"
    assert lines[4].startswith("next: 1.2 subtract")


def test_progress_tells_the_bonus_apart_and_asks_for_it_last(
    in_tiny: Course, pytest_arguments: list[str]
) -> None:
    make_optional(in_tiny, 2)
    points = {"1.1": 40, "1.2": 20, "1.3": 10, "1.4": 20, "1.5": 99}
    keep(in_tiny, json.dumps({"points": points, "hints": {}}))
    lines = output(0, "progress").splitlines()
    assert lines[1] == "[--------------------]   0 of 10  part 2 Fractions (bonus)"
    assert lines[4].startswith("optional: 2.1 divide")
    assert lines[-1] == "Every task is solved."
    assert folders(pytest_arguments) == ["part1"]


def test_check_leaves_optional_parts_to_who_asks_for_them(
    in_tiny: Course, pytest_arguments: list[str]
) -> None:
    make_optional(in_tiny, 2)
    output(0, "check")
    assert folders(pytest_arguments) == ["part1"]
    output(0, "check", "2")
    assert folders(pytest_arguments) == ["part2"]


@pytest.mark.parametrize("status", [0, 1])
def test_progress_at_the_end_checks_once_more_and_believes_only_that(
    in_tiny: Course, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    points = {"1.1": 40, "1.2": 10, "1.3": 10, "1.4": 10, "1.5": 99, "2.1": 10}
    keep(in_tiny, json.dumps({"points": points, "hints": {}}))
    monkeypatch.setattr(pytest, "main", lambda arguments: pytest.ExitCode(status))
    said = output(0, "progress")
    assert "[####################]  90 of 90" in said, "no more than there are"
    assert ("Every task is solved." in said) == (status == 0)


def test_progress_with_a_broken_file_begins_anew_and_says_so(in_tiny: Course) -> None:
    keep(in_tiny, "{broken")
    said = output(0, "progress")
    assert "it is kept as progress.broken.json" in said
    assert "0 of 90" in said
    assert "kept as" not in output(0, "progress")


def test_a_file_that_cannot_be_opened_is_one_sentence(in_tiny: Course) -> None:
    (in_tiny.root / ".course").write_text("a file where the folder should be")
    for command in (["progress"], ["hint", "1.1"]):
        assert "progress.json" in output(1, *command)


# reset and build


def test_reset_puts_a_task_back_and_says_where_the_old_version_is(in_tiny: Course) -> None:
    module = in_tiny.exercises / "part1" / "sums.py"
    module.write_text(module.read_text().replace("The sum.", "Mine."), encoding="utf-8")
    said = output(0, "reset", "1.1")
    assert said.startswith("1.1 is a stub again. Your version is kept: .course/backup/")
    kept = in_tiny.root / said.split("kept: ")[1].strip()
    assert "Mine." in kept.read_text(encoding="utf-8")
    assert "The sum." in module.read_text(encoding="utf-8")


def test_reset_of_a_part_that_is_missing(in_tiny: Course) -> None:
    (in_tiny.exercises / "part2" / "fractions.py").unlink()
    assert output(0, "reset", "2") == "2 is a stub again.\n"


def test_reset_that_cannot_be_done_says_what_to_do(in_tiny: Course) -> None:
    (in_tiny.exercises / "part1" / "sums.py").write_text("def add(:")
    assert "put the whole file back with: course reset 1" in output(1, "reset", "1.1")
    output(0, "reset", "1")


def test_build_writes_what_differs_and_then_nothing(in_tiny: Course) -> None:
    (in_tiny.exercises / "part2" / "fractions.py").unlink()
    assert output(0, "build") == "wrote exercises/part2/fractions.py\n"
    assert "nothing to write" in output(0, "build")


def test_build_check_counts_what_is_not_in_order(in_tiny: Course) -> None:
    assert output(0, "build", "--check") == "no problems\n"
    (in_tiny.exercises / "part2" / "fractions.py").unlink()
    said = output(1, "build", "--check")
    assert "exercises/part2/fractions.py is out of date with its solution" in said
    assert "1 problem\n" in said
    assert not (in_tiny.exercises / "part2" / "fractions.py").exists()


def test_build_with_a_wrong_marker_or_without_solutions_is_one_sentence(in_tiny: Course) -> None:
    path = in_tiny.solutions / "part2" / "fractions.py"
    path.write_text(path.read_text().replace("    # END SOLUTION 2.1\n", ""))
    said = output(1, "build")
    assert "fractions.py, line 7: BEGIN SOLUTION 2.1 has no END" in said
    shutil.rmtree(in_tiny.solutions)
    assert output(1, "build", "--check") == "there are no solutions here to build from\n"


# data, recommend, demo


@pytest.fixture
def in_course(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(course.root)
    return course


@pytest.fixture
def student_course(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """What a student has: the exercises as stubs, and no solutions."""
    shutil.copytree(course.exercises / ".stubs", tmp_path / "exercises")
    shutil.copy(course.exercises / "course.toml", tmp_path / "exercises")
    monkeypatch.chdir(tmp_path)
    from grading import manifest

    return manifest.load(tmp_path)


def test_data_says_what_is_there(in_course: Course, data_folder: Path) -> None:
    said = output(0, "data", "--data", data_folder)
    assert said.startswith(f"--data: {data_folder}\n")
    assert "u.item: 60 lines" in said
    assert "u.user: 40 lines" in said


@pytest.mark.parametrize("command", [["data"], ["demo"], ["recommend", "1"]])
def test_a_folder_without_data_is_wrong_use_and_is_named(
    in_course: Course, tmp_path: Path, command: list[str]
) -> None:
    said = output(2, *command, "--data", tmp_path / "nothing")
    assert f"--data names {tmp_path / 'nothing'}" in said
    assert "there is no such folder" in said


def test_recommend_prints_a_list_of_titles(in_course: Course, data_folder: Path) -> None:
    said = output(0, "recommend", 7, "-n", 4, "--data", data_folder)
    assert "Top 4 for user 7" in said
    assert said.count("[bold] Film No.") >= 4, "brackets in a title are no markup"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["999"], "user_id 999 is unknown; they run from 1 to 40"),
        (["0"], "user_id 0 is unknown; they run from 1 to 40"),
        (["7", "-n", "0"], "n must be at least 1, got 0"),
        (["7", "-n", "-3"], "n must be at least 1, got -3"),
        (["seven"], "as an integer"),
    ],
)
def test_a_user_or_a_number_that_cannot_be_is_wrong_use(
    in_course: Course, data_folder: Path, arguments: list[str], says: str
) -> None:
    assert says in output(2, "recommend", *arguments, "--data", data_folder)


def test_a_user_who_has_seen_everything_is_told_so(in_course: Course, data_folder: Path) -> None:
    said = output(0, "recommend", 3, "--data", data_folder)
    assert "user 3 has rated every movie; there is nothing left to recommend" in said


def test_plots_that_would_replace_a_file_are_refused_before_the_training(
    in_course: Course, data_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "plots").write_text("mine")
    said = output(2, "demo", "--data", data_folder, "--plots", tmp_path / "plots")
    assert " is a" in said and "file" in said
    assert "trained" not in said


def test_the_demo_without_solutions_points_to_ones_own_code(student_course: Course) -> None:
    assert "run your own code with --own" in output(2, "demo")


def test_a_part_without_a_demo_is_wrong_use(in_course: Course) -> None:
    assert "part 3 has no demo of its own; only part 7 has" in output(2, "demo", "--part", 3)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (["demo"], "2.1 3.1 4.1 5.1 6.1"),
        (["demo", "--part", "7"], "2.1 7.3 7.4 7.5 7.6"),
        (["recommend", "7"], "2.1 3.1 5.4"),
        (["recommend", "7", "--by", "stars"], "2.1 3.1 4.4 5.2"),
        (["recommend", "7", "--by", "next"], "2.1 7.3 7.5 7.6"),
    ],
)
def test_stubs_that_a_command_needs_are_named_all_at_once(
    student_course: Course, data_folder: Path, command: list[str], missing: str
) -> None:
    said = output(1, *command, "--own", "--data", data_folder)
    said = said.splitlines()
    assert "this needs tasks that are not done yet:" in said
    assert "  2.1 load_ratings: exercises/part2/dataset.py" in said
    assert said[-1].startswith("check them with: course check 2.1 2.2 2.3 2.4 2.5 ")
    assert set(missing.split()) <= set(said[-1].split())


def solve_with(course: Course, solved: Course, module: str, old: str, new: str) -> None:
    """Solve everything, and break one line of one module."""
    for part in course.parts:
        source = (solved.solutions / part.path).read_text(encoding="utf-8")
        if part.module == module:
            assert source.count(old) == 1
            source = source.replace(old, new)
        (course.exercises / part.path).write_text(source, encoding="utf-8")


def test_a_crash_in_ones_own_code_is_told_with_its_line_and_is_no_wrong_use(
    student_course: Course, course: Course, data_folder: Path
) -> None:
    end = "\n    # END SOLUTION 4.2"
    solve_with(
        student_course,
        course,
        "training.py",
        f"total_loss / n_ratings{end}",
        f"{{}}['loss']{end}",
    )
    said = output(1, "recommend", 7, "--by", "stars", "--own", "--data", data_folder)
    last = said.splitlines()[-1]
    assert last.startswith("exercises/part4/training.py, line ")
    assert last.endswith(": KeyError: 'loss'")


def test_a_module_that_calls_exit_is_told(
    student_course: Course, course: Course, data_folder: Path
) -> None:
    solve_with(student_course, course, "model.py", "import torch\n", "import torch\nexit()\n")
    said = output(1, "demo", "--own", "--data", data_folder)
    assert "exercises/part3/model.py, line 4: SystemExit" in said


def test_a_function_that_ones_own_code_lacks_is_named_with_its_file(
    student_course: Course, course: Course, data_folder: Path
) -> None:
    solve_with(student_course, course, "recommend.py", "def recommend(", "def recomend(")
    said = output(1, "recommend", 7, "--own", "--data", data_folder)
    assert "exercises/part5/recommend.py: recommend.py has no recommend" in said, (
        "and not the file of another part"
    )


# audit and watch: that they refuse what cannot be


@pytest.mark.parametrize("command", ["audit", "watch"])
def test_a_part_that_does_not_exist_cannot_be_audited_or_watched(
    in_tiny: Course, command: str
) -> None:
    assert "there is no part 7; the parts are 1, 2" in output(2, command, 7)


def test_watch_begins_at_the_first_open_task(
    in_tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[Any] = []
    monkeypatch.setattr(
        "grading.feedback.watch.watch", lambda course, part, say: watched.append(part.number)
    )
    output(0, "watch")
    points = {"1.1": 40, "1.2": 10, "1.3": 10, "1.4": 10, "1.5": 20}
    keep(in_tiny, json.dumps({"points": points, "hints": {}}))
    output(0, "watch")
    output(0, "watch", 1)
    assert watched == [1, 2, 1]
