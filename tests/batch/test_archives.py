"""Tar archives and archives in archives: what is read from them, and that none does harm."""

import gzip
import io
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.batch import archives
from grading.batch.submissions import Submission, read
from grading.manifest import Course

MODEL, TRAINING = Path("part3/model.py"), Path("part4/training.py")


@pytest.fixture
def reading(course: Course, tmp_path: Path) -> Callable[..., Submission]:
    """Reads an archive that is handed in under some name."""

    def read_it(content: bytes, name: str = "anna.tar.gz") -> Submission:
        path = tmp_path / name
        path.write_bytes(content)
        submission = read(course, path)
        assert list(tmp_path.iterdir()) == [path]  # nothing is unpacked
        path.unlink()
        assert all(text.isprintable() for text in submission.warnings)
        return submission

    return read_it


Reading = Callable[..., Submission]


def tarred(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def member(name: str, content: bytes = b"", **changed: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in changed.items():
        setattr(info, key, value)
    return info, content


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


# Tar


@pytest.mark.parametrize("name", ["anna.tar.gz", "anna.tgz", "anna.TAR.GZ", "anna.tar"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_archive_is_a_submission(reading: Reading, name: str, form: int) -> None:
    members = (member("course/part3/model.py", b"work"), member("./training.py", b"2"))
    content = tarred(member("course", type=tarfile.DIRTYPE), *members, form=form)
    submission = reading(gzip.decompress(content) if name == "anna.tar" else content, name)
    assert submission.files == {MODEL: b"work", TRAINING: b"2"}
    assert (submission.student_id, submission.warnings) == ("anna", ())


def test_a_long_name_and_a_name_that_is_not_ascii(reading: Reading) -> None:
    long = "/".join(["é" * 60] * 3)
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        assert reading(tarred(member(f"{long}/model.py", b"1"), form=form)).files == {MODEL: b"1"}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"type": tarfile.SYMTYPE}, "is a symbolic link, which is not followed"),
        ({"type": tarfile.LNKTYPE}, "is a link to another file, which is not followed"),
        ({"type": tarfile.CHRTYPE}, "is not a regular file"),
        ({"type": tarfile.BLKTYPE}, "is not a regular file"),
        ({"type": tarfile.FIFOTYPE}, "is not a regular file"),
        ({"type": tarfile.CONTTYPE}, "is not a regular file"),
    ],
)
def test_links_and_devices_are_not_taken(
    reading: Reading, changed: dict[str, object], fault: str
) -> None:
    hostile = member("model.py", linkname="/etc/passwd", **changed)
    submission = reading(tarred(member("training.py", b"2"), hostile))
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == (f"model.py {fault}: ignored",)


@pytest.mark.parametrize("name", ["/model.py", "../model.py", "a/../../model.py", "C:/model.py"])
def test_paths_that_lead_out_are_not_taken(reading: Reading, name: str) -> None:
    submission = reading(tarred(member(name, b"1"), member("training.py", b"2")))
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == (f"{name} has a path that leads out of the archive: ignored",)


def test_a_member_that_is_there_twice_is_not_taken(reading: Reading) -> None:
    submission = reading(tarred(member("model.py", b"1"), member("model.py", b"2")))
    assert submission.files == {}
    assert submission.warnings == (
        "model.py and model.py: ignored, as each is in the archive more than once",
    )


def test_a_sparse_file_is_not_taken(reading: Reading) -> None:
    headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "model.py"}
    headers["GNU.sparse.realsize"] = "99999999999"
    hostile = member("x", b"1\n0\n5\n".ljust(512, b"\0") + b"12345", pax_headers=headers)
    submission = reading(tarred(hostile, member("training.py", b"2")))
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == ("model.py is not a regular file: ignored",)


def test_what_systems_and_programs_leave_behind_does_not_count(reading: Reading) -> None:
    junk = [member(f"venv/lib/f{n}.py", b"x") for n in range(2001)]
    assert reading(tarred(*junk, member("model.py", b"1"))).warnings == ()


