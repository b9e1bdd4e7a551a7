"""From the command to a running server: the data, the model, a free port, the browser."""

import os
import socket
import threading
import webbrowser
from collections.abc import Collection
from dataclasses import astuple
from pathlib import Path

import uvicorn
from rich.console import Console
from torch import Tensor

from data import MovieLens
from grading.manifest import Course
from tutorial.app.learned import Learned, measured, rebuilt
from tutorial.app.library import read_library
from tutorial.app.pages import create
from tutorial.app.recommenders import Counting
from tutorial.app.site import Site
from tutorial.app.stored import fingerprint, stored
from tutorial.code import CodeError, explained_in, load_code, require_done
from tutorial.experiment import read
from tutorial.ladder import Rung
from tutorial.lists import rank_with_bar

HOST = "127.0.0.1"  # nobody else's machine reaches it
STORE = Path(".course") / "app"


class PortError(Exception):
    """The port cannot be used; the message names it and the fix."""


def serve(
    console: Console,
    course: Course,
    folder: Path,
    movielens: MovieLens,
    needed: Collection[str],
    port: int,
    open_browser: bool,
) -> None:
    """Train the model or read it, then serve the pages until Ctrl-C.

    Raises:
        PortError: something else listens there, or it may not be used.
    """
    listening = bind(port)  # before the training, which takes a while
    site = make_site(console, course, folder, movielens, needed, course.root / STORE)
    server = uvicorn.Server(uvicorn.Config(create(site), log_level="warning"))
    address = f"http://{HOST}:{listening.getsockname()[1]}/"
    console.print(f"Your own recommender: {address}   (Ctrl-C stops it)", soft_wrap=True)
    if open_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server.run(sockets=[listening])


def bind(port: int) -> socket.socket:
    """A socket on the loopback address that listens at the port; 0 takes a free one.

    Raises:
        PortError: see `serve`.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # a port that was just given up; on Windows it would be any port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortError(
            f"port {port} cannot be used ({error.strerror}); "
            f"choose another one: course app --port {port + 1 if port < 65535 else 8000}"
        ) from None
    return listening


def make_site(
    console: Console,
    course: Course,
    folder: Path,
    movielens: MovieLens,
    needed: Collection[str],
    store: Path,
) -> Site:
    """All that the pages show, by the code in `folder`; by counting if there is no such folder.

    Args:
        needed: the tasks without which no model can be trained.
        store: a folder for what is trained and measured.
    """
    library = read_library(movielens)
    counting = Counting(library)
    if not folder.is_dir():
        return Site(library, counting, None, own=False, ladder=[])
    own = folder == course.exercises
    try:
        require_done(course, folder, needed)
        code = load_code(course, folder)
        with explained_in(course, folder, course.part(2)):
            dataset = read(code, movielens)
        key = _fingerprint(course, folder, movielens)

        def weights() -> dict[str, Tensor]:
            return rank_with_bar(console, code, dataset).state_dict()

        with explained_in(course, folder, course.part(6)):
            model = rebuilt(code, stored(store, f"{key}-model", weights))
    except CodeError as error:
        return Site(library, counting, error, own, ladder=error)
    learned = Learned(course, folder, code, library, dataset, model)

    def rungs() -> list[tuple]:
        return [astuple(rung) for rung in measured(console, code, dataset, model)]

    try:
        with explained_in(course, folder, course.part(5)):
            ladder = [Rung(*rung) for rung in stored(store, f"{key}-ladder", rungs)]
    except CodeError as error:
        return Site(library, counting, learned, own, ladder=error)
    return Site(library, counting, learned, own, ladder)


def _fingerprint(course: Course, folder: Path, movielens: MovieLens) -> str:
    """Of all that the model and its measurement depend on."""
    code = [folder / part.path for part in course.required]
    tutorial = sorted(
        [*Path(__file__).parents[1].glob("*.py"), Path(__file__).with_name("learned.py")]
    )
    return fingerprint([*code, *tutorial, movielens.ratings_path, movielens.movies_path])
