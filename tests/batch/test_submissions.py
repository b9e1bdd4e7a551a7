"""Submissions: what is found in a folder, which files are taken, and that nothing in them harms."""

import codecs
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.batch import submissions
from grading.batch.archives import MAX_FILE
from grading.batch.platforms import HandIn
from grading.batch.submissions import Submission, find, read, student_id
from grading.manifest import PRISTINE, Course
from tests.batch.packing import member, tarred, zipped
from tests.courses import put

MODEL, TRAINING, BOOK = (
    Path(name) for name in ("part3/model.py", "part4/training.py", "part3/part3.ipynb")
)
NOT_THERE = "there is no file that the course asks for, such as part1/neighbours.py"
Files = dict[str, bytes]


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    folder = tmp_path / "anna"
    folder.mkdir()
    return folder


def names(hand_in: HandIn) -> list[str]:
    return [piece.path.name for piece in hand_in.pieces]


# Finding


def test_finds_folders_and_archives_by_student_and_names_the_rest(tmp_path: Path) -> None:
    put(tmp_path, {"carl/model.py": b"", "grades.csv": b"", ".DS_Store": b"", "dora.rar": b""})
    put(tmp_path, {"__MACOSX/x": b"", ".git/config": b"", "ben.zip": zipped({"model.py": b""})})
    (tmp_path / "anna").mkdir()
    found, warnings = find(tmp_path)
    assert [names(one) for one in found] == [["anna"], ["ben.zip"], ["carl"]]
    assert [one.student_id for one in found] == ["anna", "ben", "carl"]
    assert warnings == [
        "ignored, as neither a folder nor a .zip or .tar.gz: dora.rar and grades.csv"
    ]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"anna/model.py": b"1", "anna.zip": zipped({"model.py": b"2"})},
            "there is more than one submission for anna (anna and anna.zip): keep one",
        ),
        (
            dict.fromkeys(("anna.zip", "anna.ZIP"), zipped({"model.py": b"1"})),
            "there is more than one submission for anna (anna.ZIP and anna.zip): keep one",
        ),
        (
            {"anna/model.py": b"", "Anna/model.py": b""},
            "Anna and anna differ in capitals only, and would share a file: rename one",
        ),
        ({"weiss/model.py": b"", "weiß/model.py": b""}, None),
        ({"anna": b"a stray file", "anna.zip": zipped({"model.py": b"2"})}, None),
    ],
)
def test_students_who_cannot_be_told_apart_are_told_to_be(
    course: Course, tmp_path: Path, files: Files, problem: str | None
) -> None:
    found, _ = find(put(tmp_path, files))
    assert {read(course, one).problem for one in found} == {problem}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("anna", "anna"),
        ("anna.zip", "anna"),
        ("anna.ZIP", "anna"),
        ("anna.b.zip", "anna.b"),
        ("Jose\u0301", "Jos\u00e9"),  # as macOS writes é, and as keyboards do
        ("a\nb", "a\\nb"),
        ("\udcff", "\\udcff"),
    ],
)
def test_the_student_is_the_name(name: str, student: str) -> None:
    assert student_id(Path("submissions") / name) == student


def test_a_name_that_is_not_utf8(course: Course, tmp_path: Path) -> None:
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff")), {"model.py": b"1", "a\udcfe": b""})
    ((path,), warnings) = find(tmp_path)
    submission = read(course, path)
    assert (submission.student_id, warnings) == ("b\\udcff", [])
    assert submission.files == {MODEL: b"1"}
    assert submission.warnings == ("not asked for, so ignored: a\\udcfe",)


@pytest.mark.parametrize("name", ["eve", "eve.zip"])
def test_a_symbolic_link_is_a_student_with_a_problem(course: Course, anna: Path, name: str) -> None:
    put(anna, {"model.py": b"1"})
    (anna.parent / name).symlink_to(anna)
    (anna.parent / "gone").symlink_to("nowhere")
    found, _ = find(anna.parent)
    assert [one.student_id for one in found] == ["anna", "eve", "gone"]
    for one in found[1:]:
        submission = read(course, one)
        assert submission.problem == f"{names(one)[0]} is a symbolic link, which is not followed"
        assert submission.files == {}


