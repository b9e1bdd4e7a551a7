"""Zip and tar archives, also in one another: what is read from them, and that none does harm."""

import gzip
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.batch import archives
from grading.batch.submissions import Submission, read
from grading.manifest import Course
from tests.batch.packing import member, patched, tarred, zipped

MODEL, TRAINING = Path("part3/model.py"), Path("part4/training.py")
LINK, OUT = "is a symbolic link, which is not followed", "has a path that leads out of the archive"
IRREGULAR = "is not a regular file"
Reading = Callable[..., Submission]


@pytest.fixture
def reading(course: Course, tmp_path: Path) -> Reading:
    """Reads an archive that is handed in as anna.zip or, unless it is a zip, as anna.tar.gz."""

    def read_it(content: bytes, name: str | None = None) -> Submission:
        path = tmp_path / (name or f"anna.{'zip' if content[:2] == b'PK' else 'tar.gz'}")
        path.write_bytes(content)
        submission = read(course, path)
        assert list(tmp_path.iterdir()) == [path]  # nothing is unpacked
        path.unlink()
        assert all(text.isprintable() for text in submission.warnings)
        return submission

    return read_it


# Members that are not taken


def beside_another(name: str, **of_tar: object) -> bytes:
    return tarred(member("training.py", b"2"), member(name, **of_tar))


SPARSE = {
    "GNU.sparse.major": "1",
    "GNU.sparse.minor": "0",
    "GNU.sparse.name": "model.py",
    "GNU.sparse.realsize": "99999999999",
}
HARMFUL = {
    **{
        f"{name} in a zip": (zipped({name: b"", "training.py": b"2"}), f"{name} {OUT}")
        for name in (
            *("/part3/model.py", "../model.py", "part3/../../model.py", "__MACOSX/../model.py"),
            *(
                "C:/model.py",
                "C:model.py",
                "\\part3\\model.py",
                "..\\model.py",
                "//server/model.py",
            ),
        )
    },
    **{
        f"{name} in a tar": (beside_another(name), f"{name} {OUT}")
        for name in ("/model.py", "../model.py", "a/../../model.py", "C:/model.py")
    },
    **{
        f"mode {kind:o} in a zip": (
            patched(
                zipped({"model.py": b"/etc/passwd", "training.py": b"2"}),
                *("model.py", 38, "<I", (kind | 0o644) << 16),
            ),
            f"model.py {fault}",
        )
        for kind, fault in (
            *((stat.S_IFLNK, LINK), (stat.S_IFIFO, IRREGULAR), (stat.S_IFCHR, IRREGULAR)),
        )
    },
    **{
        f"type {kind!r} in a tar": (
            beside_another("model.py", linkname="/etc/passwd", type=kind),
            f"model.py {fault}",
        )
        for kind, fault in (
            (tarfile.SYMTYPE, LINK),
            (tarfile.LNKTYPE, "is a link to another file, which is not followed"),
            (tarfile.CHRTYPE, IRREGULAR),
            (tarfile.BLKTYPE, IRREGULAR),
            (tarfile.FIFOTYPE, IRREGULAR),
            (tarfile.CONTTYPE, IRREGULAR),
        )
    },
    "a sparse file": (
        tarred(
            member("x", b"1\n0\n5\n".ljust(512, b"\0") + b"12345", pax_headers=SPARSE),
            member("training.py", b"2"),
        ),
        f"model.py {IRREGULAR}",
    ),
    "a name with a zero byte": (
        zipped({"model.py!.txt": b"1", "training.py": b"2"}).replace(b"model.py!", b"model.py\0"),
        "model.py\\x00.txt has an invalid name",
    ),
    "encrypted": (
        patched(zipped({"model.py": b"1", "training.py": b"2"}), "model.py", 8, "<H", 0x1),
        "model.py is encrypted",
    ),
    **{
        f"a bomb that declares {size} bytes": (
            patched(
                zipped({"model.py": bytes(5_000_000), "training.py": b"2"}),
                *("model.py", 24, "<I", size),
            ),
            "model.py is damaged (Bad CRC-32 for file 'model.py')",
        )
        for size in (10, 500_000)
    },
    "a wrong checksum": (
        zipped({"model.py": b"content", "training.py": b"2"}, zipfile.ZIP_STORED).replace(
            b"content", b"CONTENT"
        ),
        "model.py is damaged (Bad CRC-32 for file 'model.py')",
    ),
    "a damaged archive in it": (
        zipped({"work.zip": b"PK no", "training.py": b"2"}),
        "work.zip cannot be read as a zip archive (File is not a zip file)",
    ),
}


@pytest.mark.parametrize(("content", "said"), HARMFUL.values(), ids=HARMFUL)
def test_a_member_that_may_do_harm_is_named_and_the_others_are_taken(
    reading: Reading, content: bytes, said: str
) -> None:
    submission = reading(content)
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings == (f"{said}: ignored",)


