"""The download is checked, takes bounded time, and leaves all of the data or nothing."""

import hashlib
import socket
import stat
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from data import DataError, DownloadError, download_movielens, load
from data.download import MAX_MEMBER_BYTES
from data.movielens import FILES

Respond = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine that hands out `content`, unless told to `respond` otherwise."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.n_requests = 0
        self.over = threading.Event()
        self.respond: Respond = self.send_all
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.n_requests += 1
                site.respond(self)

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        # a client that gives up is what these tests are about
        self.server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self.server.server_port}/ml-100k.zip"

    @property
    def known_hash(self) -> str:
        return "md5:" + hashlib.md5(self.content).hexdigest()

    def send_all(self, handler: BaseHTTPRequestHandler) -> None:
        self.send(handler, len(self.content), self.content)

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, length: object = None, body: bytes = b"") -> None:
        """An answer that claims to have a length, if one is given."""
        handler.send_response(200)
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def site(make_zip: Callable[..., bytes]) -> Iterator[Site]:
    site = Site(make_zip())
    thread = threading.Thread(target=partial(site.server.serve_forever, poll_interval=0.01))
    thread.start()
    yield site
    site.over.set()
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "ml-100k"


@pytest.fixture
def fetch(site: Site, folder: Path) -> Callable[..., Path]:
    """Download from the local server with time-outs that suit a test."""

    def fetch(**changed: Any) -> Path:
        settings = {"url": site.url, "known_hash": site.known_hash, "timeout": (1.0, 0.4)}
        return download_movielens(folder, **(settings | changed))

    return fetch


@pytest.fixture
def fetch_in_vain(fetch: Callable[..., Path], folder: Path) -> Callable[..., str]:
    """Download, be refused soon, find nothing left of it, and return the reason."""

    def fetch_in_vain(**changed: Any) -> str:
        started = time.monotonic()
        with pytest.raises(DownloadError) as caught:
            fetch(**changed)
        assert time.monotonic() - started < 2
        assert not folder.exists()
        assert not folder.parent.exists() or list(folder.parent.iterdir()) == []
        return caught.value.reason

    return fetch_in_vain


def test_all_files_arrive_unchanged(fetch, folder, make_folder):
    assert fetch() == folder
    expected = make_folder("expected")
    for name in FILES:
        assert (folder / name).read_bytes() == (expected / name).read_bytes()
    assert [path.name for path in folder.parent.iterdir()] == ["ml-100k"]


def test_a_second_run_asks_no_server(fetch, site, folder):
    fetch()
    assert fetch() == folder
    assert site.n_requests == 1


def test_load_keeps_the_download_and_asks_no_server_again(site, tmp_path, monkeypatch):
    monkeypatch.delenv("MOVIELENS_100K", raising=False)
    settings = {
        "download": partial(download_movielens, url=site.url, known_hash=site.known_hash),
        "cache": tmp_path / "cache",
        "in_repository": tmp_path / "nowhere",
    }
    first, second = load(**settings), load(**settings)
    assert (first.source, second.source) == ("the download", "the download's cache")
    assert first.folder == second.folder
    assert site.n_requests == 1


# ---- a server that does not do its part


@pytest.mark.parametrize(("status", "said"), [(404, "404 Not Found"), (500, "500 Internal")])
def test_a_refusal_is_told_with_its_status(fetch_in_vain, site, status, said):
    site.respond = lambda handler: handler.send_error(status)
    assert said in fetch_in_vain()


def test_an_error_names_the_url_and_what_to_do(fetch, site):
    site.respond = lambda handler: handler.send_error(404)
    with pytest.raises(DataError) as caught:  # so a caller can treat both alike
        fetch()
    message = str(caught.value)
    assert site.url in message
    assert "404" in message
    assert "unpack it into data/" in message
    assert "data/ml-100k/u.data" in message


def test_a_closed_port_is_told(fetch_in_vain):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    assert "no connection to 127.0.0.1" in fetch_in_vain(url=f"http://127.0.0.1:{port}/a.zip")


def test_a_server_that_falls_silent_is_given_up(fetch_in_vain, site):
    def send_headers_alone(handler: BaseHTTPRequestHandler) -> None:
        site.send(handler, 1000)
        site.over.wait(5)

    site.respond = send_headers_alone
    assert "does not answer" in fetch_in_vain()


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_is_given_up_after_the_time_limit(fetch_in_vain, site, where):
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            site.send(handler)
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not site.over.wait(0.1):
            handler.wfile.write(b"x")

    site.respond = drip
    assert "longer than 0.8 seconds" in fetch_in_vain(time_limit=0.8)


