"""`course new`: a course on another subject works from the first minute, and needs no torch."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from authoring.new import new_course
from authoring.release import release
from grading import manifest
from grading.batch.records import read_all
from grading.cli import app
from grading.exports.classroom import workflow
from grading.exports.gradescope import write_zip
from grading.files import files_under
from tests.courses import put

# What only this repository's course may need; Python runs it at the start of each process.
BLOCKED = ("torch", "pandas", "sklearn", "tutorial")
BLOCKER = f"""
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {BLOCKED}:
            raise ImportError(f"a course of its own imports {{name}}")

sys.meta_path.insert(0, Blocker())
"""

# Runs many commands in one process, each a list of words; Python code is one word.
DRIVER = """
import contextlib, io, json, sys
import pytest
from typer.testing import CliRunner
from grading.cli import app

told = []
for first, *others in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as written:
        if first == "pytest":
            code = int(pytest.main([*others, "-q", "-p", "no:cacheprovider"]))
        elif first == "python":
            code = exec(others[0], {}) or 0
        else:
            result = CliRunner().invoke(app, [first, *others])
            code = result.exit_code
            print(result.output)
    told.append((code, written.getvalue()))
json.dump(told, sys.stdout)
"""


class Said(NamedTuple):
    code: int
    text: str


def run(folder: Path, *commands: str | tuple[str, str]) -> list[Said]:
    """What these commands say, run one after the other in a fresh process without torch."""
    blocker = put(folder, {"sitecustomize.py": BLOCKER})  # where the sandbox looks for modules, too
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps([c.split() if isinstance(c, str) else c for c in commands]),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(blocker), "NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    (blocker / "sitecustomize.py").unlink()
    assert done.returncode == 0, done.stderr
    return [Said(*pair) for pair in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "text-statistics"
    new_course(folder)
    return folder


@pytest.fixture(scope="module")
def students(new: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "students"
    release(manifest.load(new), folder)
    return folder


def test_it_is_named_after_its_folder(new: Path) -> None:
    assert manifest.load(new).title == "Text statistics"
    assert (new / "README.md").read_text().startswith("# Text statistics\n")
    assert 'name = "text-statistics"' in (new / "pyproject.toml").read_text()
    texts = [path.read_text(encoding="utf-8") for path in files_under(new)]
    assert not any("{{" in text for text in texts)


@pytest.mark.parametrize("word", ["torch", "movie", "rating", "recommend"])
def test_nothing_in_it_is_about_this_course(new: Path, students: Path, word: str) -> None:
    ours = [path for path in files_under(students) if "grading" not in path.parts]
    for path in [*files_under(new), *ours]:
        assert word not in path.read_text(encoding="utf-8").lower(), path


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "thesis", {"thesis.tex": "mine"})
    for name, words in (
        ("thesis", "is not empty (it holds thesis.tex); name a new folder"),
        ("thesis/thesis.tex", "is a file; name a folder"),
    ):
        result = CliRunner().invoke(app, ["new", str(tmp_path / name)])
        assert result.exit_code == 1
        assert words in result.output
    assert [path.name for path in tmp_path.rglob("*")] == ["thesis", "thesis.tex"]


def test_an_empty_folder_and_a_fresh_git_repository_will_do(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    result = CliRunner().invoke(app, ["new", str(tmp_path)])
    assert result.exit_code == 0, result.output
    n_files = sum(path.is_file() for path in tmp_path.rglob("*"))
    assert result.output.startswith(f"{n_files} files in ")
    assert not list(tmp_path.parent.glob(".new-course-*"))


def test_a_course_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("authoring.new.build", full)
    result = CliRunner().invoke(app, ["new", str(tmp_path / "course")])
    assert (result.exit_code, result.output) == (1, "No space left on device\n")
    assert list(tmp_path.iterdir()) == []


def test_its_checks_hints_and_progress_work_without_torch(new: Path) -> None:
    submission = "pytest exercises/part1 --submission"
    build, stub, wrong, solved, hint, progress, help_ = run(
        new,
        "build --check",
        "check 1",
        f"{submission} tests/wrong/part1/keeps_capitals.py",
        f"{submission} solutions",
        "hint 1.1",
        "progress",
        "--help",
    )
    assert build == (0, "no problems\n\n")
    assert stub.code == 1
    assert "1.1 count_words: not started" in stub.text and "0 of 100 points" in stub.text
    assert wrong.code == 1 and "80 of 100 points" in wrong.text
    assert "looks like  capitals make another word" in wrong.text
    assert solved.code == 0 and solved.text.rstrip().splitlines()[-2] == "all done"
    assert "100 of 100 points" in solved.text
    assert hint.text.startswith("1.1 count_words\nhint 1 of 3: ")
    assert "part 1 Counting Words, 1 hint read" in progress.text
    assert re.findall(r"│ (check|grade|data|demo|recommend|app)\b", help_.text) == [
        "check",
        "grade",
    ]


# The notebook from top to bottom, with the solution in place of its stubs.
NOTEBOOK = """
import json
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for cell in json.loads(Path("exercises/part1/part1.ipynb").read_text())["cells"]:
    name, source = cell["id"], "".join(cell["source"])
    if name == "imports":
        source = Path("solutions/part1/words.py").read_text()
    if cell["cell_type"] == "code" and not name.startswith("solution"):
        shell.run_cell(source, store_history=True, cell_id=name).raise_error()