@pytest.mark.parametrize("names", [("model.py", "model.py"), ("part3/model.py", "part3\\model.py")])
@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_a_member_that_is_there_twice_is_not_taken(
    reading: Reading, names: tuple[str, str], pack: str
) -> None:
    content = tarred(*map(member, names))
    if pack == "zip":
        content = zipped(dict.fromkeys(("a" * len(names[0]), names[1]), b""))
        content = content.replace(b"a" * len(names[0]), names[0].encode())
    submission = reading(content)
    assert submission.files == {}
    assert submission.warnings == (
        f"{names[0]} and {names[0]}: ignored, as each is in the archive more than once",
    )


def test_members_that_overlap(reading: Reading) -> None:
    inner = zipped({"training.py": b"hidden"}, zipfile.ZIP_STORED)
    files = {"model.py": inner[: inner.index(b"PK\x01\x02")], "training.py": b"", "explore.py": b""}
    content = zipped(files, zipfile.ZIP_STORED)
    submission = reading(
        patched(content, "training.py", 42, "<I", 30 + len("model.py"))  # inside model.py
    )
    assert list(submission.files) == [Path("part6/explore.py")]
    assert submission.warnings == (
        "model.py and training.py: ignored, as each overlaps another member of the archive",
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 99])
def test_a_method_that_is_not_supported(reading: Reading, method: int) -> None:
    known = method if method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA) else zipfile.ZIP_DEFLATED
    content = patched(zipped({"model.py": b"1" * 1000}, known), "model.py", 10, "<H", method)
    said = "model.py is compressed in a way that is not supported: ignored"
    assert reading(content).warnings == (said,)


def test_a_bomb_is_not_unpacked(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"model.py": bytes(50_000_000)})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    said = "model.py is 50.0 MB, more than the 1 MB allowed: ignored"
    assert reading(bomb).warnings == (said,)


def test_a_member_that_is_smaller_than_declared(reading: Reading) -> None:
    content = patched(zipped({"model.py": b"1" * 100}), "model.py", 24, "<I", 200)
    assert reading(content).warnings[0].startswith("model.py is damaged (")


# Members that are taken


@pytest.mark.parametrize(
    "name", ["part3\\model.py", "course\\part3\\model.py", "./part3//model.py"]
)
def test_backslashes_and_dots_in_paths_are_understood(reading: Reading, name: str) -> None:
    submission = reading(zipped({name: b"1", "course\\part4\\": b"", "./": b""}))
    assert (submission.files, submission.warnings) == ({MODEL: b"1"}, ())


def test_a_regular_file_with_its_mode_is_taken(reading: Reading) -> None:
    content = patched(zipped({"model.py": b"1"}), "model.py", 38, "<I", 0o100644 << 16)
    assert reading(content).files == {MODEL: b"1"}


@pytest.mark.parametrize("name", ["anna.tar.gz", "anna.tgz", "anna.TAR.GZ", "anna.tar"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_archive_is_a_submission(reading: Reading, name: str, form: int) -> None:
    members = (member("course/part3/model.py", b"work"), member("./training.py", b"2"))
    content = tarred(member("course", type=tarfile.DIRTYPE), *members, form=form)
    submission = reading(gzip.decompress(content) if name == "anna.tar" else content, name)
    assert submission.files == {MODEL: b"work", TRAINING: b"2"}
    assert (submission.student_id, submission.warnings) == ("anna", ())


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_long_name_that_is_not_ascii(reading: Reading, form: int) -> None:
    long = "/".join(["é" * 60] * 3)
    assert reading(tarred(member(f"{long}/model.py", b"1"), form=form)).files == {MODEL: b"1"}


# Too much


@pytest.mark.parametrize("pack", [zipped, lambda names: tarred(*map(member, names))])
def test_too_many_members_of_any_kind(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, pack: Callable[[dict], bytes]
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    submission = reading(pack({f"venv/f{n}": b"" for n in range(11)}))
    assert submission.problem == "there are more than 10 members in its archives"


def test_a_large_member_is_passed_over(reading: Reading) -> None:
    data = member("data.bin", bytes(30_000_000))
    submission = reading(tarred(data, member("training.py")))
    assert submission.files == {TRAINING: b""}
    assert submission.warnings == ("not asked for, so ignored: data.bin",)


def test_a_bomb_is_not_held_in_memory(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 40_000_000)
    bomb = tarred(*(member(f"{n}/model.py", bytes(900_000)) for n in range(60)))
    tracemalloc.start()
    problem = reading(bomb).problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem == "anna.tar.gz has more than 40 MB in it"
    assert peak < 60_000_000


def test_files_that_have_to_be_held_are_bounded(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_HELD", 1_000_000)
    files = (member("model.py", bytes(900_000)), member("training.py", b"#" * 200_000))
    submission = reading(tarred(*files))
    assert list(submission.files) == [MODEL]
    said = "training.py would make it more than 1 MB in all archives: ignored"
    assert said in submission.warnings


def headed(kind: bytes, size: int, content: bytes, times: int = 1) -> bytes:
    """A tar archive of one header, which declares a size, and what follows it."""
    header = tarfile.TarInfo("training.py")
    header.type, header.size = kind, size
    return gzip.compress((header.tobuf(tarfile.GNU_FORMAT) + content) * times, mtime=0)


TOO_MUCH = "anna.tar.gz has more than 2000 MB in it"
TOO_LONG = "anna.tar.gz is damaged (what it says of its members is too long)"
NO_END = "anna.tar.gz is damaged (what it says of its members has a number without end)"
NO_TAR = "anna.tar.gz cannot be read as a tar archive ("


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (headed(b"0", 8**11 - 1, bytes(5000)), TOO_MUCH),
        (headed(b"0", 10**15, bytes(5000)), TOO_MUCH),
        *((headed(bytes([kind]), 500_000_000, bytes(1_000_000)), TOO_LONG) for kind in b"xgLK"),
        (headed(b"x", 60_000, b"1" * 60_000 + bytes(-60_000 % 512)), NO_END),
        (headed(b"g", 512, b"20 comment=abcdefgh\n".ljust(512, b"\0"), times=5000), NO_TAR),
    ],
)
def test_headers_without_end_are_not_read(reading: Reading, content: bytes, problem: str) -> None:
    assert str(reading(content).problem).startswith(problem)


def test_a_list_of_members_without_end(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_DIRECTORY", 10_000)
    assert reading(zipped({f"{n:040}": b"" for n in range(200)})).problem == (
        "anna.zip is damaged (what it says of its members is too long)"
    )


# Damaged and other files

TAR = tarred(member("model.py", b"1" * 2000), member("training.py", b"2"))
ZIP = zipped({"model.py": bytes(range(256)), "training.py": b"2"})


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"Rar!\x1a\x07" * 100, bytes(99999)])
def test_what_is_no_zip_archive(reading: Reading, content: bytes) -> None:
    problem = "anna.zip cannot be read as a zip archive (File is not a zip file)"
    assert reading(content, "anna.zip").problem == problem


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"x", b"\x1f\x8b", b"\x1f\x8b\x08" + bytes(7), bytes(99999), ZIP),
        *(gzip.compress(text, mtime=0) for text in (b"x" * 600, b"")),
    ],
)
def test_what_is_no_tar_archive(reading: Reading, content: bytes) -> None:
    submission = reading(content, "anna.tar.gz")
    assert submission.files == {}
    assert str(submission.problem).startswith(("anna.tar.gz ", "the archive is empty"))


