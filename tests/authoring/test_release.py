"""The students' release: it solves nothing, and it works on its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from authoring.release import ReleaseError, release
from authoring.stubs import read_solution, regions
from grading import manifest
from grading.exports.classroom import WORKFLOW, workflow
from grading.manifest import HANDED_OUT, Course
from tests.courses import ROOT

COPIED = (
    *("authoring", "data", "exercises", "grading", "solutions", "tutorial"),
    *(".vscode", ".devcontainer"),
)
TELLING = 25  # a line of a solution that is longer gives it away
# Lines of a solution that stand elsewhere in the course too. Each is one step and no whole task; a
# new one needs a reason, and one that is gone must leave this list.
SAID_ELSEWHERE = {
    ("exercises/part1/mistakes.py", "rated = ~np.isnan(ratings)"),
    ("exercises/part4/mistakes.py", "for epoch in range(1, epochs + 1):"),
    ("tutorial/experiment.py", "return float(np.sqrt(np.mean(errors**2)))"),
}
MARKER = re.compile(r"(BEGIN|END)\W*SOLUTION")
STARTED = 'def centre_ratings(ratings):\n    return "what an instructor has tried out"\n'

# Nothing of these may come along: what git ignores, what is tried out, what is kept from students.
TRAPS = {
    "exercises/part1/neighbours.py": STARTED,
    "exercises/part1/neighbours_old.py": STARTED,
    "exercises/part1/__pycache__/probes.cpython-311.pyc": STARTED,
    "exercises/part2/.ipynb_checkpoints/part2.py": STARTED,
    "grading/checks/__pycache__/task.cpython-311.pyc": STARTED,
    ".course/backup/part1/neighbours.py": STARTED,
    "tests/hidden/part1/test_hidden.py": STARTED,
    "data/ml-100k/u.data": STARTED,
    "data/notes.txt": STARTED,
    ".vscode/launch.json": STARTED,
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A working copy of the course in which an instructor has left traces."""
    root = tmp_path_factory.mktemp("copy") / "course"
    skip = shutil.ignore_patterns("__pycache__", "ml-100k")
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, root)
    for name, text in TRAPS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return manifest.load(root)


