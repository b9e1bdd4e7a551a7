"""The commands that run the tutorial: `course demo` and `course recommend`."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from grading import manifest
from grading.cli.shared import DataOption, app, fail, plain_errors

OwnOption = Annotated[
    bool, typer.Option("--own", help="Use your own code instead of the reference solutions.")
]

DEEP_PART = 7


@app.command(epilog="Examples: [bold]course demo[/] · [bold]course demo --part 7 --own[/]")
def demo(
    part: Annotated[
        int | None,
        typer.Option("--part", metavar="7", help="Run only the optional part 7: what comes next."),
    ] = None,
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
    with _tutorial(own, data, deep=part == DEEP_PART) as (console, code, movielens):
        if part == DEEP_PART:
            from tutorial.deep_demo import demo as run_demo
        else:
            from tutorial.demo import demo as run_demo

        run_demo(console, code, movielens, plots)


@app.command(
    epilog="Examples: [bold]course recommend 196[/] · [bold]course recommend 196 -n 5 --own[/]"
)
def recommend(
    user_id: Annotated[int, typer.Argument(metavar="USER_ID", help="A raw id, as in u.data.")],
    n: Annotated[int, typer.Option("-n", help="How many movies.")] = 10,
    own: OwnOption = False,
    data: DataOption = None,
) -> None:
    """Train the regularised model and print one user's list."""
    with _tutorial(own, data) as (console, code, movielens):
        from tutorial.demo import WrongRequest, recommend_for

        try:
            recommend_for(console, code, movielens, user_id, n)
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
    with plain_errors():
        missing = [name for name in ("fastapi", "jinja2", "uvicorn") if find_spec(name) is None]
        if missing:
            fail(
                f"course app needs {' and '.join(missing)}: pip install -e '.[app]'",
                code=2,
            )
        course = manifest.load()

        import torch
        from rich.console import Console

        from data import DataError, load
        from tutorial.app.serve import PortError, serve

        torch.set_num_threads(1)  # a second thread does not help on tables of this size
        try:
            serve(
                Console(markup=False, emoji=False),
                course,
                course.exercises if own else course.solutions,
                load(data),
                port,
                open_browser=not no_browser,
            )
        except (DataError, PortError) as error:
            fail(str(error), code=2)
        except KeyboardInterrupt:
            fail("stopped", code=130)


@contextmanager
def _tutorial(own: bool, data: Path | None, deep: bool = False) -> Iterator[tuple]:
    """Set up what the tutorial's commands share: a console, the code to run and the data."""
    with plain_errors():
        course = manifest.load()
        folder = course.exercises if own else course.solutions
        if not folder.is_dir():
            fail("this copy of the course has no solutions; run your own code with --own", code=2)

        import torch
        from rich.console import Console

        from data import DataError, load
        from tutorial.code import CodeError, explained, load_code, load_deep_code

        torch.set_num_threads(1)  # a second thread does not help on tables of this size
        try:
            movielens = load(data)
            with explained(course, folder):
                code = (load_deep_code if deep else load_code)(course, folder)
                # no markup: a title may hold brackets
                yield Console(markup=False, emoji=False), code, movielens
        except CodeError as error:
            fail(str(error))
        except DataError as error:
            fail(str(error), code=2)
        except KeyboardInterrupt:
            fail("stopped", code=130)
