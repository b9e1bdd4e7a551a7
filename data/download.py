"""Download MovieLens 100K: in bounded time, verified, and unpacked atomically."""

import sys
import tempfile
import threading
import zipfile
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from data.movielens import URL, WANTED, DataError, created_atomically, find_fault

if TYPE_CHECKING:
    from rich.progress import Progress

KNOWN_HASH = "md5:0e33842e24a9c977be4e0107933c0723"
"""Published next to the archive as `ml-100k.zip.md5`."""
CONNECT_TIMEOUT, READ_TIMEOUT, TIME_LIMIT = 5.0, 10.0, 180.0
"""Seconds: to connect, between two bytes, and in total (5 MB at 220 kbit/s)."""
MAX_ARCHIVE_BYTES = 20_000_000


class DownloadError(DataError):
    """The download failed; the message names the URL, what went wrong and what to do.

    `reason` is only what went wrong, for a caller that carries on without the download.
    """

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            f"{url} could not be downloaded: {reason}. Try again later, or download it with a "
            "browser and unpack it into data/, so that there is a file data/ml-100k/u.data."
        )


def download_movielens(
    folder: Path,
    *,
    url: str = URL,
    known_hash: str = KNOWN_HASH,
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT),
    time_limit: float = TIME_LIMIT,
) -> Path:
    """Download MovieLens 100K into `folder` and return it.

    A usable `folder` is left alone, and nothing is downloaded. Otherwise it is created atomically:
    an interrupted run, or two runs at once, do no harm.

    Args:
        folder: becomes the folder with `u.data`, `u.item`, `u.user` and `u.genre`.
        url: of the zip archive, whose files are under `ml-100k/`.
        known_hash: its checksum, as pooch writes it (`"md5:…"`).
        timeout: seconds to wait for a connection, and for the next bytes.
        time_limit: seconds for the whole download, in case a server sends a byte now and then.

    Raises:
        DownloadError: no connection, an HTTP error, too slow, the wrong file, or no space.
    """
    if find_fault(folder) is None:
        return folder
    try:
        with (
            created_atomically(folder) as made,
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        ):
            archive = Path(scratch) / "ml-100k.zip"
            _retrieve(url, archive, timeout, time_limit)
            _check(archive, known_hash)
            _unpack(archive, made)
    except _Unusable as error:
        raise DownloadError(url, str(error)) from None
    except OSError as error:  # requests' errors are OSErrors, too
        raise DownloadError(url, _say_what_went_wrong(error, url)) from error
    except ValueError as error:  # malformed headers
        raise DownloadError(url, f"the response is malformed ({error})") from error
    return folder


class _Unusable(Exception):
    """The downloaded file is not usable; the message says why."""


def _retrieve(url: str, archive: Path, timeout: tuple[float, float], time_limit: float) -> None:
    """Let pooch download `url` to `archive`, for at most `time_limit` seconds.

    The timeouts do not catch a server that sends one byte at a time, so the download runs in a
    thread, which is abandoned when the time is up or on Ctrl-C.
    """
    import pooch
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = "{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn()
    console, hidden = Console(stderr=True), not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        progress = _Progress(bar)
        downloader = pooch.HTTPDownloader(progressbar=progress, timeout=timeout)
        done: Future[None] = Future()

        def work() -> None:
            try:
                downloader(url, str(archive), None)
            except BaseException as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        threading.Thread(target=work, daemon=True, name="download").start()
        try:
            done.result(timeout=time_limit)
        except TimeoutError:
            raise _Unusable(f"it took longer than {time_limit:g} seconds") from None
        finally:
            progress.stopped = True


class _Progress:
    """What pooch takes for a progress bar; it also aborts a download that must not go on."""

    def __init__(self, bar: "Progress") -> None:
        self.total = 0  # set by pooch; 0 if the server does not say
        self.received = 0
        self.stopped = False
        self._bar, self._task = bar, bar.add_task("Downloading MovieLens 100K", total=None)

    def update(self, n_bytes: int) -> None:
        self.received += n_bytes
        if self.stopped or self.received > MAX_ARCHIVE_BYTES:
            raise _Unusable(f"the file is larger than {MAX_ARCHIVE_BYTES:,} bytes")
        self._bar.update(self._task, completed=self.received, total=self.total or None)

    def reset(self) -> None:
        self.received = 0

    def close(self) -> None:
        """Nothing to do: the bar ends with its block."""


def _check(archive: Path, known_hash: str) -> None:
    import pooch

    algorithm, _, expected = known_hash.rpartition(":")
    found = pooch.file_hash(str(archive), alg=algorithm or "sha256")
    if found != expected:
        raise _Unusable(f"the file is not MovieLens 100K (checksum {found} instead of {expected})")


def _unpack(archive: Path, folder: Path) -> None:
    """Write the wanted files; by its checksum, the archive is the one that GroupLens published."""
    with zipfile.ZipFile(archive) as opened:
        for name in {f"ml-100k/{name}" for name in WANTED}.intersection(opened.namelist()):
            (folder / Path(name).name).write_bytes(opened.read(name))


def _say_what_went_wrong(error: OSError, url: str) -> str:
    from requests import exceptions as http

    host = urlsplit(url).hostname
    if isinstance(error, http.HTTPError) and error.response is not None:
        return f"{host} answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, http.Timeout) or "timed out" in str(error):
        return f"{host} does not answer"
    if isinstance(error, http.SSLError):
        return f"no secure connection to {host}"
    if isinstance(error, http.ChunkedEncodingError):
        return f"the connection to {host} broke off"
    if isinstance(error, http.ConnectionError):
        return f"no connection to {host}"
    if isinstance(error, http.RequestException):
        return str(error)
    where = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{where}"
