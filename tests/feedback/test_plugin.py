"""The pytest plugin end to end: a tiny course, checked in processes of its own.

What each state looks like to a student is in `tests/golden`, word for word.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grading.manifest import Course
from tests.courses import ROOT, write_sums

# 1.1 passes with a warning; 1.2 is wrong, with the same warning twice and one of no concern; 1.3 is
# not started, 1.4 waits for it; 1.5 crashes in a helper.
HALF_DONE = """\
import warnings


def add(numbers):
    warnings.warn("a sum in passing", RuntimeWarning)
    return sum(numbers)


def subtract(first, second):
    for _ in range(2):
        warnings.warn("a difference\\nis due", RuntimeWarning)
    warnings.warn("of no concern", DeprecationWarning)
    return second - first


def power(base, exponent):
    raise NotImplementedError("TODO 1.3: multiply as often as the exponent says (about 4 lines)")


def square(base):
    return power(base, 2)


def helper(number):
    return number / 0


def negate(number):
    return helper(number)
"""

SETTINGS = {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class Run:
    """One run of pytest in the folder of a course, without the plugins of others but xdist."""

    def __init__(self, root: Path, *arguments: str, **environment: str) -> None:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "NO_COLOR", "FORCE_COLOR", "PY_COLORS"))
        }
        self.done = subprocess.run(
            [sys.executable, "-m", "pytest", "-pxdist", "-pno:cacheprovider", *arguments],
            cwd=root,
            env={**clean, **SETTINGS, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.code = self.done.returncode
        self.text = self.done.stdout + self.done.stderr

    def block(self, task: str) -> list[str]:
        """The lines of one task: its headline and what is indented under it."""
        lines = self.text.splitlines()
        start = next(n for n, line in enumerate(lines) if re.match(rf"[✓✗·] {task} ", line))
        end = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith("    "))
        return [line.rstrip() for line in lines[start:end]]

    @property
    def tasks(self) -> list[str]:
        """Everything from the section with the tasks on, without pytest's last line."""
        lines = self.text.splitlines()
        start = next(n for n, line in enumerate(lines) if re.fullmatch("=+ tasks =+", line))
        return lines[start:-1]


def progress(course: Course) -> dict[str, int] | None:
    path = course.root / ".course" / "progress.json"
    return json.loads(path.read_text())["points"] if path.exists() else None


