"""Submissions: what is found in a folder, which files are taken, and that nothing in them harms."""

import codecs
import json
import os
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.batch import archives, submissions
from grading.batch.archives import MAX_FILE
from grading.batch.platforms import HandIn
from grading.batch.submissions import Submission, find, read, student_id
from grading.manifest import PRISTINE, Course

MODEL = Path("part3/model.py")
TRAINING = Path("part4/training.py")


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    folder = tmp_path / "anna"
    folder.mkdir()
    return folder


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return path


def patched(path: Path, name: str, offset: int, form: str, value: int) -> None:
    """Write `value` into the entry of member `name` in the archive's list of members."""
    data = bytearray(path.read_bytes())
    at = data.rindex(name.encode()) - 46  # the entry's fixed fields stand before the name
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into(form, data, at + offset, value)
    path.write_bytes(data)


def names(hand_in: HandIn) -> list[str]:
    return [piece.path.name for piece in hand_in.pieces]


def said(submission: Submission) -> str:
    return "\n".join(submission.warnings)


# Finding


def test_finds_folders_and_archives_by_student_and_names_the_rest(tmp_path: Path) -> None:
    put(tmp_path, {"carl/model.py": b"", "grades.csv": b"", ".DS_Store": b"", "dora.rar": b""})
    put(tmp_path, {"__MACOSX/x": b"", ".git/config": b""})
    packed(tmp_path / "ben.zip", {"model.py": b""})
    (tmp_path / "anna").mkdir()
    found, warnings = find(tmp_path)
    assert [names(one) for one in found] == [["anna"], ["ben.zip"], ["carl"]]
    assert [one.student_id for one in found] == ["anna", "ben", "carl"]
    assert warnings == [
        "ignored, as neither a folder nor a .zip or .tar.gz: dora.rar and grades.csv"
    ]


def test_says_nothing_where_there_are_only_submissions(anna: Path) -> None:
    found, warnings = find(anna.parent)
    assert ([names(one) for one in found], warnings) == ([["anna"]], [])


def test_a_student_with_a_folder_and_an_archive_is_found_once_and_told(
    course: Course, anna: Path
) -> None:
    put(anna, {"model.py": b"1"})
    packed(anna.with_name("anna.zip"), {"model.py": b"2"})
    (found,) = find(anna.parent)[0]
    submission = read(course, found)
    assert submission.problem == "there is both a folder and an archive for anna: keep one"
    assert submission.files == {}


def test_two_archives_of_one_student_are_told(course: Course, tmp_path: Path) -> None:
    packed(tmp_path / "anna.zip", {"model.py": b"1"})
    packed(tmp_path / "anna.ZIP", {"model.py": b"2"})
    (path,) = find(tmp_path)[0]
    assert read(course, path).problem == (
        "there is more than one submission for anna (anna.ZIP and anna.zip): keep one"
    )


def test_a_stray_file_is_no_second_submission(course: Course, tmp_path: Path) -> None:
    put(tmp_path, {"anna": b"notes"})
    assert read(course, packed(tmp_path / "anna.zip", {"model.py": b"2"})).problem is None


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
    os.mkdir(os.fsencode(tmp_path) + b"/b\xff")
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff")), {"model.py": b"1", "a\udcfe": b""})
    (path,) = find(tmp_path)[0]
    submission = read(course, path)
    assert submission.student_id == "b\\udcff"
    assert submission.files == {MODEL: b"1"}
    assert submission.warnings == ("not asked for, so ignored: a\\udcfe",)
    (submission.student_id + said(submission)).encode()  # can be written anywhere


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


@pytest.fixture(params=["folder", "archive"])
def handed_in(request: pytest.FixtureRequest, course: Course, tmp_path: Path):
    def hand_in(files: dict[str, bytes]) -> Submission:
        if request.param == "archive":
            return read(course, packed(tmp_path / "anna.zip", files))
        (tmp_path / "anna").mkdir()
        put(tmp_path / "anna", files)
        return read(course, tmp_path / "anna")

    return hand_in