@pytest.mark.parametrize(("whole", "step"), [(ZIP, 1), (TAR, 3)], ids=["zip", "tar"])
def test_an_archive_cut_off_or_changed_anywhere_ends_in_a_sentence(
    reading: Reading, whole: bytes, step: int
) -> None:
    name, taken = f"anna.{'zip' if whole == ZIP else 'tar.gz'}", reading(whole).files
    for place in range(0, len(whole), step):
        assert reading(whole[:place], name).problem is not None, place
        for flipped in (0x01, 0x80, 0xFF):
            changed = bytearray(whole)
            changed[place] ^= flipped
            files = reading(bytes(changed), name).files
            assert files.get(MODEL, taken[MODEL]) == taken[MODEL]


def test_a_header_in_the_middle_that_cannot_be_read_is_not_the_end(reading: Reading) -> None:
    plain = bytearray(gzip.decompress(tarred(member("model.py", b"1"), member("training.py"))))
    for place in range(0, len(plain), 37):
        changed = bytearray(plain)
        changed[place] ^= 0xFF
        reading(bytes(changed), "anna.tar.gz")  # raises nothing
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
    submission = reading(zipped({"part3.zip": inner, "a/b/c/model.py": b"outer"}))
    assert submission.files == {MODEL: b"outer", TRAINING: b"inner"}
    assert submission.warnings == (
        "there is more than one model.py: a/b/c/model.py counts, and not part3.zip/part3/model.py",
    )


def test_no_more_than_one_level_is_opened(reading: Reading) -> None:
    bomb = zipped({"model.py": b"1"})
    for _ in range(50):
        bomb = zipped({"more.zip": bomb, "training.py": b"2"})
    submission = reading(bomb)
    assert submission.files == {TRAINING: b"2"}
    assert submission.warnings[-1] == (
        "more.zip/more.zip is an archive in an archive in an archive, which is not opened: ignored"
    )


def test_inner_archives_are_bounded_in_size_and_in_sum(reading: Reading) -> None:
    large = zipped({f"{n}.zip": bytes(19_000_000) for n in range(9)} | {"x.zip": bytes(21_000_000)})
    submission = reading(large)
    assert submission.files == {}
    assert "x.zip is 21.0 MB, more than the 20 MB allowed: ignored" in submission.warnings
    assert any("would make it more than 60 MB in all archives" in w for w in submission.warnings)


def test_an_archive_of_encrypted_files_is_named(reading: Reading) -> None:
    content = patched(zipped({"model.py": b"1"}), "model.py", 8, "<H", 1)
    sentence = "no file that the course asks for could be read: {}model.py is encrypted"
    assert reading(content).problem == sentence.format("")
    assert reading(zipped({"work.zip": content})).problem == sentence.format("work.zip/")
