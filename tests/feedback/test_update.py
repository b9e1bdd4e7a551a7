"""`course update`: a newer release is there, and nothing that the student wrote is lost."""

import hashlib
import itertools
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from authoring.build import build
from authoring.release import release
from grading import manifest
from grading.cli import app
from grading.feedback import progress, update
from grading.feedback.update import BrokenModule, UpdateError, carry_out, plan
from grading.files import ENGINE
from tests.courses import ROOT, SUMS, SUMS_CHECKS_1, SUMS_MODULE, put

MODULE, STUB = "exercises/part1/sums.py", "exercises/.stubs/part1/sums.py"
CHECKS, LESSON = "exercises/part1/test_part1.py", "exercises/part1/README.md"
NOTEBOOK, PICTURE = "exercises/part1/part1.ipynb", "exercises/part1/figures/old.svg"
BACKUP = ".course/backup"

TASKS = [(task, f"## 1.{task} Task\n") for task in range(1, 6)]
OLD = {
    **SUMS,
    **{f"grading/{name}": "OLD = 1\n" for name in ENGINE if name.endswith(".py")},
    "grading/checks/__init__.py": "OLD = 1\n",
    "grading/feedback/__init__.py": "",
    "tutorial/__init__.py": "",
    LESSON: "# Whole numbers\n\n" + "".join(text for _, text in TASKS),
    PICTURE: "<svg/>\n",
    "exercises/part1/figures/other.svg": "<svg/>\n",
}
HALVE = '''\
def halve(number):
    """Half of it."""
    # TODO 1.6: divide by two (1 line)
    # BEGIN SOLUTION 1.6
    return math.floor(number / 2)
    # END SOLUTION 1.6


'''
NEW_TASK = """
[[part.task]]
id = "1.6"
title = "halve"
symbols = ["halve"]
hints = ["a", "b", "c"]
"""
NEW = OLD | {
    "solutions/part1/sums.py": SUMS_MODULE.replace('"""The sum."""', '"""The sum of them all."""')
    .replace('"""The difference."""', '"""The first without the second."""')
    .replace('numbers."""\n', 'numbers."""\n\nimport math\n')
    .replace("def power", HALVE + "def power"),
    "exercises/course.toml": SUMS["exercises/course.toml"].replace(
        "[[part]]\nnumber = 2", f"{NEW_TASK.lstrip()}\n[[part]]\nnumber = 2"
    ),
    CHECKS: SUMS_CHECKS_1 + "# and one more\n",
    LESSON: OLD[LESSON] + "\n## 1.6 Half\n\nNew words.\n",
    "grading/checks/__init__.py": "NEW = 1\n",
    "grading/checks/more.py": "NEW = 1\n",
}
del NEW[PICTURE]

SOLVED = {
    '"TODO 1.1: add the \\"numbers\\" up (1 line)"': "return sum(numbers)",
    '"TODO 1.5: turn the sign (1 line)"': "return -number",
}


def released(folder: Path, files: dict[str, str]) -> Path:
    course = manifest.load(put(folder / "course", files))
    build(course)
    release(course, folder / "release")
    return folder / "release"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("old"), OLD)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("new"), NEW)


@pytest.fixture
def mine(old: Path, tmp_path: Path) -> Path:
    """The old release, in which a student has solved 1.1 and 1.5 and 2.1."""
    root = Path(shutil.copytree(old, tmp_path / "mine"))
    text = (root / MODULE).read_text()
    for stub, solution in SOLVED.items():
        assert stub in text
        text = text.replace(f"raise NotImplementedError({stub})", solution)
    (root / MODULE).write_text(text)
    (root / "exercises/part2/fractions.py").write_text("def divide(a, b):\n    return a / b\n")
    progress.save(root, progress.Progress(points={"1.1": 40}, hints={"1.1": 2}))
    return root