@pytest.mark.parametrize(
    "name",
    [
        "part3/model.py",
        "exercises/part3/model.py",
        "movie-course-main/exercises/part3/model.py",
        "model.py",
        "my work/model.py",
        "Part3/model.py",
    ],
)
def test_a_module_is_recognised_wherever_it_lies(handed_in, name: str) -> None:
    submission = handed_in({name: b"x = 1\n"})
    assert submission.files == {MODEL: b"x = 1\n"}
    assert submission.warnings == ()
    assert submission.problem is None
    assert submission.student_id == "anna"


def test_every_module_of_the_course_is_taken(handed_in, course: Course) -> None:
    submission = handed_in({str(part.path): part.folder.encode() for part in course.parts})
    assert submission.files == {part.path: part.folder.encode() for part in course.parts}
    assert submission.warnings == ()


def test_any_bytes_are_taken_as_they_are(handed_in) -> None:
    content = "x = 'é'".encode("latin-1") + b"\xff"
    assert handed_in({"model.py": content}).files == {MODEL: content}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_its_mark_is_read_and_named(handed_in, encoding: str) -> None:
    submission = handed_in({"model.py": "\ufeffx = 'é'\n".encode(encoding)})
    assert submission.files == {MODEL: "x = 'é'\n".encode()}
    assert submission.warnings == (
        "model.py is saved as UTF-16 and was read as such: save it as UTF-8",
    )


@pytest.mark.parametrize("content", ["x = 1\n".encode("utf-16-le"), codecs.BOM_UTF16_LE + b"x"])
def test_what_may_be_utf16_is_named_and_left_as_it_is(handed_in, content: bytes) -> None:
    submission = handed_in({"model.py": content})
    assert submission.files == {MODEL: content}
    assert "UTF-16" in said(submission)
    assert said(submission).endswith(": save it as UTF-8")


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ("part3/model.py", "exercises/part3/model.py"),  # the shallowest
        ("exercises/part3/model.py", "model.py"),  # the one in its part's folder
        ("exercises/part3/model.py", "backup/part3/model.py"),
        ("a/model.py", "b/model.py"),
        ("part3/model.py", "Part3/Model.py"),  # differ by case
        ("part3/model.py", "part3/MODEL.py"),
    ],
)
def test_of_several_the_others_are_named(handed_in, best: str, other: str) -> None:
    submission = handed_in({other: b"other", best: b"best"})
    assert submission.files == {MODEL: b"best"}
    assert submission.warnings == (
        f"there is more than one model.py: {best} counts, and not {other}",
    )


@pytest.mark.parametrize("name", ["part3/Model.py", "MODEL.PY", "model-1.py", "model (2).py"])
def test_a_module_under_a_name_that_is_close_is_taken_and_told(handed_in, name: str) -> None:
    submission = handed_in({name: b"work", "training.py": b""})
    assert submission.files == {MODEL: b"work", TRAINING: b""}
    assert submission.warnings == (f"{name} is used as model.py: rename it",)


def test_a_notebook_in_other_capitals_is_taken_too(handed_in) -> None:
    assert list(handed_in({"Part3.ipynb": b"{}"}).files) == [Path("part3/part3.ipynb")]


def test_names_that_differ_in_capitals_only_are_refused(course: Course, tmp_path: Path) -> None:
    for name in ("anna", "Anna"):
        put(tmp_path / name, {"model.py": b""})
    sentence = "Anna and anna differ in capitals only, and would share a file: rename one"
    assert {read(course, path).problem for path in find(tmp_path)[0]} == {sentence}


def test_names_that_differ_in_a_letter_are_two_students(course: Course, tmp_path: Path) -> None:
    for name in ("weiss", "weiß"):
        put(tmp_path / name, {"model.py": b""})
    assert {read(course, path).problem for path in find(tmp_path)[0]} == {None}