# Which files are taken: the same from a folder and from an archive

HandInFiles = Callable[[Files], Submission]


@pytest.fixture(params=["folder", "zip", "tar.gz"])
def handed_in(request: pytest.FixtureRequest, course: Course, tmp_path: Path) -> HandInFiles:
    def hand_in(files: Files) -> Submission:
        if request.param == "folder":
            (tmp_path / "anna").mkdir()
            return read(course, put(tmp_path / "anna", files))
        path = tmp_path / f"anna.{request.param}"
        members = [member(name, content) for name, content in files.items()]
        path.write_bytes(zipped(files) if request.param == "zip" else tarred(*members))
        return read(course, path)

    return hand_in


OWN = "of the course itself, so ignored: the grader has its own"
BOTH = ("model.py is saved as UTF-16 and was read as such: save it as UTF-8",)
OF_THE_COURSE = [f"part{n}/{name}" for n in (1, 2, 3) for name in ("README.md", "probes.py")]
JUNK = [
    *("__MACOSX/part3/._model.py", ".DS_Store", "part3/._model.py", ".git/model.py"),
    *("part3/__pycache__/model.py", ".ipynb_checkpoints/model.py", ".venv/model.py"),
]
TAKEN: dict[str, tuple[Files, dict[Path, bytes], tuple[str, ...]]] = {
    **{
        name: ({name: b"x = 1\n"}, {MODEL: b"x = 1\n"}, ())
        for name in (
            *("part3/model.py", "exercises/part3/model.py", "model.py", "my work/model.py"),
            *("movie-course-main/exercises/part3/model.py", "Part3/model.py"),
        )
    },
    **{
        f"{best} before {other}": (
            {other: b"other", best: b"best"},
            {MODEL: b"best"},
            (f"there is more than one model.py: {best} counts, and not {other}",),
        )
        for best, other in (
            ("part3/model.py", "exercises/part3/model.py"),  # the shallowest
            ("exercises/part3/model.py", "model.py"),  # the one in its part's folder
            ("exercises/part3/model.py", "backup/part3/model.py"),
            ("a/model.py", "b/model.py"),
            ("part3/model.py", "Part3/Model.py"),  # differ by case
            ("part3/model.py", "part3/MODEL.py"),
        )
    },
    **{
        f"{name} instead of model.py": (
            {name: b"work", "training.py": b""},
            {MODEL: b"work", TRAINING: b""},
            (f"{name} is used as model.py: rename it",),
        )
        for name in ("part3/Model.py", "MODEL.PY", "model-1.py", "model (2).py")
    },
    "a notebook in other capitals": (
        {"Part3.ipynb": b"{}"},
        {BOOK: b"{}"},
        ("Part3.ipynb is used as part3.ipynb: rename it",),
    ),
    "any bytes": ({"model.py": b"x = '\xe9'\xff"}, {MODEL: b"x = '\xe9'\xff"}, ()),
    **{
        encoding: (
            {"model.py": "\ufeffx = 'é'\n".encode(encoding)},
            {MODEL: "x = 'é'\n".encode()},
            BOTH,
        )
        for encoding in ("utf-16-le", "utf-16-be")
    },
    "UTF-16 without its mark": (
        {"model.py": "x".encode("utf-16-le")},
        {MODEL: b"x\0"},
        ("model.py has zero bytes in it, as UTF-16 has: save it as UTF-8",),
    ),
    "damaged UTF-16": (
        {"model.py": codecs.BOM_UTF16_LE + b"x"},
        {MODEL: codecs.BOM_UTF16_LE + b"x"},
        ("model.py begins like UTF-16 and is damaged: save it as UTF-8",),
    ),
    "an untouched stub": (
        {"exercises/.stubs/part3/model.py": b"stub", "training.py": b""},
        {TRAINING: b""},
        (f"1 file {OWN}",),
    ),
    "what is not asked for, the telling first": (
        dict.fromkeys([*OF_THE_COURSE, "model.py", "z.txt", "work.ipynb", "a.py"], b""),
        {MODEL: b""},
        (
            "not asked for, so ignored: work.ipynb (a notebook; the course calls them part1.ipynb "
            "and so on), a.py and z.txt",
            f"6 files {OWN}",
        ),
    ),
    "junk": (dict.fromkeys(JUNK, b"junk") | {"part3/model.py": b"1"}, {MODEL: b"1"}, ()),
    **{
        place: (
            {f"part3/{place}/f{n}/__init__.py": b"" for n in range(1001)}
            | {"part3/model.py": b"work", f"{place}/model.py": b"other"},
            {MODEL: b"work"},
            (),
        )
        for place in ("venv/lib", "my env/lib/site-packages", "node_modules", ".git")
    },
    "a file over the limit": (
        {"model.py": b"#" * 3_150_000, "training.py": b"#" * MAX_FILE},
        {TRAINING: b"#" * MAX_FILE},
        ("model.py is 3.2 MB, more than the 1 MB allowed: ignored",),
    ),
}


