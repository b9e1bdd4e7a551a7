"""The download is checked, takes bounded time, and leaves all of the data or nothing."""

import hashlib
import io
import socket
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

from data import DataError, DownloadError, download_movielens
from data.movielens import FILES

Respond = Callable[["Site", BaseHTTPRequestHandler], None]


def send(site: "Site", handler: BaseHTTPRequestHandler) -> None:
    begin(handler, len(site.content))
    handler.wfile.write(site.content)


def begin(handler: BaseHTTPRequestHandler, length: object) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


class Site:
    """A server on this machine that hands out `content`, unless told to `respond` otherwise."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.known_hash = "md5:" + hashlib.md5(content).hexdigest()
        self.n_requests = 0
        self.over = threading.Event()
        self.respond: Respond = send
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.n_requests += 1
                site.respond(site, self)

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        # a client that gives up is what these tests are about
        self.server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self.server.server_port}/ml-100k.zip"


@pytest.fixture
def site(make_folder: Callable[..., Path]) -> Iterator[Site]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in make_folder("expected").iterdir():
            archive.write(path, f"ml-100k/{path.name}")
        archive.writestr("ml-100k/mku.sh", "")
    site = Site(packed.getvalue())
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


def test_the_wanted_files_arrive_unchanged_and_a_second_run_asks_no_server(
    fetch, site, folder, tmp_path
):
    assert fetch() == fetch() == folder
    expected = {path.name: path.read_bytes() for path in (tmp_path / "expected").iterdir()}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == expected
    assert list(folder.parent.iterdir()) == [folder]
    assert site.n_requests == 1


# ---- a server that does not do its part


def fall_silent(site: Site, handler: BaseHTTPRequestHandler) -> None:
    begin(handler, 1000)
    site.over.wait(5)


def break_off(site: Site, handler: BaseHTTPRequestHandler) -> None:
    begin(handler, len(site.content))
    handler.wfile.write(site.content[:-100])


def send_nonsense(site: Site, handler: BaseHTTPRequestHandler) -> None:
    begin(handler, "plenty")


def send_other_content(site: Site, handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n<html>Please log in to the guest network</html>")


def drip(site: Site, handler: BaseHTTPRequestHandler, beginning: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + beginning)
    while not site.over.wait(0.1):
        handler.wfile.write(b"x")


def flood(site: Site, handler: BaseHTTPRequestHandler) -> None:
    begin(handler, 200_000_000)
    while not site.over.is_set():
        handler.wfile.write(bytes(10_000))


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        (lambda site, handler: handler.send_error(404), "127.0.0.1 answered 404 Not Found"),
        (lambda site, handler: handler.send_error(500), "127.0.0.1 answered 500 Internal"),
        (fall_silent, "127.0.0.1 does not answer"),
        (partial(drip, beginning=b"X-Long: "), "it took longer than 1 seconds"),
        (partial(drip, beginning=b"\r\n"), "it took longer than 1 seconds"),
        (break_off, "the connection to 127.0.0.1 broke off"),
        (send_nonsense, "the response is malformed"),
        (send_other_content, "the file is not MovieLens 100K (checksum"),
        (flood, "the file is larger than 50,000 bytes"),
    ],
)
def test_the_reason_is_given_soon_and_nothing_is_left(
    fetch, site, folder, monkeypatch, respond, said
):
    monkeypatch.setattr("data.download.MAX_ARCHIVE_BYTES", 50_000)
    site.respond = respond
    started = time.monotonic()
    with pytest.raises(DownloadError) as caught:
        fetch(time_limit=1.0)
    assert time.monotonic() - started < 2
    assert said in caught.value.reason
    assert list(folder.parent.iterdir()) == []


def test_a_closed_port_is_an_error_with_the_url_and_what_to_do(fetch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/a.zip"
    with pytest.raises(DataError) as caught:  # so a caller can treat both alike
        fetch(url=url)
    message = str(caught.value)
    assert message.startswith(f"{url} could not be downloaded: no connection to 127.0.0.1. Try")
    assert "unpack it into data/, so that there is a file data/ml-100k/u.data" in message


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