"""


@pytest.mark.slow
def test_its_audit_notebook_and_grading_work_without_torch(new: Path) -> None:
    of_right = (new / "tests" / "right" / "part1" / "counters.py").read_text()
    stub = (new / "exercises" / "part1" / "words.py").read_text()
    for student, text in {"anna": of_right, "ben": stub}.items():
        put(new / "submissions" / student, {"part1/words.py": text})
    audit, notebook, grade = run(
        new, "audit", ("python", NOTEBOOK), "grade submissions --out grades"
    )
    assert audit.code == 0, audit.text
    assert "7 of 7" in audit.text and "2 of 2" in audit.text and "(100.0%)" in audit.text
    assert "never the only one" not in audit.text
    assert "1.1 count_words: passed (60 of 60 points)" in notebook.text
    assert "1.2 most_frequent: passed (40 of 40 points)" in notebook.text
    assert grade.code == 0, grade.text
    scores = {record.student_id: record.score for record in read_all(new / "grades" / "records")}
    assert scores == {"anna": 100, "ben": 0}
    assert "Counting Words" in (new / "grades" / "feedback" / "anna.html").read_text()


def test_its_release_works_on_its_own_without_torch(new: Path, students: Path) -> None:
    rooms = {path.relative_to(students).parts[0] for path in files_under(students)}
    assert rooms == {"README.md", "conftest.py", "exercises", "grading", "pyproject.toml"}
    text = (new / "solutions" / "part1" / "words.py").read_text()
    where, stub = run(students, ("python", "import grading; print(grading.__file__)"), "check 1")
    assert Path(where.text.strip()).is_relative_to(students)
    assert stub.code == 1 and "0 of 100 points" in stub.text
    (students / "exercises" / "part1" / "words.py").write_text(text)
    (solved,) = run(students, "check 1")
    assert solved.code == 0 and "100 of 100 points" in solved.text


def test_what_it_exports_installs_no_torch(new: Path) -> None:
    course = manifest.load(new)
    steps = workflow(course)
    assert "torch" not in steps and "constraints.txt" not in steps
    assert "          python -m pip install -e .\n" in steps
    write_zip(course, new.parent / "autograder.zip")
    with zipfile.ZipFile(new.parent / "autograder.zip") as archive:
        names = set(archive.namelist())
    assert {"course/exercises/part1/probes.py", "course/grading/batch/run.py"} <= names
    assert not any(name.endswith((".ipynb", "solutions/part1/words.py")) for name in names)


@pytest.mark.slow
def test_its_site_is_built_without_a_warning(new: Path) -> None:
    pytest.importorskip("sphinx_book_theme")
    site = "python -m sphinx -q -W -c docs exercises build/site"
    assert site.replace(" -q", "") in (new / "README.md").read_text()
    done = subprocess.run(
        [sys.executable, *site.split()[1:]], cwd=new, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "part1/README.html" in (new / "build" / "site" / "index.html").read_text()
    lesson = (new / "build" / "site" / "part1" / "README.html").read_text()
    assert "1.1 count_words" in lesson