@pytest.mark.parametrize(("files", "taken", "warnings"), TAKEN.values(), ids=TAKEN)
def test_which_files_are_taken_and_what_is_said_of_others(
    handed_in: HandInFiles, files: Files, taken: dict[Path, bytes], warnings: tuple[str, ...]
) -> None:
    submission = handed_in(files)
    assert submission.files == taken
    assert submission.warnings == warnings
    assert (submission.student_id, submission.problem) == ("anna", None)


def test_a_whole_repository_is_taken_with_one_line_of_warning(
    course: Course, handed_in: HandInFiles
) -> None:
    released = ["LICENSE", "conftest.py", "data/download.py", "grading/__main__.py"]
    released += ["exercises/course.toml", "exercises/part3/README.md", "tutorial/demo.py"]
    assert all((course.root / name).is_file() for name in released)
    modules = {f"repo/exercises/{part.path}": b"1" for part in course.parts}
    submission = handed_in({f"repo/{name}": b"" for name in released} | modules)
    assert submission.files == {part.path: b"1" for part in course.parts}
    assert submission.warnings == (f"7 files {OWN}",)


def test_the_times_of_the_students_own_progress_come_along_and_nothing_else_of_its_folder(
    handed_in: HandInFiles,
) -> None:
    times = {"begun": {"3.1": 60, "9.9": 0}, "passed": {"3.1": 180, "9.9": 60}}
    found = handed_in(
        {
            "exercises/part3/model.py": b"mine",
            ".course/progress.json": json.dumps({"points": {}, "hints": {}, **times}).encode(),
            ".course/backups/part3/model.py": b"old",
            ".course/app/model.pt": b"weights",
        }
    )
    assert found.files == {MODEL: b"mine"}
    assert found.warnings == ()
    assert found.minutes == {"3.1": 2.0}


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b" " * (MAX_FILE + 1)])
def test_a_file_of_progress_that_is_broken_costs_nothing(
    handed_in: HandInFiles, content: bytes
) -> None:
    found = handed_in({"part3/model.py": b"mine", ".course/progress.json": content})
    assert (found.files, found.minutes) == ({MODEL: b"mine"}, {})


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"essay.txt": b"", "work.ipynb": b"{}"}, NOT_THERE),
        (
            {"model.py": b"#" * (MAX_FILE + 1)},
            "no file that the course asks for could be read: "
            "model.py is 1.1 MB, more than the 1 MB allowed",
        ),
        (
            {f"f{n}": b"" for n in range(2000)} | {"model.py": b""},
            "there are more than 2000 files and folders in it",
        ),
        ({"venv/bin/python": b"", "node_modules/x": b""}, " but node_modules and venv"),
    ],
    ids=["nothing asked for", "too large", "too many", "only what programs install"],
)
def test_where_nothing_is_taken_that_is_said(
    handed_in: HandInFiles, files: Files, problem: str
) -> None:
    submission = handed_in(files)
    assert str(submission.problem).endswith(problem)
    assert (submission.files, submission.submitted) == ({}, None)