def course_with(folder: Path, source: str) -> Course:
    course = write_sums(folder)
    (course.exercises / "part1" / "sums.py").write_text(source, encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def half_done(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_with(tmp_path_factory.mktemp("half_done"), HALF_DONE)


@pytest.fixture(scope="module")
def plain(half_done: Course) -> Run:
    """The run that most tests look at: piped, without options."""
    return Run(half_done.root, "exercises/part1")


# The states, as far as the transcripts do not show them


def test_a_name_that_is_close_to_the_missing_one_is_offered(tmp_path: Path) -> None:
    renamed = "def negated(number):\n    return -number\n\n\ndef powers():\n    pass\n"
    run = Run(course_with(tmp_path, renamed).root, "exercises/part1", "-k", "negate or add")
    assert run.block("1.5")[:3] == [
        "✗ 1.5 negate: sums.py has no negate",
        "    requires    The sign is turned.",
        "    found       negated: is that it?",
    ]
    assert not any("found" in row for row in run.block("1.1")), "nothing is close to add"


def test_a_wrong_result_of_a_task_that_calls_one_that_fails_waits_for_it(tmp_path: Path) -> None:
    course = write_sums(tmp_path)
    module = course.exercises / "part1" / "sums.py"
    for power, square, headline in (
        ("base", "power(base, 2)", "· 1.4 square: fails, probably because 1.3 fails"),
        ("base", "helper(base)", "· 1.4 square: fails, probably because 1.3 fails"),
        ("base", "-1", "✗ 1.4 square: wrong value"),
        ("base**exponent", "-power(base, 2)", "✗ 1.4 square: wrong value"),
    ):
        module.write_text(
            f"def power(base, exponent):\n    return {power}\n\n\n"
            f"def square(base):\n    return {square}\n\n\n"
            "def helper(base):\n    return power(base, 2)\n"
        )
        run = Run(course.root, "exercises/part1", "-k", "power or square")
        assert run.block("1.4")[0] == headline
    module.write_text(module.read_text().replace("base**exponent", "base"))
    alone = Run(course.root, "exercises", "--task=1.4")
    assert alone.block("1.4")[0] == "✗ 1.4 square: wrong value", "1.3 was not checked"


def test_the_next_step_comes_from_the_progress(tmp_path: Path) -> None:
    course = write_sums(tmp_path)
    for part in course.parts:
        module = course.exercises / part.path
        module.write_bytes((course.solutions / part.path).read_bytes())
    assert "all done here; next: part 2, Fractions" in Run(course.root, "exercises/part1").text
    assert "all done\n" in Run(course.root, "exercises/part2").text


# Reports


def test_long_tracebacks_are_shown_when_asked_for(half_done: Course) -> None:
    run = Run(half_done.root, "exercises/part1", "--tb=long", "-k", "negate")
    assert "student.run(probes.negate" in run.text
    assert 'File "' not in run.block("1.5")
    assert "sums.py:25: ZeroDivisionError" in run.text, "pytest's own view of the student's line"
    assert run.code == 1


def test_the_report_of_a_check_is_its_block_in_junit_xml(half_done: Course, tmp_path: Path) -> None:
    Run(half_done.root, "exercises/part1", f"--junit-xml={tmp_path / 'junit.xml'}", "-k", "negate")
    (failure,) = ElementTree.parse(tmp_path / "junit.xml").iter("failure")
    assert failure.get("message") == (
        "1.5 negate: crashed with ZeroDivisionError in sums.py, line 25"
    )
    assert (failure.text or "").splitlines()[1:] == [
        "    requires    The sign is turned.",
        "    called      negate(3)",
        "    error       ZeroDivisionError: division by zero",
        "    line 25     return number / 0",
        "    looks like  something is divided by 0: a count of nothing, or log2(1), "
        "with ranks from 0?",
        "    hint        course hint 1.5        lesson  exercises/part1/README.md",
    ]


# How the Python extension of VS Code takes what its test explorer shows.
EDITOR = """\
import json
from pathlib import Path

import pytest

shown = {}


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_report_teststatus(report, config):
    if report.when == "call" and report.failed:
        shown.setdefault(report.nodeid, report.longreprtext)
    yield


def pytest_exception_interact(node, call, report):
    shown.setdefault(node.nodeid, report.longreprtext)


def pytest_sessionfinish(session):
    Path("shown.json").write_text(json.dumps(shown))
"""


def test_the_report_of_a_check_is_its_block_in_an_editor(half_done: Course) -> None:
    (half_done.root / "editor.py").write_text(EDITOR)
    Run(half_done.root, "-p", "editor", "exercises/part1", "-k", "subtract or square or negate")
    shown = json.loads((half_done.root / "shown.json").read_text())
    subtract, square, negate = shown.values()
    assert subtract.startswith("1.2 subtract: wrong value\n    requires    The second number")
    assert "    looks like  the first was taken from the second\n    hint        course" in subtract
    assert square.strip() == "1.4 square: not checked yet: needs 1.3"
    assert negate.startswith("1.5 negate: crashed with ZeroDivisionError in sums.py, line 25\n")
    for text in shown.values():
        assert not re.search("student.run|expect\\(|test_part1|StudentError|/grading/", text)


def test_nothing_is_told_by_colour_alone_and_none_comes_through_a_pipe(
    half_done: Course, plain: Run
) -> None:
    def forced(**environment: str) -> str:
        return Run(half_done.root, "exercises", "-k", "power", FORCE_COLOR="1", **environment).text

    assert "\x1b" not in plain.text, "a pipe"
    assert "\x1b[33m· 1.3 power and Counter: not started" in forced(), "a terminal"
    assert "\x1b" not in forced(NO_COLOR="1"), "even where colours are forced"


def test_warnings_stand_in_the_block_and_not_in_front_of_it(plain: Run) -> None:
    warned = [row for row in plain.block("1.2") if "warned" in row]
    assert warned == ["    warned      RuntimeWarning: a difference is due (line 11)"]
    assert not re.search("warnings summary|in passing|of no concern", plain.text)


# Options


def test_the_same_comes_out_of_several_processes(half_done: Course, plain: Run) -> None:
    run = Run(half_done.root, "exercises/part1", "-n2")
    assert run.code == 1
    assert run.tasks == plain.tasks


def test_a_path_as_the_lessons_write_it_works_inside_the_folder_too(
    half_done: Course, plain: Run
) -> None:
    part = half_done.exercises / "part1"
    for folder, argument in ((part, "exercises/part1"), (part, "."), (part.parent, "part1")):
        run = Run(folder, argument)
        assert run.tasks == plain.tasks, (folder, argument)
        assert progress(half_done) is not None and not (folder / ".course").exists()


def test_where_not_all_checks_ran_the_points_say_so(half_done: Course) -> None:
    """Points of checks that did not run are not lost."""
    run = Run(half_done.root, "exercises/part1", "-k", "test_add_nothing")
    assert run.block("1.1") == ["✓ 1.1 add: passed so far (10 of 40 points checked)"]
    assert "10 of 40 points, 10 of 40 points checked" in run.text
    assert "next: the other checks of 1.1: course check 1.1" in run.text


def test_the_checks_of_single_tasks_can_be_run(half_done: Course) -> None:
    run = Run(half_done.root, "exercises", "--task=1.1", "--task=1.4")
    assert len(re.findall(r"^[✓✗·] ", run.text, re.MULTILINE)) == 2
    assert run.block("1.4") == ["· 1.4 square: not checked yet: needs 1.3"]
    assert "next: 1.3 power and Counter in exercises/part1/sums.py" in run.text
    assert run.code == 1


def test_an_unknown_task_is_wrong_use(half_done: Course) -> None:
    run = Run(half_done.root, "exercises", "--task=9.9")
    assert run.code == 4
    assert "ERROR: there is no task 9.9; the tasks are 1.1, 1.2, 1.3, 1.4, 1.5, 2.1" in run.text


@pytest.mark.parametrize("text", ["-1", "1.5", "one", "²", ""])
def test_a_seed_that_is_none_is_refused_with_its_text(
    pytestconfig: pytest.Config, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(pytest.UsageError, match="a seed is a whole number from 0 on, got"):
        pytestconfig._parser.parse([f"--seed={text}"])


def test_another_seed_draws_other_inputs_and_the_same_seed_the_same(
    half_done: Course, plain: Run
) -> None:
    def called(run: Run) -> str:
        return next(row for row in run.block("1.2") if "called" in row)

    for seed in (0, 1):
        run = Run(half_done.root, "exercises/part1", f"--seed={seed}", "-k", "subtract")
        assert (called(run) == called(plain)) == (seed == 0)


def test_a_submission_may_be_a_folder_or_a_single_file(tmp_path: Path) -> None:
    course = write_sums(tmp_path)
    shutil.copytree(course.solutions, course.root / "handed in")
    for submission in ("handed in", "handed in/part1/sums.py"):
        run = Run(course.root, "exercises/part1", f"--submission={submission}")
        assert run.code == 0
        assert "90 of 90 points" in run.text
        assert "all done here; next: part 2, Fractions" in run.text
    assert progress(course) is None, "a submission is nobody's progress"


def test_progress_is_kept_of_the_exercises_and_of_whole_tasks_only(tmp_path: Path) -> None:
    course = course_with(tmp_path, HALF_DONE)
    Run(course.root, "exercises/part1", "-k", "nothing or subtract")
    assert progress(course) == {"1.2": 0}, "one of two checks of 1.1 says little"
    Run(course.root, "exercises/part1")
    assert progress(course) == {"1.1": 40, "1.2": 0, "1.3": 0, "1.4": 0, "1.5": 0}


def test_other_tests_are_left_alone(half_done: Course) -> None:
    (half_done.root / "test_mine.py").write_text("def test_mine():\n    assert 1 + 1 == 3\n")
    text = Run(half_done.root, "exercises/part1", "test_mine.py", "-k", "subtract or mine").text
    assert "assert (1 + 1) == 3" in text
    assert "1 failed, 5 deselected, 1 wrong" in text
    assert text.count("test_mine") >= 2
    assert "second - first" not in text, "a check has no traceback"