def test_the_untouched_stubs_are_never_taken(handed_in) -> None:
    submission = handed_in({"exercises/.stubs/part3/model.py": b"stub", "training.py": b""})
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == (
        "1 file of the course itself, so ignored: the grader has its own",
    )


def test_what_is_not_taken_stands_in_one_line_with_the_telling_first(handed_in) -> None:
    own = {f"part{n}/{name}": b"" for n in (1, 2, 3) for name in ("README.md", "probes.py")}
    own["part1/test_part1.py"] = b""
    submission = handed_in({**own, "model.py": b"", "z.txt": b"", "work.ipynb": b"", "a.py": b""})
    assert submission.files == {MODEL: b""}
    assert submission.warnings == (
        "not asked for, so ignored: work.ipynb (a notebook; the course calls them part1.ipynb "
        "and so on), a.py and z.txt",
        "7 files of the course itself, so ignored: the grader has its own",
    )


def test_a_whole_repository_is_taken_with_one_line_of_warning(course: Course, handed_in) -> None:
    released = ["LICENSE", "conftest.py", "data/download.py", "grading/__main__.py"]
    released += ["exercises/course.toml", "exercises/part3/README.md", "tutorial/demo.py"]
    assert all((course.root / name).is_file() for name in released)
    submission = handed_in(
        {f"repo/{name}": b"" for name in [*released, "exercises/part3/model.py"]}
    )
    assert submission.files == {MODEL: b""}
    assert submission.warnings == (
        "7 files of the course itself, so ignored: the grader has its own",
    )


def test_junk_is_passed_over_in_silence(handed_in) -> None:
    junk = ["__MACOSX/part3/._model.py", ".DS_Store", "part3/._model.py", ".git/model.py"]
    junk += ["part3/__pycache__/model.py", ".ipynb_checkpoints/model.py", ".venv/model.py"]
    submission = handed_in({name: b"junk" for name in junk} | {"part3/model.py": b"work"})
    assert submission.files == {MODEL: b"work"}
    assert submission.warnings == ()


def test_the_times_of_the_students_own_progress_come_along_and_nothing_else_of_its_folder(
    handed_in,
) -> None:
    progress = (
        b'{"points": {}, "hints": {}, "begun": {"3.1": 60, "9.9": 0}, '
        b'"passed": {"3.1": 180, "9.9": 60}}'
    )
    found = handed_in(
        {
            "exercises/part3/model.py": b"mine",
            ".course/progress.json": progress,
            ".course/backups/part3/model.py": b"old",
            ".course/app/model.pt": b"weights",
        }
    )
    assert found.files == {MODEL: b"mine"}
    assert found.warnings == ()
    assert found.minutes == {"3.1": 2.0}


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b" " * (MAX_FILE + 1)])
def test_a_file_of_progress_that_is_broken_costs_nothing(handed_in, content: bytes) -> None:
    found = handed_in({"part3/model.py": b"mine", ".course/progress.json": content})
    assert found.files == {MODEL: b"mine"}
    assert found.minutes == {}


def test_nothing_that_the_course_asks_for(handed_in) -> None:
    submission = handed_in({"essay.txt": b"", "work.ipynb": b"{}"})
    assert submission.problem == (
        "there is no file that the course asks for, such as part1/neighbours.py"
    )
    assert submission.warnings == (
        "not asked for, so ignored: work.ipynb (a notebook; the course calls them part1.ipynb "
        "and so on) and essay.txt",
    )
    assert submission.files == {}
    assert submission.submitted is None


def test_a_file_over_the_limit(handed_in) -> None:
    submission = handed_in({"model.py": b"#" * 3_150_000, "training.py": b"#" * MAX_FILE})
    assert list(submission.files) == [TRAINING]
    assert submission.warnings == ("model.py is 3.2 MB, more than the 1 MB allowed: ignored",)


