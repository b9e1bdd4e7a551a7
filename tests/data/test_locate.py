"""Where the data is looked for, and what is said when it is not there."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from data import DataError, DownloadError, MovieLens, load
from data.synthetic_files import SYNTHETIC_FOLDER

MakeFolder = Callable[..., Path]


class Places:
    """The places that `load` looks at, all of them empty and below one temporary folder."""

    def __init__(self, root: Path, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch):
        self.in_repository = root / "repository" / "data" / "ml-100k"
        self.cache = root / "cache"
        self.said: list[str] = []
        self.downloads = 0
        self._make = make_folder
        monkeypatch.delenv("MOVIELENS_100K", raising=False)

    def load(self, data_dir: Path | None = None, *, online: bool = True) -> MovieLens:
        return load(
            data_dir,
            download=self.download if online else self.fail_to_download,
            cache=self.cache,
            in_repository=self.in_repository,
            say=self.said.append,
        )

    def download(self, folder: Path) -> Path:
        self.downloads += 1
        return self._make(str(folder))

    def fail_to_download(self, folder: Path) -> Path:
        raise DownloadError("http://127.0.0.1/ml-100k.zip", "no connection to 127.0.0.1")


@pytest.fixture
def places(tmp_path: Path, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> Places:
    return Places(tmp_path, make_folder, monkeypatch)


# ---- the order


def test_each_place_beats_the_later_ones(
    places: Places, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    argument, variable = make_folder("argument"), make_folder("variable")
    make_folder(str(places.in_repository))
    monkeypatch.setenv("MOVIELENS_100K", str(variable))
    cached = make_folder(str(places.cache / "ml-100k"))

    def found(data_dir: Path | None = None, online: bool = True) -> tuple[Path, str]:
        data = places.load(data_dir, online=online)
        assert data.is_synthetic == (not online)
        return data.folder, data.source

    assert found(argument) == (argument, "--data")
    assert found() == (variable, "MOVIELENS_100K")
    monkeypatch.setenv("MOVIELENS_100K", "")  # a variable without a value is not set
    assert found() == (places.in_repository, "data/ml-100k")
    shutil.rmtree(places.in_repository)
    assert found() == (cached, "the download's cache")
    assert places.downloads == 0
    shutil.rmtree(cached)
    assert found() == (cached, "the download")
    assert found() == (cached, "the download's cache"), "it is kept"
    assert (places.downloads, places.said) == (1, [])
    shutil.rmtree(cached)
    stand_in = places.cache / SYNTHETIC_FOLDER
    assert found(online=False) == (stand_in, "the synthetic stand-in")


def test_a_home_folder_is_understood(
    places: Places, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder("home/movielens")
    monkeypatch.setenv("HOME", str(folder.parent))
    assert places.load(Path("~/movielens")).folder == folder


# ---- a place that somebody chose and that is not usable


@pytest.mark.parametrize("chosen_by", ["--data", "MOVIELENS_100K", "data/ml-100k"])
def test_an_incomplete_folder_is_an_error_that_names_what_is_missing(
    places: Places, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch, chosen_by: str
) -> None:
    at = str(places.in_repository) if chosen_by == "data/ml-100k" else "chosen"
    folder = make_folder(at, u_item=None, u_user=None)
    make_folder(str(places.cache / "ml-100k"))  # would be found, were the choice passed over
    if chosen_by == "MOVIELENS_100K":
        monkeypatch.setenv("MOVIELENS_100K", str(folder))
    with pytest.raises(DataError) as caught:
        places.load(folder if chosen_by == "--data" else None)
    message = str(caught.value)
    assert chosen_by in message
    assert str(folder) in message
    assert "u.item and u.user are missing" in message
    assert "https://files.grouplens.org/datasets/movielens/ml-100k.zip" in message


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("nowhere", "nowhere, .*: there is no such folder"),
        ("ml-100k/u.data", "it is not a folder"),
        (".", "Did you mean .*/ml-100k?"),
    ],
)
def test_a_choice_that_is_no_such_folder_is_an_error_that_names_the_right_one(
    places: Places, make_folder: MakeFolder, tmp_path: Path, choice: str, said: str
) -> None:
    make_folder("ml-100k")
    with pytest.raises(DataError, match=said):
        places.load(tmp_path / choice)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("u_data", "", "u.data is empty"),
        ("u_data", "\n\n", "u.data is empty"),
        ("u_data", "1,2,5,874965758\n", "u.data, line 1, is '1,2,5,874965758' instead of four"),
        ("u_data", "1\t2\t4.5\t874965758\n", "u.data, line 1"),
        ("u_data", "1\t2\t5\t874965758\n1\t3\t", "u.data, line 2"),
        ("u_item", "1\tA Title\t01-Jan-1994\n", "u.item, line 1, .* instead of 24 fields"),
        ("u_item", f"1|A Title|01-Jan-1994|||0{'|0' * 17}\n", "u.item, line 1"),
        ("u_user", "1|24|M\n", "u.user, line 1"),
        ("u_genre", "<html>\n", "u.genre, line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_names_file_and_line(
    places: Places, make_folder: MakeFolder, file: str, text: str, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        places.load(make_folder(**{file: text}))


def test_line_endings_of_another_system_are_no_error(
    places: Places, make_folder: MakeFolder
) -> None:
    folder = make_folder()
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert places.load(folder).folder == folder


# ---- the stand-in


def test_the_stand_in_is_announced_in_one_line_that_says_why_and_what_to_do(
    places: Places,
) -> None:
    found = places.load(online=False)
    assert found.is_synthetic
    (line,) = places.said
    assert "\n" not in line
    assert "stand-in, because no connection to 127.0.0.1" in line
    assert "https://files.grouplens.org/datasets/movielens/ml-100k.zip" in line
    assert "--data" in line
    assert "MOVIELENS_100K" in line


def test_the_stand_in_is_written_once(places: Places) -> None:
    first = places.load(online=False).ratings_path.stat()
    second = places.load(online=False).ratings_path.stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    assert len(places.said) == 2  # but announced each time


def test_a_stand_in_that_is_named_is_still_known_as_one(places: Places) -> None:
    folder = places.load(online=False).folder
    assert places.load(folder).is_synthetic


def test_a_broken_stand_in_is_made_anew(places: Places) -> None:
    found = places.load(online=False)
    found.movies_path.unlink()
    assert places.load(online=False).movies_path.is_file()


def test_a_cache_that_cannot_be_written_to_is_said_and_replaced(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.cache.write_text("a file where the folder should be")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = places.load(online=False)
    assert found.is_synthetic
    assert found.ratings_path.is_file()
    assert tmp_path in found.folder.parents
    assert f"{places.cache} cannot be written to" in places.said[0]
    assert str(found.folder.parent) in places.said[0]


def test_without_any_place_to_write_to_the_error_says_so(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.cache.write_text("a file where the folder should be")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="and neither can the folder for temporary files"):
        places.load(online=False)


# ---- the cost


def test_importing_data_imports_nothing_heavy() -> None:
    heavy = ["numpy", "pandas", "pooch", "requests", "rich", "sklearn", "torch"]
    code = f"import sys, data; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout == "[]\n", answer.stderr


def test_by_default_it_speaks_on_standard_error(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    found = load(download=None, cache=places.cache, in_repository=places.in_repository)
    assert found.is_synthetic
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no download was requested" in captured.err