def test_too_many_files(reading: Reading) -> None:
    submission = reading(tarred(*(member(f"f{n}") for n in range(2001))))
    assert submission.problem == "there are more than 2000 files and folders in it"


def test_too_many_members_of_any_kind(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    submission = reading(tarred(*(member(f"venv/f{n}") for n in range(11))))
    assert submission.problem == "there are more than 10 members in its archives"
    submission = reading(zipped({f"venv/f{n}": b"" for n in range(11)}), "anna.zip")
    assert submission.problem == "there are more than 10 members in its archives"


def test_a_large_member_is_passed_over(reading: Reading) -> None:
    large = member("model.py", bytes(3_150_000))
    submission = reading(
        tarred(member("data.bin", bytes(30_000_000)), large, member("training.py"))
    )
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == (
        "model.py is 3.2 MB, more than the 1 MB allowed: ignored",
        "not asked for, so ignored: data.bin",
    )


@pytest.mark.parametrize("size", [8**11 - 1, 10**15])
def test_a_member_that_declares_a_size_without_end(reading: Reading, size: int) -> None:
    header = tarfile.TarInfo("training.py")
    header.size = size
    content = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(5000))
    problem = reading(content).problem
    assert problem is not None
    assert problem.startswith("anna.tar.gz has more than 2000 MB in it")


def test_a_bomb_is_not_held_in_memory(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 40_000_000)
    bomb = tarred(*(member(f"{n}/model.py", bytes(900_000)) for n in range(60)))
    tracemalloc.start()
    problem = reading(bomb).problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem == "anna.tar.gz has more than 2000 MB in it".replace("2000", "40")
    assert peak < 60_000_000


def test_files_that_have_to_be_held_are_bounded(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_HELD", 1_000_000)
    submission = reading(
        tarred(member("model.py", bytes(900_000)), member("training.py", b"#" * 200_000))
    )
    assert list(submission.files) == [MODEL]
    assert (
        "training.py would make it more than 1 MB in all archives: ignored" in submission.warnings
    )


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
def test_a_header_without_end_is_not_read(reading: Reading, kind: bytes) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, 500_000_000
    content = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1_000_000))
    assert reading(content).problem == (
        "anna.tar.gz is damaged (what it says of its members is too long)"
    )


def test_a_header_with_a_number_without_end(reading: Reading) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = b"x", 60_000
    content = gzip.compress(header.tobuf() + b"1" * 60_000 + bytes(-60_000 % 512))
    problem = reading(content).problem
    assert problem == (
        "anna.tar.gz is damaged (what it says of its members has a number without end)"
    )


def test_headers_of_headers_without_end(reading: Reading) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = b"g", 512
    text = b"20 comment=abcdefgh\n"
    content = gzip.compress((header.tobuf() + text.ljust(512, b"\0")) * 5000)
    problem = reading(content).problem
    assert problem is not None
    assert problem.startswith("anna.tar.gz cannot be read as a tar archive (")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\x1f\x8b",
        b"\x1f\x8b\x08" + bytes(7),
        bytes(99999),
        gzip.compress(b"x" * 600, mtime=0),
        gzip.compress(b"", mtime=0),
        zipped({"model.py": b""}),
    ],
)
def test_what_is_no_tar_archive(reading: Reading, content: bytes) -> None:
    submission = reading(content)
    assert submission.files == {}
    assert submission.problem is not None
    assert submission.problem.startswith(("anna.tar.gz ", "the archive is empty"))


def test_an_archive_cut_off_or_changed_anywhere_ends_in_a_sentence(reading: Reading) -> None:
    packed = tarred(member("model.py", b"1" * 2000), member("training.py", b"2"))
    plain = gzip.decompress(packed)
    whole = {MODEL: b"1" * 2000, TRAINING: b"2"}
    for place in range(0, len(packed), 3):
        submission = reading(packed[:place])
        assert submission.problem is not None
        changed = bytearray(packed)
        changed[place] ^= 0xFF
        submission = reading(bytes(changed))
        assert submission.problem is not None or submission.files == whole
    for place in range(0, 4096, 37):
        changed = bytearray(plain)
        changed[place] ^= 0xFF
        reading(bytes(changed), "anna.tar.gz")  # raises nothing