def test_the_only_file_is_over_the_limit(handed_in) -> None:
    assert handed_in({"model.py": b"#" * (MAX_FILE + 1)}).problem == (
        "no file that the course asks for could be read: "
        "model.py is 1.1 MB, more than the 1 MB allowed"
    )


def test_the_limit_over_all_files(handed_in, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MAX_TOTAL", 20)
    submission = handed_in({"model.py": b"#" * 15, "recommend.py": b"#" * 5, "training.py": b"##"})
    assert sorted(path.name for path in submission.files) == ["model.py", "training.py"]
    assert "recommend.py would make it more than 0 MB in total: ignored" in said(submission)


def test_too_many_files(handed_in) -> None:
    submission = handed_in({f"f{n}": b"" for n in range(2000)} | {"model.py": b""})
    assert submission.problem == "there are more than 2000 files and folders in it"


@pytest.mark.parametrize("place", ["venv/lib", "my env/lib/site-packages", "node_modules", ".git"])
def test_what_programs_install_does_not_count(handed_in, place: str) -> None:
    files = {f"part3/{place}/f{n}/__init__.py": b"" for n in range(1001)}
    submission = handed_in(files | {"part3/model.py": b"work", f"{place}/model.py": b"other"})
    assert submission.files == {MODEL: b"work"}
    assert submission.warnings == ()


def test_where_there_is_nothing_but_what_programs_install_that_is_said(handed_in) -> None:
    problem = handed_in({"venv/bin/python": b"", "node_modules/x": b""}).problem
    assert problem is not None
    assert problem.endswith(" but node_modules and venv")


def test_control_characters_and_long_names_do_not_reach_a_message(handed_in) -> None:
    submission = handed_in({"model.py": b"", "a\n\x1b[31m\u202e.txt": b"", "b" * 200: b""})
    (warning,) = submission.warnings
    assert warning.isprintable()
    assert "a\\n\\x1b[31m\\u202e.txt" in warning
    assert len(warning) < 200


def test_the_checksum_depends_on_paths_and_contents_alone(tmp_path: Path) -> None:
    def checksum(files: dict[str, bytes]) -> str:
        return Submission("x", {Path(k): v for k, v in files.items()}, (), None, None).sha256

    assert checksum({"a": b"1", "b": b"2"}) == checksum({"b": b"2", "a": b"1"})
    different = [{}, {"a": b""}, {"a": b"1"}, {"b": b"1"}, {"a": b"1", "b": b""}]
    different += [{"a": b"", "b": b"1"}, {"a": b"b\x001\x00"}]
    assert len({checksum(files) for files in different}) == len(different)
    assert len(checksum({})) == 64


# A module and a notebook


def stub_of(course: Course) -> bytes:
    return (course.root / PRISTINE / MODEL).read_bytes()


def notebook_of(course: Course, *more: str) -> bytes:
    """The notebook that students get, with more cells at its end."""
    notebook = json.loads((course.exercises / "part3/part3.ipynb").read_bytes())
    notebook["cells"] += [{"cell_type": "code", "source": text, "outputs": []} for text in more]
    return json.dumps(notebook).encode()


def test_a_notebook_that_was_worked_in_counts_beside_an_untouched_module(
    course: Course, handed_in: Callable[[dict[str, bytes]], Submission]
) -> None:
    """Also where the stubs stay in it and the answer stands in a cell of its own."""
    notebook = notebook_of(course, "class MatrixFactorization:\n    pass")
    untouched = codecs.BOM_UTF8 + stub_of(course).replace(b"\n", b"\r\n")
    submission = handed_in({"part3/model.py": untouched, "part3/part3.ipynb": notebook})
    assert submission.files == {Path("part3/part3.ipynb"): notebook}
    assert submission.warnings == ()


def test_a_module_that_was_worked_in_counts_beside_an_untouched_notebook(
    course: Course, handed_in: Callable[[dict[str, bytes]], Submission]
) -> None:
    module = stub_of(course) + b"\nclass MatrixFactorization: ...\n"
    submission = handed_in({"part3/model.py": module, "part3/part3.ipynb": notebook_of(course)})
    assert submission.files == {MODEL: module}
    assert submission.warnings == ()


def test_of_two_that_were_worked_in_the_module_counts_and_that_is_said(
    course: Course, handed_in: Callable[[dict[str, bytes]], Submission]
) -> None:
    module, notebook = stub_of(course) + b"\nx = 1\n", notebook_of(course, "y = 2")
    submission = handed_in({"part3/model.py": module, "part3/part3.ipynb": notebook})
    assert submission.files == {MODEL: module}
    assert submission.warnings == (
        "part 3 was edited in model.py and in part3.ipynb: model.py counts",
    )


@pytest.mark.parametrize("path", [MODEL, Path("part3/part3.ipynb")])
def test_of_several_an_untouched_one_does_not_count(
    course: Course, handed_in: Callable[[dict[str, bytes]], Submission], path: Path
) -> None:
    """As where the whole course is packed once for each part."""
    stub, work = (stub_of(course), b"x = 1\n") if path == MODEL else (notebook_of(course), b"{}")
    submission = handed_in({f"part1/{path}": stub, f"part3/{path}": work, f"z/{path}": b"later"})
    assert submission.files == {path: work}
    assert submission.warnings == (
        f"there is more than one {path.name}: part3/{path} counts, and not z/{path} "
        f"and part1/{path}",
    )


def test_of_two_that_are_untouched_the_module_counts(
    course: Course, handed_in: Callable[[dict[str, bytes]], Submission]
) -> None:
    files = {"part3/model.py": stub_of(course), "part3/part3.ipynb": notebook_of(course)}
    submission = handed_in(files)
    assert submission.files == {MODEL: stub_of(course)}
    assert submission.warnings == ()


# Folders


def test_the_time_of_a_folder_is_that_of_its_newest_taken_file(course: Course, anna: Path) -> None:
    put(anna, {"model.py": b"", "training.py": b"", "notes.txt": b""})
    os.utime(anna / "model.py", (0, 1_000_000_000.7))
    os.utime(anna / "training.py", (0, 900_000_000))
    submission = read(course, anna)
    assert submission.submitted == "2001-09-09T01:46:40+00:00"
    assert datetime.fromisoformat(submission.submitted).tzinfo == UTC


def test_the_time_of_an_archive_is_its_own(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b""})
    os.utime(path, (0, 1_000_000_000))
    assert read(course, path).submitted == "2001-09-09T01:46:40+00:00"


