"""Find MovieLens 100K, or else a stand-in for it. Frames are made of its files elsewhere."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from data.download import DownloadError, download_movielens
from data.movielens import URL, DataError, MovieLens, find_fault, open_folder
from data.synthetic_files import STAND_IN, write_stand_in

VARIABLE = "MOVIELENS_100K"
IN_REPOSITORY = Path(__file__).resolve().parent / "ml-100k"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def load(
    data_dir: Path | str | None = None,
    *,
    download: Callable[[Path], Path] | None = download_movielens,
    cache: Path | None = None,
    in_repository: Path = IN_REPOSITORY,
    say: Callable[[str], None] = _tell,
) -> MovieLens:
    """Find the data; the first of these places that is there decides.

    `data_dir` (the command line's `--data`), the folder in the variable `MOVIELENS_100K`,
    `data/ml-100k/`, the download's cache, the download, and last the synthetic stand-in.

    Args:
        data_dir: a folder with `u.data`, `u.item`, `u.user` and `u.genre`.
        download: makes the folder that it is given; None to do without.
        cache: where downloads and the stand-in are kept; the user's cache folder by default.
        in_repository: a folder that a user may have put into the repository.
        say: hears, in one line, that the data is a stand-in and why.

    Raises:
        DataError: a place that somebody chose (any of the first three) is not usable, or there is
            no data and nowhere to write some.
    """
    if data_dir is not None:
        return _open_chosen(Path(data_dir), "--data")
    if named := os.environ.get(VARIABLE):
        return _open_chosen(Path(named), VARIABLE)
    if in_repository.exists():
        return _open_chosen(in_repository, "data/ml-100k")

    cache = default_cache() if cache is None else cache
    if find_fault(cache / "ml-100k") is None:
        return open_folder(cache / "ml-100k", "the download's cache")
    cache = _writable(cache, say)
    reason = "no download was asked for"
    if download is not None:
        try:
            return open_folder(download(cache / "ml-100k"), "the download")
        except DownloadError as error:
            reason = error.reason
    stand_in = open_folder(write_stand_in(cache / STAND_IN), "the synthetic stand-in")
    say(
        f"This is not MovieLens 100K but a synthetic stand-in, because {reason}. "
        f"For the real data unpack {URL} into data/, or name its folder with --data or {VARIABLE}."
    )
    return stand_in


def default_cache() -> Path:
    """The user's cache folder for this data (`XDG_CACHE_HOME` moves it on Linux)."""
    import pooch

    return pooch.os_cache("movielens-100k")


def _open_chosen(folder: Path, source: str) -> MovieLens:
    """Open a folder that somebody chose. One that is unusable is an error, never passed over."""
    folder = folder.expanduser()
    fault = find_fault(folder)
    if fault is None:
        return open_folder(folder, source)
    subject = {
        "--data": f"--data names {folder}",
        VARIABLE: f"the variable {VARIABLE} names {folder}",
    }.get(source, f"{folder} is there")
    inner = folder / "ml-100k"
    if find_fault(inner) is None:
        advice = f"Did you mean {inner}?"
    elif source == "data/ml-100k":
        advice = f"Unpack {URL} into data/ again, or remove the folder."
    else:
        advice = f"Name the folder with u.data in it that {URL} unpacks to."
    raise DataError(f"{subject}, which is not a usable MovieLens 100K: {fault}. {advice}")


def _writable(cache: Path, say: Callable[[str], None]) -> Path:
    """Return `cache`, or a temporary folder where nothing can be written to `cache`."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return cache
    except OSError as error:
        fault = f"{cache} cannot be written to ({error.strerror})"
    try:
        instead = Path(tempfile.mkdtemp(prefix="movielens-100k-"))
    except OSError as error:
        raise DataError(
            f"{fault}, and neither can the folder for temporary files ({error.strerror}). "
            f"Name a folder with the data with --data or {VARIABLE}."
        ) from error
    say(f"{fault}, so the data goes to {instead}.")
    return instead