@pytest.fixture(scope="module")
def released(copy: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("release") / "students"
    release(copy, target, classroom=True)
    return target


def files(folder: Path) -> dict[str, str]:
    """Every file, by its path from the folder, as text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# What is in it


def test_what_a_student_needs_is_there(released: Path, copy: Course) -> None:
    names = files(released).keys()
    assert {
        *("README.md", "LICENSE", "pyproject.toml", "constraints.txt", "conftest.py"),
        *(".gitignore", WORKFLOW, "exercises/course.toml"),
        *("data/__init__.py", "data/README.md", "grading/cli/students.py"),
        *(
            "tutorial/app/pages.py",
            "tutorial/app/templates/rate.html",
            "tutorial/app/static/app.js",
        ),
    } <= names
    assert (released / WORKFLOW).read_text(encoding="utf-8") == workflow(copy)
    for part in copy.parts:
        folder = f"exercises/{part.folder}"
        assert {
            *(f"{folder}/README.md", f"exercises/.stubs/{part.path.as_posix()}"),
            *(f"{folder}/{name}" for name in (part.module, *part.check_files)),
        } <= names


def test_solutions_tests_and_the_instructors_tools_are_not(released: Path) -> None:
    rooms = {name.split("/")[1] for name in files(released) if name.startswith("grading/")}
    assert not rooms & {*("sandbox", "batch", "exports", "reports")}
    folders = {name.split("/")[0] for name in files(released) if "/" in name}
    assert folders == {
        ".devcontainer",
        ".github",
        ".vscode",
        "data",
        "exercises",
        "grading",
        "tutorial",
    }


def test_traces_of_an_instructor_do_not_come_along(released: Path) -> None:
    found = files(released)
    assert [name for name, text in found.items() if STARTED.splitlines()[1] in text] == []
    assert found.keys() & TRAPS.keys() == {"exercises/part1/neighbours.py"}
    assert found["exercises/part1/neighbours.py"] == found["exercises/.stubs/part1/neighbours.py"]


def test_no_line_of_a_solution_is_in_it(released: Path, copy: Course) -> None:
    inside: set[str] = set()
    open_to_all: set[str] = set()
    for part in copy.parts:
        source, name = read_solution(copy, part)
        lines = [line.strip() for line in source.splitlines()]
        hidden = {n for r in regions(source, name) for n in range(r.begin + 1, r.end)}
        inside |= {lines[n] for n in hidden if len(lines[n]) > TELLING}
        open_to_all |= {line for n, line in enumerate(lines) if n not in hidden}
        lesson = (copy.exercises / part.folder / "README.md").read_text(encoding="utf-8")
        open_to_all |= {line.strip() for line in lesson.splitlines()}
    secret = inside - open_to_all
    assert len(secret) > 60
    leaks = {
        (name, line)
        for name, text in files(released).items()
        for line in secret & {line.strip() for line in text.splitlines()}
    }
    assert leaks == SAID_ELSEWHERE


def test_no_marker_of_a_solution_is_in_it(released: Path) -> None:
    assert [name for name, text in files(released).items() if MARKER.search(text)] == []


def test_every_import_finds_its_module(released: Path) -> None:
    ours = ["authoring", "solutions", "tests", *(path.name for path in released.iterdir())]
    import_ = re.compile(rf"^ *(?:from|import) ((?:{'|'.join(ours)})\b[\w.]*)", re.MULTILINE)
    missing = [
        (name, module)
        for name, text in files(released).items()
        for module in (import_.findall(text) if name.endswith(".py") else ())
        if not (path := released / module.replace(".", "/")).is_dir()
        and not path.with_suffix(".py").is_file()
    ]
    assert missing == []


def test_links_lead_somewhere(released: Path) -> None:
    for name, text in files(released).items():
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if name.endswith(".md") else []:
            if "://" not in link:
                assert ((released / name).parent / link).exists(), f"{name}: {link}"


def test_the_readme_tells_about_every_part(released: Path, copy: Course) -> None:
    text = files(released)["README.md"]
    assert text.startswith(f"# {copy.title}\n")
    for part in copy.parts:
        title = f"{part.title} (optional)" if part.optional else part.title
        assert f"| {part.number} {title} | {part.builds} |" in text
    assert "solutions" not in text.replace("each other's solutions", "")
    assert "{" not in text and max(len(line) for line in text.splitlines()) < 160


def test_the_settings_are_the_same_without_what_maintainers_need(released: Path) -> None:
    full = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ours = tomllib.loads(files(released)["pyproject.toml"])
    assert ours["tool"].keys() == {"hatch", "pytest"}
    full["tool"]["pytest"]["ini_options"]["testpaths"] = ["exercises"]
    assert ours["tool"]["pytest"] == full["tool"]["pytest"]
    extras = full["project"]["optional-dependencies"]
    full["project"]["optional-dependencies"] = {"app": extras["app"]}
    assert ours["project"] == full["project"]
    assert ours["build-system"] == full["build-system"]


# In VS Code


def jsonc(text: str) -> dict[str, Any]:
    """A JSON document with comments on lines of their own."""
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


def test_an_editor_finds_interpreter_checks_and_one_task_for_each_part(
    released: Path, copy: Course
) -> None:
    settings = jsonc(files(released)[".vscode/settings.json"])
    assert settings["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv"
    assert settings["python.testing.pytestEnabled"] is True
    assert settings["python.testing.pytestArgs"] == ["exercises"]
    tasks = {task["label"]: task for task in jsonc(files(released)[".vscode/tasks.json"])["tasks"]}
    for part in copy.parts:
        command = ["-m", "grading", "check", str(part.number)]
        assert tasks[f"Check part {part.number}"]["args"] == command


def test_a_container_has_the_same_environment_without_cuda(released: Path) -> None:
    container = jsonc(files(released)[".devcontainer/devcontainer.json"])
    created = container["postCreateCommand"]
    assert "python -m venv .venv" in created and "pip install -e . -c constraints.txt" in created
    assert "whl/cpu" in created
    assert "whl/cpu" in files(released)["README.md"]


# It works on its own


def in_release(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder; an installed copy of the course stands behind it."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture
def students(released: Path, tmp_path: Path) -> Path:
    """A student's clone of the release."""
    folder = tmp_path / "mine"
    shutil.copytree(released, folder)
    return folder


def test_its_own_modules_are_the_ones_that_run(students: Path) -> None:
    code = "import grading.feedback.plugin, data; print(grading.__file__, data.__file__, sep='\\n')"
    done = in_release(students, "-c", code)
    assert [Path(line) for line in done.stdout.splitlines()] == [
        *(students / "grading" / "__init__.py", students / "data" / "__init__.py")
    ]


def test_stubs_earn_nothing_and_solutions_all_points(students: Path, copy: Course) -> None:
    check = ("-m", "pytest", "exercises/part1", "-q", "-p", "no:cacheprovider")
    stubs = in_release(students, *check)
    assert stubs.returncode == 1, stubs.stdout + stubs.stderr
    assert re.search(r"\] 0 of \d+ points", stubs.stdout)
    assert "1.1 centre_ratings: not started" in stubs.stdout

    part = copy.parts[0]
    shutil.copy(copy.solutions / part.path, students / "exercises" / part.path)
    solved = in_release(students, *check)
    assert solved.returncode == 0, solved.stdout + solved.stderr
    assert re.search(r"\] (\d+) of \1 points", solved.stdout)
    assert (students / ".course").is_dir()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check", "1.1"], 1, "1.1 centre_ratings: not started"),
        (["hint", "3.2"], 0, "hint"),
        (["progress"], 0, "next: 1.1 centre_ratings"),
        (["reset", "1.1"], 0, "1.1 is a stub again"),
        (["reset", "6"], 0, "6 is a stub again"),
        (["update", "."], 0, "You have this release already"),
        (["demo"], 2, "run your own code with --own"),
        (["build"], 1, "no solutions here to build from"),
    ],
)
def test_the_commands_of_students_work(
    students: Path, arguments: list[str], code: int, words: str
) -> None:
    done = in_release(students, "-m", "grading", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_tutorial_runs_on_solved_exercises(students: Path, copy: Course) -> None:
    for part in copy.parts:
        shutil.copy(copy.solutions / part.path, students / "exercises" / part.path)
    code = (
        "from pathlib import Path; from grading import manifest; from tutorial import demo,"
        "plots; from tutorial.code import load_code; c = manifest.load();"
        "print(c.root, load_code(c, c.exercises).model.__file__, sep='\\n')"
    )
    done = in_release(students, "-c", code)
    assert done.stdout.splitlines() == [
        *(str(students), str(students / "exercises" / "part3" / "model.py"))
    ], done.stderr


# Releasing again


def test_a_second_release_writes_only_what_is_new(copy: Course, tmp_path: Path) -> None:
    target = tmp_path / "students"
    assert len(release(copy, target)) == len(files(target)) - 1  # the record of the release
    assert release(copy, target) == []
    lesson = copy.exercises / "part2" / "README.md"
    before = lesson.read_text(encoding="utf-8")
    (target / "syllabus.md").write_text("ours")
    (target / "LICENSE").unlink()
    try:
        lesson.write_text(before + "\nmore\n", encoding="utf-8")
        written = release(copy, target)
    finally:
        lesson.write_text(before, encoding="utf-8")
    lessons = {"exercises/part2/README.md", "exercises/part2/part2.ipynb"}
    assert {path.as_posix() for path in written} == {*lessons, "LICENSE"}
    assert files(target)["syllabus.md"] == "ours"
    assert files(target)["exercises/part2/README.md"].endswith("\nmore\n")
    assert not any(name.startswith(".github") for name in files(target))


def test_solutions_come_along_only_when_allowed_and_encoded(copy: Course, tmp_path: Path) -> None:
    target = tmp_path / "students"
    release(copy, target, solutions=True)
    text = (target / HANDED_OUT).read_text()
    assert list(json.loads(text)) == [part.folder for part in copy.parts]
    assert "user_factors @ movie_factors" not in text
    assert "course solution 1.1" in (target / "README.md").read_text()


def test_what_was_changed_in_the_release_is_not_lost(copy: Course, tmp_path: Path) -> None:
    target = tmp_path / "students"
    release(copy, target)
    (target / "README.md").write_text("our own")
    (target / "LICENSE").unlink()
    with pytest.raises(ReleaseError, match=r"README\.md was changed since the last release"):
        release(copy, target)
    assert files(target)["README.md"] == "our own"
    assert "LICENSE" not in files(target)  # nothing was written


def test_a_release_that_was_cut_off_can_go_on(copy: Course, tmp_path: Path) -> None:
    target = tmp_path / "students"
    release(copy, target)
    whole = files(target)
    record = target / ".release.json"
    record.write_text('{"files": {}}')
    (target / "README.md").unlink()
    assert [path.as_posix() for path in release(copy, target)] == ["README.md"]
    now = files(target)
    said, before = (json.loads(of.pop(record.name)) for of in (now, whole))
    assert now == whole
    assert said.pop("released") > before.pop("released"), "the later of two releases is known"
    assert said == before


def test_a_fresh_git_repository_will_do(copy: Course, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert release(copy, tmp_path)


def test_another_folder_is_refused(copy: Course, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ReleaseError, match=r"is not an earlier release \(it holds thesis\.tex\)"):
        release(copy, tmp_path)
    with pytest.raises(ReleaseError, match="is a file"):
        release(copy, tmp_path / "thesis.tex")
    assert files(tmp_path) == {"thesis.tex": "mine"}


def test_a_stub_that_is_not_true_is_refused(copy: Course, tmp_path: Path) -> None:
    stub = copy.exercises / ".stubs" / "part1" / "neighbours.py"
    before = stub.read_bytes()
    try:
        stub.write_text(STARTED)
        with pytest.raises(ReleaseError, match="out of date with its solution; run: course build"):
            release(copy, tmp_path / "students")
    finally:
        stub.write_bytes(before)
    assert not (tmp_path / "students").exists()