@pytest.mark.parametrize("content", [{}, {".DS_Store": b"", "__MACOSX/x": b""}])
def test_an_empty_folder(course: Course, anna: Path, content: dict[str, bytes]) -> None:
    put(anna, content)
    assert read(course, anna).problem == "the folder is empty"


def test_symbolic_links_in_a_folder_are_not_followed(course: Course, anna: Path) -> None:
    secret = anna.parent / "secret"
    put(secret, {"training.py": b"secret"})
    put(anna, {"explore.py": b"own"})
    (anna / "model.py").symlink_to(secret / "training.py")
    (anna / "part4").symlink_to(secret)
    (anna / "loop").symlink_to(anna)
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


def test_a_pipe_that_is_called_an_archive(course: Course, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "anna.zip")
    assert read(course, tmp_path / "anna.zip").problem == "anna.zip is not a regular file"


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


def test_a_file_that_may_not_be_read(
    course: Course, anna: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(anna, {"model.py": b"", "training.py": b""})
    honest = os.open

    def locked(path, *args):
        if path.name == "model.py":
            raise PermissionError(13, "Permission denied")
        return honest(path, *args)

    monkeypatch.setattr(os, "open", locked)
    submission = read(course, anna)
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == ("model.py cannot be read (Permission denied): ignored",)


def test_folders_that_may_not_be_listed(
    course: Course, anna: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(anna, {"model.py": b"", "part4/training.py": b""})
    honest = os.scandir
    locked = {anna / "part4"}

    def scandir(path):
        if path in locked:
            raise PermissionError(13, "Permission denied")
        return honest(path)

    monkeypatch.setattr(os, "scandir", scandir)
    submission = read(course, anna)
    assert submission.files == {MODEL: b""}
    assert submission.warnings == ("part4 cannot be read (Permission denied): ignored",)
    locked.add(anna)
    assert read(course, anna).problem == "anna cannot be read (Permission denied)"


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
    assert "cannot be read (File name too long): ignored" in said(submission)


def test_what_is_not_there(course: Course, tmp_path: Path) -> None:
    assert read(course, tmp_path / "x").problem == "x cannot be read (No such file or directory)"


def test_a_single_file_is_a_submission(course: Course, tmp_path: Path) -> None:
    put(tmp_path, {"model.py": b"1", "essay.txt": b""})
    assert read(course, tmp_path / "model.py").files == {MODEL: b"1"}
    assert read(course, tmp_path / "essay.txt").problem == (
        "there is no file that the course asks for, such as part1/neighbours.py"
    )


def test_a_folder_that_is_called_an_archive(course: Course, tmp_path: Path) -> None:
    put(tmp_path / "anna.zip", {"model.py": b"1"})
    submission = read(course, tmp_path / "anna.zip")
    assert (submission.student_id, submission.files) == ("anna", {MODEL: b"1"})


# Archives


def test_an_archive_with_nothing_in_it(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"part3/": b"", "__MACOSX/x": b""})
    assert read(course, path).problem == "the archive is empty"


@pytest.mark.parametrize(
    "name",
    [
        "/part3/model.py",
        "../model.py",
        "part3/../../model.py",
        "__MACOSX/../model.py",
        "C:/model.py",
        "C:model.py",
        "\\part3\\model.py",
        "..\\model.py",
        "//server/model.py",
    ],
)
def test_paths_that_lead_out_of_the_archive(course: Course, tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "anna.zip", {name: b"", "training.py": b""})
    submission = read(course, path)
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == (f"{name} has a path that leads out of the archive: ignored",)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "name", ["part3\\model.py", "course\\part3\\model.py", "./part3//model.py"]
)
def test_backslashes_and_dots_in_paths_are_understood(
    course: Course, tmp_path: Path, name: str
) -> None:
    path = packed(tmp_path / "anna.zip", {name: b"1", "course\\part4\\": b"", "./": b""})
    submission = read(course, path)
    assert submission.files == {MODEL: b"1"}
    assert submission.warnings == ()