def files(root: Path) -> dict[str, bytes]:
    """Every file but the backups, by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_relative_to(root / BACKUP)
    }


def kept(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((root / BACKUP).rglob("*")) if path.is_file()]


def updated(root: Path, source: Path) -> str:
    """Update, and return what the student is told."""
    planned = plan(root, source)
    carry_out(root, planned)
    return "\n".join([*planned.notes, *planned.to_run])


# What an update does


def test_a_release_that_nobody_touched_becomes_the_new_one(
    old: Path, new: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(old, tmp_path / "mine"))
    assert updated(root, new) == "course check 1"
    assert files(root) == files(new)
    assert kept(root) == []


def test_what_is_solved_stays_and_what_is_not_becomes_the_new_stub(mine: Path, new: Path) -> None:
    before = (mine / MODULE).read_bytes()
    said = updated(mine, new)
    text = (mine / MODULE).read_text()
    compile(text, "sums.py", "exec")
    assert "    return sum(numbers)\n" in text and "    return -number\n" in text
    assert '"""The first without the second."""' in text and "import math" in text
    places = [text.index(f"def {name}") for name in ("subtract", "halve", "power")]
    assert places == sorted(places), "a new task is at its place"
    assert "1.2 subtract is as in the new stub; 1.6 halve is new; your version of before" in said
    assert kept(mine) == [before]


def test_a_stub_that_changed_below_finished_work_is_named_with_its_lines(
    mine: Path, new: Path
) -> None:
    said = updated(mine, new).splitlines()
    text, stub = ((mine / name).read_text().split("\n") for name in (MODULE, STUB))
    line, stub_line = (lines.index("def add(numbers):") + 1 for lines in (text, stub))
    place = next(n for n, one in enumerate(said) if one.startswith(f"{MODULE}:{line}: "))
    assert "1.1 add changed in the stub, and you changed it too: yours stays" in said[place]
    assert f"{STUB}:{stub_line}; what changed in it:" in said[place]
    assert said[place + 1 : place + 3] == [
        '    -    """The sum."""',
        '    +    """The sum of them all."""',
    ]
    assert '"""The sum."""' in "\n".join(text)


def test_everything_else_is_as_in_the_new_release(mine: Path, new: Path) -> None:
    before = files(mine)
    updated(mine, new)
    now, released = files(mine), files(new)
    own = {MODULE, "exercises/part2/fractions.py", ".course/progress.json"}
    assert {name: now[name] for name in now.keys() - own} == {
        name: released[name] for name in released.keys() - own
    }
    assert now["exercises/part2/fractions.py"] == before["exercises/part2/fractions.py"]
    assert now[".course/progress.json"] == before[".course/progress.json"]


def test_an_edited_file_is_backed_up_and_replaced_if_the_release_has_a_newer_one(
    mine: Path, new: Path
) -> None:
    for name in (LESSON, CHECKS, "README.md"):
        (mine / name).write_text(f"my {name}")
    said = updated(mine, new)
    replaced = f"you changed it; it is replaced, and yours is kept in {BACKUP}/part1"
    for name in (LESSON, CHECKS):
        assert f"{name}: {replaced}" in said
        assert f"my {name}".encode() in kept(mine)
        assert (mine / name).read_bytes() == (new / name).read_bytes()
    assert (mine / "README.md").read_text() == "my README.md", "it is the same in both releases"


def test_a_notebook_with_work_in_it_stays_and_the_new_one_lies_beside_it(
    mine: Path, new: Path
) -> None:
    (mine / NOTEBOOK).write_text("my notebook")
    beside = mine / "exercises/part1/part1.new.ipynb"
    beside.write_text("also mine")
    said = updated(mine, new)
    assert f"{NOTEBOOK}: you changed it, so it stays; the new one is beside it" in said
    assert (mine / NOTEBOOK).read_text() == "my notebook"
    assert beside.read_bytes() == (new / NOTEBOOK).read_bytes()
    assert b"also mine" in kept(mine)


@pytest.mark.parametrize("changed", [False, True])
def test_a_file_that_the_course_no_longer_has_goes_unless_it_was_changed(
    mine: Path, new: Path, changed: bool
) -> None:
    if changed:
        (mine / PICTURE).write_text("mine")
    said = updated(mine, new)
    assert (mine / PICTURE).exists() is changed
    assert (f"{PICTURE}: is no longer part of the course; you changed it" in said) is changed


def test_a_module_that_was_deleted_is_a_stub_again(mine: Path, new: Path) -> None:
    (mine / MODULE).unlink()
    updated(mine, new)
    assert (mine / MODULE).read_bytes() == (new / MODULE).read_bytes()


def test_ends_of_lines_are_no_change(old: Path, new: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "mine"))
    for path in root.rglob("*"):
        if path.is_file() and path.name != ".release.json":
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert updated(root, new) == "course check 1"
    assert kept(root) == []


def test_new_requirements_are_to_be_installed(mine: Path, new: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(new, tmp_path / "source"))
    rewrite(source, "pyproject.toml", (source / "pyproject.toml").read_text() + "# more\n")
    assert plan(mine, source).to_run == ("pip install -e .", "course check 1")


# An interruption


class Interrupted(BaseException):
    pass


def put_until(after: int, for_good: bool) -> Callable[[Path, update.Change], None]:
    """Writing that is interrupted after some files: once, or for good, as if the power failed."""
    original, counter = update._put, itertools.count()

    def put(root: Path, change: update.Change) -> None:
        number = next(counter)
        if number == after or (for_good and number > after):
            raise Interrupted
        original(root, change)

    return put


@pytest.mark.parametrize("for_good", [False, True])
def test_after_any_interruption_nothing_is_lost_and_a_second_update_finishes(
    mine: Path, new: Path, tmp_path: Path, for_good: bool
) -> None:
    (mine / LESSON).write_text("my lesson")
    (mine / NOTEBOOK).write_text("my notebook")
    before = files(mine)
    whole = Path(shutil.copytree(mine, tmp_path / "whole"))
    n_changes = len(plan(whole, new).changes)
    updated(whole, new)
    assert n_changes > 8
    for after in range(n_changes):
        root = Path(shutil.copytree(mine, tmp_path / f"{after}"))
        with pytest.MonkeyPatch.context() as patched, pytest.raises(Interrupted):
            patched.setattr(update, "_put", put_until(after, for_good))
            updated(root, new)
        if not for_good:
            assert files(root) == before, "everything is put back"
        assert files(root)[".release.json"] == before[".release.json"]
        there = [*files(root).values(), *kept(root)]
        for name in (MODULE, LESSON, NOTEBOOK):
            assert before[name] in there
        updated(root, new)
        assert files(root) == files(whole)
        assert before[MODULE] in kept(root)


# Where the release comes from


def packed(folder: Path, archive: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files(folder).items():
            opened.writestr(inside + name, content)
    return archive


def rewrite(source: Path, name: str, text: str, under: str = "") -> None:
    """Put another file into a release; the record may have it under another name."""
    (source / name).write_text(text)
    files = json.loads((source / ".release.json").read_text())["files"]
    record_of(files=files | {under or name: hashlib.sha256(text.encode()).hexdigest()})(source)


@pytest.mark.parametrize("inside", ["", "course-main/"])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_folder_and_a_zip_do_the_same(
    mine: Path, new: Path, tmp_path: Path, inside: str, zipped: bool
) -> None:
    other = Path(shutil.copytree(mine, tmp_path / "other"))
    if zipped:
        source = packed(new, tmp_path / "new.zip", inside)
    else:
        shutil.copytree(new, tmp_path / "new" / inside)
        source = tmp_path / "new"
    updated(mine, source)
    updated(other, new)
    assert files(mine) == files(other)


def record_of(**changes: object) -> Callable[[Path], None]:
    def change(source: Path) -> None:
        path = source / ".release.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (shutil.rmtree, "does not exist; name the folder or the .zip"),
        (lambda new: (new / ".release.json").unlink(), "is not a release of a course"),
        (lambda new: (new / CHECKS).unlink(), f"is not a whole release: {CHECKS} is missing"),
        (lambda new: (new / CHECKS).write_text("x"), f"not a whole release: {CHECKS} has changed"),
        (lambda new: (new / ".release.json").write_text("{"), "is not a release that can be read"),
        (record_of(release=2), "is not a release that can be read .*format 2"),
        (record_of(files={}), "is not a release that can be read .*no exercises/course.toml"),
        (record_of(course="Words"), "is a release of 'Words', and this is 'Sums'"),
        (record_of(released="2001-01-01T00:00:00"), "is older .*; name a newer one"),
        *(
            (lambda new, name=name: rewrite(new, "x", "", under=name), "the path")
            for name in ("../x", "/x", "C:x", "a\\x", "a/../x", ".course/progress.json", ".git/x")
        ),
    ],
)
def test_what_is_no_newer_release_is_told_in_a_sentence_and_changes_nothing(
    mine: Path, new: Path, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    source = Path(shutil.copytree(new, tmp_path / "source"))
    spoil(source)
    before = files(mine)
    with pytest.raises(UpdateError, match=words):
        plan(mine, source)
    assert files(mine) == before


def test_a_zip_that_is_damaged_is_told(mine: Path, new: Path, tmp_path: Path) -> None:
    archive = packed(new, tmp_path / "new.zip")
    whole = archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        record = opened.getinfo(".release.json")
    at = record.header_offset + 30 + len(record.filename)  # the header before it has 30 bytes
    for damaged in (whole[:-100], whole[:at] + b"\xff" * 20 + whole[at + 20 :]):
        archive.write_bytes(damaged)
        with pytest.raises(UpdateError, match=r"new\.zip cannot be read as a \.zip .*; get it"):
            plan(mine, archive)


def test_a_module_with_a_syntax_error_is_to_be_corrected_first(mine: Path, new: Path) -> None:
    (mine / MODULE).write_text("def add(:\n")
    before = files(mine)
    with pytest.raises(
        BrokenModule, match=r"sums\.py cannot be read as Python .*line 1.*; correct"
    ):
        plan(mine, new)
    assert files(mine) == before


def test_a_module_that_cannot_be_merged_stays_whole(mine: Path, new: Path) -> None:
    (mine / STUB).unlink()
    before = (mine / MODULE).read_bytes()
    said = updated(mine, new)
    assert f"{MODULE}: your module stays as it is; compare it with its new stub, {STUB}" in said
    assert (mine / MODULE).read_bytes() == before
    assert (mine / STUB).read_bytes() == (new / STUB).read_bytes()


# The command


def course_update(root: Path, *arguments: object) -> Result:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(root)
        return CliRunner().invoke(app, ["update", *map(str, arguments)])


def test_a_dry_run_says_the_same_and_changes_nothing(mine: Path, new: Path) -> None:
    before = files(mine)
    dry = course_update(mine, new, "--dry-run")
    assert files(mine) == before and kept(mine) == []
    assert dry.exit_code == 0
    assert "files would change. Nothing was changed." in dry.output
    done = course_update(mine, new)
    assert done.exit_code == 0
    assert dry.output.splitlines()[:-1] == [
        line for line in done.output.splitlines() if line in dry.output.splitlines()
    ]
    assert done.output.endswith(
        "files changed. The course is up to date, and your progress is as it was.\n"
        "run: course check 1\n"
    )
    again = course_update(mine, new)
    assert again.exit_code == 0
    assert again.output == "You have this release already; there is nothing to update.\n"


def test_wrong_use_ends_with_2_and_a_broken_module_with_1(mine: Path, new: Path) -> None:
    def refused(code: int, words: str, root: Path = mine, source: object = new) -> None:
        result = course_update(root, source)
        assert result.exit_code == code
        assert words in result.output

    refused(2, "nowhere does not exist; name the folder or the .zip of a release", mine, "nowhere")
    refused(2, "this is the full course and not a release; update it with: git pull", ROOT)
    (mine / MODULE).write_text("def add(:\n")
    refused(1, "sums.py cannot be read as Python")
    (mine / ".release.json").unlink()
    refused(2, "unpack the new release elsewhere and copy your modules into it")
