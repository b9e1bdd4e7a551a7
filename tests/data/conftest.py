"""What the tests of the data share: one stand-in, small folders, no network."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from data import MovieLens, write_synthetic_files
from data.movielens import open_folder

SMALL = {
    "u.data": "1\t2\t5\t874965758\n2\t1\t3\t876893171\n",
    "u.item": (
        f"1|Harbour Lights, The (1994)|01-Jan-1994|||0{'|1' * 18}\n"
        f"2|Café Nadia (1996)|09-Feb-1996|||1{'|0' * 18}\n"
    ),
    "u.user": "1|24|M|technician|85711\n2|53|F|other|94043\n",
    "u.genre": "unknown|0\nAction|1\n\n",
}


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up of a name beyond 127.0.0.1."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self, address):  # type: ignore[no-untyped-def]
        assert self.family == socket.AF_UNIX or address[0] == "127.0.0.1", address
        return connect(self, address)

    def look_up_here(host, *args, **kwargs):  # type: ignore[no-untyped-def]
        assert host == "127.0.0.1", host
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> MovieLens:
    """The stand-in of seed 0, written once."""
    folder = write_synthetic_files(tmp_path_factory.mktemp("data") / "stand-in")
    return open_folder(folder, "a test")


@pytest.fixture(scope="session")
def real() -> MovieLens:
    """MovieLens 100K, where it is at hand."""
    if not (named := os.environ.get("MOVIELENS_100K")):
        pytest.skip("MOVIELENS_100K is not set")
    return open_folder(Path(named), "MOVIELENS_100K")


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a small, invented folder of the four files; a file given as None is left out."""

    def make(name: str = "small", **changed: str | None) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        contents = SMALL | {key.replace("_", "."): text for key, text in changed.items()}
        for file_name, text in contents.items():
            if text is not None:
                (folder / file_name).write_bytes(text.encode("latin-1"))
        return folder

    return make