def test_a_name_with_a_zero_byte(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py!.txt": b"1"})
    path.write_bytes(path.read_bytes().replace(b"model.py!", b"model.py\0"))
    submission = read(course, path)
    assert submission.files == {}
    assert submission.warnings == ("model.py\\x00.txt has an invalid name: ignored",)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (stat.S_IFLNK, "is a symbolic link, which is not followed"),
        (stat.S_IFIFO, "is not a regular file"),
        (stat.S_IFCHR, "is not a regular file"),
    ],
)
def test_links_and_devices_in_an_archive(
    course: Course, tmp_path: Path, kind: int, fault: str
) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"/etc/passwd"})
    patched(path, "model.py", 38, "<I", (kind | 0o644) << 16)
    submission = read(course, path)
    assert submission.warnings == (f"model.py {fault}: ignored",)
    assert submission.problem == (
        f"no file that the course asks for could be read: model.py {fault}"
    )


def test_a_regular_file_with_its_mode_is_taken(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"1"})
    patched(path, "model.py", 38, "<I", (stat.S_IFREG | 0o644) << 16)
    assert read(course, path).files == {MODEL: b"1"}


def test_an_encrypted_member(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"1", "training.py": b"2"})
    patched(path, "model.py", 8, "<H", 0x1)
    submission = read(course, path)
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == ("model.py is encrypted: ignored",)