def test_a_header_in_the_middle_that_cannot_be_read_is_not_the_end(reading: Reading) -> None:
    plain = bytearray(gzip.decompress(tarred(member("model.py", b"1"), member("training.py"))))
    plain[1024 + 148] ^= 0xFF  # the checksum of the second header
    problem = reading(bytes(plain)).problem
    assert problem == "anna.tar.gz is damaged (the header of a member cannot be read)"


# Archives in archives


@pytest.mark.parametrize("inner", ["work.zip", "deep/work.tar.gz"])
@pytest.mark.parametrize("outer", ["anna.zip", "anna.tar.gz", "anna"])
def test_an_archive_in_an_archive_or_a_folder_is_opened(
    course: Course, tmp_path: Path, inner: str, outer: str
) -> None:
    inside = zipped({"part3/model.py": b"1"})
    if inner.endswith("gz"):
        inside = tarred(member("part3/model.py", b"1"))
    path = tmp_path / outer
    if outer == "anna":
        (path / inner).parent.mkdir(parents=True)
        (path / inner).write_bytes(inside)
    else:
        pack = zipped({inner: inside}) if outer == "anna.zip" else tarred(member(inner, inside))
        path.write_bytes(pack)
    submission = read(course, path)
    assert (submission.files, submission.warnings) == ({MODEL: b"1"}, ())


def test_what_lies_outside_goes_before_what_lies_in_an_inner_archive(reading: Reading) -> None:
    inner = zipped({"part3/model.py": b"inner", "part4/training.py": b"inner"})
    submission = reading(zipped({"part3.zip": inner, "a/b/c/model.py": b"outer"}), "anna.zip")
    assert submission.files == {MODEL: b"outer", TRAINING: b"inner"}
    assert submission.warnings == (
        "there is more than one model.py: a/b/c/model.py counts, and not part3.zip/part3/model.py",
    )


def test_no_more_than_one_level_is_opened(reading: Reading) -> None:
    bomb = zipped({"model.py": b"1"})
    for _ in range(50):
        bomb = zipped({"more.zip": bomb, "training.py": b"2"})
    submission = reading(bomb, "anna.zip")
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings[-1] == (
        "more.zip/more.zip is an archive in an archive in an archive, which is not opened: ignored"
    )


def test_inner_archives_are_bounded_in_size_and_in_sum(reading: Reading) -> None:
    large = zipped({f"{n}.zip": bytes(19_000_000) for n in range(9)} | {"x.zip": bytes(21_000_000)})
    submission = reading(large, "anna.zip")
    assert submission.files == {}
    assert "x.zip is 21.0 MB, more than the 20 MB allowed: ignored" in submission.warnings
    assert any("would make it more than 60 MB in all archives" in w for w in submission.warnings)


def test_an_encrypted_archive_is_named(reading: Reading) -> None:
    content = bytearray(zipped({"model.py": b"1"}))
    struct.pack_into("<H", content, content.rindex(b"PK\x01\x02") + 8, 1)
    sentence = "no file that the course asks for could be read: {}model.py is encrypted"
    assert reading(bytes(content), "anna.zip").problem == sentence.format("")
    nested = zipped({"work.zip": bytes(content)})
    assert reading(nested, "anna.zip").problem == sentence.format("work.zip/")


def test_a_damaged_inner_archive_is_named(reading: Reading) -> None:
    submission = reading(zipped({"work.zip": b"PK no", "model.py": b"1"}), "anna.zip")
    assert submission.files == {MODEL: b"1"}
    assert submission.warnings == (
        "work.zip cannot be read as a zip archive (File is not a zip file): ignored",
    )
