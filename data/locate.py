"""Find MovieLens 100K, or write a synthetic stand-in. Part 2 of the course parses the files."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from data.download import DownloadError, download_movielens
from data.movielens import URL, DataError, MovieLens, find_fault, open_folder
from data.synthetic_files import SYNTHETIC_FOLDER, write_synthetic_files

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
    """Find the data, in the first of these places that exists.

    `data_dir` (the command line's `--data`), the folder in the variable `MOVIELENS_100K`,
    `data/ml-100k/`, the download cache, the download, and last the synthetic stand-in.

    Args:
        data_dir: a folder with `u.data`, `u.item`, `u.user` and `u.genre`.
        download: creates the folder that it is given; None to skip the download.
        cache: folder for the download and the stand-in; the user's cache folder by default.
        in_repository: a folder that a user may have put into the repository.
        say: callback that receives one-line notices, such as why the data is a stand-in.

    Raises:
        DataError: a folder that the user chose (any of the first three) is not usable, or there is
            no data and nowhere to write any.
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
    reason = "no download was requested"
    if download is not None:
        try:
            return open_folder(download(cache / "ml-100k"), "the download")
        except DownloadError as error:
            reason = error.reason
    folder = write_synthetic_files(cache / SYNTHETIC_FOLDER)
    say(
        f"This is not MovieLens 100K but a synthetic stand-in, because {reason}. "
        f"For the real data, unpack {URL} into data/, or name its folder with --data or {VARIABLE}."
    )
    return open_folder(folder, "the synthetic stand-in")


def default_cache() -> Path:
    """The user's cache folder for this data (`XDG_CACHE_HOME` moves it on Linux)."""
    import pooch

    return pooch.os_cache("movielens-100k")


def _open_chosen(folder: Path, source: str) -> MovieLens:
    """Open a folder that the user chose. An unusable one is an error and never skipped."""
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
    """Return `cache`, or a temporary folder if `cache` is not writable."""
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