@pytest.mark.parametrize("names", [("model.py", "model.py"), ("part3/model.py", "part3\\model.py")])
def test_a_member_that_is_there_twice(
    course: Course, tmp_path: Path, names: tuple[str, str]
) -> None:
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *args, **kwargs: None)
        for name in (*names, "training.py"):
            archive.writestr(name, b"")
    submission = read(course, path)
    assert submission.files == {TRAINING: b""}
    (warning,) = submission.warnings
    name = names[0]
    assert warning == f"{name} and {name}: ignored, as each is in the archive more than once"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 99])
def test_a_method_that_is_not_supported(course: Course, tmp_path: Path, method: int) -> None:
    known = method if method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA) else zipfile.ZIP_DEFLATED
    path = packed(tmp_path / "anna.zip", {"model.py": b"1" * 1000}, known)
    patched(path, "model.py", 10, "<H", method)
    assert read(course, path).warnings == (
        "model.py is compressed in a way that is not supported: ignored",
    )


def test_a_bomb_is_not_unpacked(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": bytes(50_000_000)})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    submission = read(course, path)
    assert submission.warnings == ("model.py is 50.0 MB, more than the 1 MB allowed: ignored",)


@pytest.mark.parametrize("declared", [10, 500_000])
def test_a_bomb_that_lies_about_its_size(course: Course, tmp_path: Path, declared: int) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": bytes(50_000_000), "training.py": b"2"})
    patched(path, "model.py", 24, "<I", declared)
    submission = read(course, path)
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == ("model.py is damaged (Bad CRC-32 for file 'model.py'): ignored",)


def test_a_member_that_is_smaller_than_declared(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"1" * 100})
    patched(path, "model.py", 24, "<I", 200)
    assert said(read(course, path)).startswith("model.py is damaged (")


def test_a_wrong_checksum(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"content"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"content", b"CONTENT"))
    assert read(course, path).warnings == (
        "model.py is damaged (Bad CRC-32 for file 'model.py'): ignored",
    )


def test_members_that_overlap(course: Course, tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner", {"training.py": b"hidden"}, zipfile.ZIP_STORED).read_bytes()
    path = packed(
        tmp_path / "anna.zip",
        {"model.py": inner[: inner.index(b"PK\x01\x02")], "training.py": b"", "explore.py": b""},
        zipfile.ZIP_STORED,
    )
    patched(path, "training.py", 42, "<I", 30 + len("model.py"))  # its header, inside model.py
    submission = read(course, path)
    assert list(submission.files) == [Path("part6/explore.py")]
    assert said(submission) == (
        "model.py and training.py: ignored, as each overlaps another member of the archive"
    )


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"Rar!\x1a\x07" * 100, bytes(99999)])
def test_what_is_not_an_archive(course: Course, tmp_path: Path, content: bytes) -> None:
    put(tmp_path, {"anna.zip": content})
    submission = read(course, tmp_path / "anna.zip")
    assert submission.problem == "anna.zip cannot be read as a zip archive (File is not a zip file)"


def test_an_archive_cut_off_anywhere(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": bytes(range(256)), "training.py": b"2"})
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert read(course, path).problem is not None, length


def test_an_archive_with_any_byte_wrong(course: Course, tmp_path: Path) -> None:
    path = packed(tmp_path / "anna.zip", {"model.py": b"1" * 50, "training.py": b"2"})
    whole = path.read_bytes()
    for place in range(len(whole)):
        for flipped in (0x01, 0x80, 0xFF):
            data = bytearray(whole)
            data[place] ^= flipped
            path.write_bytes(data)
            submission = read(course, path)  # raises nothing
            assert submission.files.get(MODEL, b"1" * 50) == b"1" * 50
            assert said(submission).replace("\n", "").isprintable()


def test_a_list_of_members_without_end(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 10_000)
    path = packed(tmp_path / "anna.zip", {f"{n:040}": b"" for n in range(200)})
    assert read(course, path).problem == (
        "anna.zip is damaged (what it says of its members is too long)"
    )