def test_a_file_cut_off_is_not_used(fetch_in_vain, site):
    half = site.content[: len(site.content) // 2]
    site.respond = lambda handler: site.send(handler, len(site.content), half)
    assert "broke off" in fetch_in_vain()


def test_headers_that_make_no_sense_are_told(fetch_in_vain, site):
    site.respond = lambda handler: site.send(handler, "plenty", site.content)
    assert "plenty" in fetch_in_vain()


def test_other_content_is_told_by_its_checksum(fetch_in_vain, site):
    known_hash = site.known_hash
    site.content = b"<html>Please log in to the guest network</html>"
    reason = fetch_in_vain(known_hash=known_hash)
    assert "not MovieLens 100K" in reason
    assert known_hash.removeprefix("md5:") in reason


def test_a_file_without_end_is_given_up(fetch_in_vain, site, monkeypatch):
    monkeypatch.setattr("data.download.MAX_ARCHIVE_BYTES", 50_000)
    n_sent = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal n_sent
        site.send(handler)
        while not site.over.is_set() and n_sent < 200_000_000:
            n_sent += handler.wfile.write(bytes(10_000))

    site.respond = flood
    assert "larger than 50,000 bytes" in fetch_in_vain()
    assert n_sent < 200_000_000


# ---- an archive that is not what it should be


def test_names_that_lead_out_of_the_folder_write_nothing(fetch, site, folder, make_zip, tmp_path):
    absolute = tmp_path / "absolute"
    evil = [
        "../evil",
        "ml-100k/../../evil",
        "ml-100k/../u.data",
        "ml-100k\\..\\evil",
        str(absolute),
    ]
    site.content = make_zip(dict.fromkeys(evil, "evil"))
    fetch()
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert list(folder.parent.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == [folder.parent]


def test_a_link_is_refused(fetch_in_vain, site, make_zip):
    link = zipfile.ZipInfo("ml-100k/README")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    site.content = make_zip({link: "/etc/hostname"})
    assert "README is a link" in fetch_in_vain()


def test_a_bomb_is_refused(fetch_in_vain, site, make_zip):
    site.content = make_zip({"ml-100k/README": " " * (MAX_MEMBER_BYTES + 1)})
    assert len(site.content) < MAX_MEMBER_BYTES / 100
    assert "README is larger than" in fetch_in_vain()


def test_a_bomb_that_lies_about_its_size_is_refused(fetch_in_vain, site, make_zip):
    size = 5_000_000
    honest = make_zip({"ml-100k/README": " " * size})
    site.content = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert site.content != honest
    assert "cannot be unpacked" in fetch_in_vain()


def test_something_that_is_no_archive_is_told(fetch_in_vain, site):
    site.content = b"not a zip, yet with the right checksum"
    assert "cannot be unpacked" in fetch_in_vain()


def test_an_archive_with_a_broken_file_names_it(fetch_in_vain, site, make_zip):
    site.content = make_zip({"ml-100k/u.genre": ""})
    assert "in the archive, u.genre is empty" in fetch_in_vain()


# ---- whole or not at all


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), OSError(28, "No space left")])
def test_an_interrupted_unpacking_leaves_nothing(fetch, folder, monkeypatch, interruption):
    write, written = Path.write_bytes, []

    def write_two(path: Path, content: bytes) -> int:
        if len(written) == 2:
            raise interruption
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_two)
    with pytest.raises((KeyboardInterrupt, DownloadError)):
        fetch()
    assert len(written) == 2
    assert list(folder.parent.iterdir()) == []


def test_two_runs_at_once_do_no_harm(fetch, folder, site):
    errors = []

    def run() -> None:
        try:
            fetch(timeout=(2.0, 2.0))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert list(folder.parent.iterdir()) == [folder]


def test_a_damaged_copy_is_replaced(fetch, folder):
    fetch()
    whole = (folder / "u.user").read_bytes()
    (folder / "u.user").unlink()
    (folder / "u.data").write_bytes(b"")
    fetch()
    assert (folder / "u.user").read_bytes() == whole
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_with_somebodys_own_files_is_left_alone(fetch, folder, site):
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(DownloadError, match="something else is there"):
        fetch()
    assert (folder / "thesis.txt").read_text() == "mine"
    assert site.n_requests == 0


def test_a_folder_that_cannot_be_made_is_told(fetch, folder):
    folder.parent.write_text("a file where the cache should be")
    with pytest.raises(DownloadError) as caught:
        fetch()
    assert str(folder.parent) in caught.value.reason


# ---- what is shown


def test_a_terminal_gets_a_progress_bar(fetch, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    fetch()
    captured = capsys.readouterr()
    assert "Downloading MovieLens 100K" in captured.err
    assert captured.out == ""


def test_a_log_file_gets_none(fetch, capsys):
    fetch()
    assert capsys.readouterr() == ("", "")