def test_the_limit_over_all_files(handed_in: HandInFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MAX_TOTAL", 20)
    submission = handed_in({"model.py": b"#" * 15, "recommend.py": b"#" * 5, "training.py": b"##"})
    assert sorted(path.name for path in submission.files) == ["model.py", "training.py"]
    assert submission.warnings == ("recommend.py would make it more than 0 MB in total: ignored",)


def test_control_characters_and_long_names_do_not_reach_a_message(handed_in: HandInFiles) -> None:
    submission = handed_in({"model.py": b"", "a\n\x1b[31m\u202e.txt": b"", "b" * 200: b""})
    (warning,) = submission.warnings
    assert warning.isprintable()
    assert "a\\n\\x1b[31m\\u202e.txt" in warning
    assert len(warning) < 200


def test_the_checksum_depends_on_paths_and_contents_alone() -> None:
    def checksum(files: Files) -> str:
        return Submission("x", {Path(k): v for k, v in files.items()}, (), None, None).sha256

    assert checksum({"a": b"1", "b": b"2"}) == checksum({"b": b"2", "a": b"1"})
    different: list[Files] = [{}, {"a": b""}, {"a": b"1"}, {"b": b"1"}, {"a": b"1", "b": b""}]
    different += [{"a": b"", "b": b"1"}, {"a": b"b\x001\x00"}]
    assert len({checksum(files) for files in different}) == len(different)


# A module and a notebook


@pytest.fixture(scope="session")
def stub(course: Course) -> bytes:
    return (course.root / PRISTINE / MODEL).read_bytes()


@pytest.fixture(scope="session")
def book(course: Course) -> bytes:
    """The notebook that students get."""
    return (course.exercises / BOOK).read_bytes()


def worked_in(book: bytes) -> bytes:
    """The stubs stay in it, and the answer stands in a cell of its own."""
    notebook = json.loads(book)
    answer = "class MatrixFactorization:\n    pass"
    notebook["cells"] += [{"cell_type": "code", "source": answer, "outputs": []}]
    return json.dumps(notebook).encode()


def test_of_a_module_and_a_notebook_the_one_that_was_worked_in_counts(
    handed_in: HandInFiles, stub: bytes, book: bytes
) -> None:
    untouched = codecs.BOM_UTF8 + stub.replace(b"\n", b"\r\n")
    submission = handed_in({str(MODEL): untouched, str(BOOK): worked_in(book)})
    assert (submission.files, submission.warnings) == ({BOOK: worked_in(book)}, ())


@pytest.mark.parametrize(
    ("change", "both"), [(b"", False), (b"\nx = 1\n", False), (b"\nx = 1\n", True)]
)
def test_else_the_module_counts(
    handed_in: HandInFiles, stub: bytes, book: bytes, change: bytes, both: bool
) -> None:
    files = {str(MODEL): stub + change, str(BOOK): worked_in(book) if both else book}
    submission = handed_in(files)
    assert submission.files == {MODEL: stub + change}
    assert submission.warnings == (
        ("part 3 was edited in model.py and in part3.ipynb: model.py counts",) if both else ()
    )


@pytest.mark.parametrize("path", [MODEL, BOOK])
def test_of_several_an_untouched_one_does_not_count(
    handed_in: HandInFiles, stub: bytes, book: bytes, path: Path
) -> None:
    """As where the whole course is packed once for each part."""
    untouched, work = (stub, b"x = 1\n") if path == MODEL else (book, b"{}")
    submission = handed_in(
        {f"part1/{path}": untouched, f"part3/{path}": work, f"z/{path}": b"later"}
    )
    assert submission.files == {path: work}
    assert submission.warnings == (
        f"there is more than one {path.name}: part3/{path} counts, and not z/{path} "
        f"and part1/{path}",
    )


# Folders


def test_the_time_is_that_of_the_newest_taken_file_or_of_the_archive(
    course: Course, anna: Path
) -> None:
    put(anna, {"model.py": b"", "training.py": b"", "notes.txt": b""})
    os.utime(anna / "model.py", (0, 1_000_000_000.7))
    os.utime(anna / "training.py", (0, 900_000_000))
    assert read(course, anna).submitted == "2001-09-09T01:46:40+00:00"
    put(anna.parent, {"ben.zip": zipped({"model.py": b""})})
    os.utime(anna.parent / "ben.zip", (0, 1_000_000_000))
    assert read(course, anna.parent / "ben.zip").submitted == "2001-09-09T01:46:40+00:00"


def test_symbolic_links_in_a_folder_are_not_followed(course: Course, anna: Path) -> None:
    secret = put(anna.parent / "secret", {"training.py": b"secret"})
    put(anna, {"explore.py": b"own"})
    for name, target in (("model.py", secret / "training.py"), ("part4", secret), ("loop", anna)):
        (anna / name).symlink_to(target)
    submission = read(course, anna)
    assert submission.files == {Path("part6/explore.py"): b"own"}
    (warning,) = submission.warnings
    assert all(name in warning for name in ("model.py", "part4", "loop"))
    assert warning.endswith(": ignored, as each is a symbolic link, which is not followed")


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFSOCK])
def test_pipes_and_sockets_are_not_opened(course: Course, anna: Path, kind: int) -> None:
    put(anna, {"training.py": b""})
    os.mknod(anna / "model.py", kind | 0o600)
    submission = read(course, anna)
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == ("model.py is not a regular file: ignored",)
    os.mkfifo(anna.parent / "ben.zip")
    assert read(course, anna.parent / "ben.zip").problem == "ben.zip is not a regular file"


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_file_that_is_exchanged_after_the_look(
    course: Course, anna: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    put(anna, {"model.py": b"1"})
    honest = os.open

    def exchanged(path, *args):
        path.unlink()
        os.mkfifo(path) if kind == "pipe" else path.symlink_to("/etc/passwd")
        return honest(path, *args)

    monkeypatch.setattr(os, "open", exchanged)
    submission = read(course, anna)
    assert submission.files == {}
    assert submission.problem is not None


@pytest.mark.parametrize(
    ("locked", "files", "taken"),
    [
        ("model.py", ("model.py", "training.py"), TRAINING),
        ("part4", ("model.py", "part4/training.py"), MODEL),
    ],
)
def test_what_may_not_be_read_is_named(
    course: Course,
    anna: Path,
    monkeypatch: pytest.MonkeyPatch,
    locked: str,
    files: tuple[str, ...],
    taken: Path,
) -> None:
    put(anna, dict.fromkeys(files, b""))

    def refusing(honest):
        def refuse(path, *args):
            if Path(path).name == locked:
                raise PermissionError(13, "Permission denied")
            return honest(path, *args)

        return refuse

    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    submission = read(course, anna)
    assert submission.files == {taken: b""}
    assert submission.warnings == (f"{locked} cannot be read (Permission denied): ignored",)


def test_a_folder_deeper_than_paths_may_be_long(course: Course, anna: Path) -> None:
    put(anna, {"model.py": b""})
    here = os.open(anna, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d" * 20, dir_fd=here)
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    submission = read(course, anna)
    shutil.rmtree(anna)
    assert submission.files == {MODEL: b""}
    assert submission.warnings[0].endswith("cannot be read (File name too long): ignored")


@pytest.mark.parametrize(
    ("files", "name", "taken", "problem"),
    [
        ({}, "x", {}, "x cannot be read (No such file or directory)"),
        ({"model.py": b"1"}, "model.py", {MODEL: b"1"}, None),
        ({"essay.txt": b""}, "essay.txt", {}, NOT_THERE),
        ({"x.zip/model.py": b"1"}, "x.zip", {MODEL: b"1"}, None),
        ({"x/.DS_Store": b"", "x/__MACOSX/x": b""}, "x", {}, "the folder is empty"),
        ({"x.zip": zipped({"a/": b"", "__MACOSX/x": b""})}, "x.zip", {}, "the archive is empty"),
    ],
    ids=["nothing", "a module", "a text", "a folder called x.zip", "empty", "empty archive"],
)
def test_what_else_may_be_handed_in(
    course: Course,
    tmp_path: Path,
    files: Files,
    name: str,
    taken: dict[Path, bytes],
    problem: str | None,
) -> None:
    submission = read(course, put(tmp_path, files) / name)
    assert (submission.files, submission.problem) == (taken, problem)
