"""The commands of this course: `course data`, `demo`, `recommend` and `app`."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grading import manifest
from grading.cli.shared import app, fail, plain_errors
from tutorial.by import By

if TYPE_CHECKING:
    from rich.console import Console

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The folder of MovieLens 100K, with u.data in it."),
]
OwnOption = Annotated[
    bool, typer.Option("--own", help="Use your own code instead of the reference solutions.")
]
ByOption = Annotated[
    By,
    typer.Option(
        "--by",
        help="Make the list by what the user likes, by predicted stars, or by what comes next "
        "(part 7).",
    ),
]

DEEP_PART = 7

# The tasks whose code a command runs.
READING = {"2.1", "2.2", "2.3", "2.4", "2.5"}
MODEL = {"3.1", "3.2", "3.3"}
LISTS = {
    By.LIKES: READING | MODEL | {"5.1", "5.2", "5.4", "6.3", "6.5"},
    By.STARS: READING | MODEL | {"4.1", "4.2", "4.3", "4.4", "4.5", "5.1", "5.2"},
    By.NEXT: READING | {"7.3", "7.5", "7.6"},
}
DEMO = LISTS[By.LIKES] | LISTS[By.STARS] | {"5.3", "6.1"}
APP = LISTS[By.LIKES] - {"5.1", "5.2", "5.4"}  # to train; its pages name what else they need
DEEP_DEMO = LISTS[By.NEXT] | {"7.4"}


@app.command(epilog="Examples: [bold]course data[/] · [bold]course data --data ~/ml-100k[/]")
def data(data: DataOption = None) -> None:
    """Find or download MovieLens 100K and show its files."""
    with plain_errors():
        from data import DataError, load

        try:
            movielens = load(data)
        except DataError as error:
            fail(str(error), code=2)
    typer.echo(f"{movielens.source}: {movielens.folder}")
    for path in (movielens.ratings_path, movielens.movies_path, movielens.users_path):
        with path.open("rb") as lines:
            typer.echo(f"  {path.name}: {sum(1 for line in lines if line.strip()):,} lines")


@app.command(epilog="Examples: [bold]course demo[/] · [bold]course demo --part 7 --own[/]")
def demo(
    part: Annotated[
        int | None,
        typer.Option("--part", metavar="7", help="Run only the optional part 7: what comes next."),
    ] = None,
    by: ByOption = By.LIKES,
    own: OwnOption = False,
    data: DataOption = None,
    plots: Annotated[
        Path,
        typer.Option("--plots", metavar="DIR", file_okay=False, help="Where to save the plots."),
    ] = Path("demo"),
) -> None:
    """Run the whole tutorial: baselines, training, a top-10 list, similar movies, plots."""
    if part not in (None, DEEP_PART):
        fail(f"part {part} has no demo of its own; only part {DEEP_PART} has", code=2)
    needed = DEEP_DEMO if part else DEMO | LISTS[by]
    with _tutorial(own, data, needed) as (console, code, movielens):
        if part:
            from tutorial.deep_demo import demo as run_deep_demo

            run_deep_demo(console, code, movielens, plots)
        else:
            from tutorial.demo import demo as run_demo

            run_demo(console, code, movielens, plots, by)


@app.command(
    epilog="Examples: [bold]course recommend 196[/] · [bold]course recommend 196 --by next --own[/]"
)
def recommend(
    user_id: Annotated[int, typer.Argument(metavar="USER_ID", help="A raw id, as in u.data.")],
    n: Annotated[int, typer.Option("-n", help="How many movies.")] = 10,
    by: ByOption = By.LIKES,
    own: OwnOption = False,
    data: DataOption = None,
) -> None:
    """Train one model and print one user's list, each movie with the reason for it."""
    with _tutorial(own, data, LISTS[by]) as (console, code, movielens):
        from tutorial.lists import WrongRequest, recommend_for

        try:
            recommend_for(console, code, movielens, user_id, n, by)
        except WrongRequest as error:
            fail(str(error), code=2)


@app.command(
    name="app",
    epilog="Examples: [bold]course app[/] · [bold]course app --own --port 8001[/] · "
    "[bold]course app --data ml-100k --no-browser[/]",
)
def browser_app(
    own: OwnOption = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to serve; 0: any free one.")
    ] = 8000,
    data: DataOption = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening it.")
    ] = False,
) -> None:
    """Rate movies and get your list, in the browser; nobody else's machine reaches it."""
    missing = [name for name in ("fastapi", "jinja2", "uvicorn") if find_spec(name) is None]
    if missing:
        fail(f"course app needs {' and '.join(missing)}: pip install -e '.[app]'", code=2)
    with _running() as console:
        from data import load
        from tutorial.app.serve import PortError, serve

        course = manifest.load()
        folder = course.exercises if own else course.solutions
        try:
            serve(console, course, folder, load(data), APP, port, open_browser=not no_browser)
        except PortError as error:
            fail(str(error), code=2)


@contextmanager
def _tutorial(own: bool, data: Path | None, needed: Collection[str]) -> Iterator[tuple]:
    """Set up what the tutorial's commands share: a console, the code to run and the data.

    Args:
        needed: the tasks that must be done; with one of part 7, its module is there, too.
    """
    with _running() as console:
        from data import load
        from tutorial.code import CodeError, explained, load_code, load_deep_code, require_done

        course = manifest.load()
        folder = course.exercises if own else course.solutions
        if not folder.is_dir():
            fail("this copy of the course has no solutions; run your own code with --own", code=2)
        deep = any(task.startswith(f"{DEEP_PART}.") for task in needed)
        movielens = load(data)
        try:
            require_done(course, folder, needed)
            with explained(course, folder):
                code = (load_deep_code if deep else load_code)(course, folder)
                yield console, code, movielens
        except CodeError as error:
            fail(str(error))


@contextmanager
def _running() -> Iterator["Console"]:
    """A console for what takes a while; errors in the data and Ctrl-C end it in plain words."""
    with plain_errors():
        import torch
        from rich.console import Console

        from data import DataError

        torch.set_num_threads(1)  # a second thread does not help on tables of this size
        try:
            yield Console(markup=False, emoji=False)  # a title may hold brackets
        except DataError as error:
            fail(str(error), code=2)
        except KeyboardInterrupt:
            fail("stopped", code=130)
