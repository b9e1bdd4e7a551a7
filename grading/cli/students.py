"""The students' commands."""

from pathlib import Path
from typing import Annotated

import typer

from grading import manifest
from grading.cli.shared import app, fail, part_or_task, plain_errors, run_checks
from grading.manifest import Course, Part, Task


@app.command(
    epilog="Examples: [bold]course check 3[/] · [bold]course check 3.2 4.1[/] · "
    "[bold]course check 3.2 --repro[/]"
)
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PART | TASK]...",
            help="Parts (3) or tasks (3.2). Default: all but optional parts.",
        ),
    ] = None,
    repro: Annotated[
        bool,
        typer.Option("--repro", help="Print a task's first failing check as runnable Python."),
    ] = False,
) -> None:
    """Check parts or tasks; the same as pytest on the part."""
    with plain_errors():
        course = manifest.load()
        chosen = [part_or_task(course, text) for text in what or ()] or list(course.required)
        if repro:
            _print_repro(course, chosen)
            return
        parts = sorted(
            {item if isinstance(item, Part) else course.part(item.part) for item in chosen},
            key=lambda part: part.number,
        )
    arguments = []
    if any(isinstance(item, Task) for item in chosen):
        tasks = [
            task for item in chosen for task in (item.tasks if isinstance(item, Part) else [item])
        ]
        arguments = [f"--task={task.id}" for task in tasks]
    raise typer.Exit(run_checks(course, parts, arguments))


TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="For example 3.2.")]


@app.command(epilog="Examples: [bold]course hint 3.2[/] · [bold]course hint 3.2 --all[/]")
def hint(
    task_id: TaskArgument,
    all_: Annotated[bool, typer.Option("--all", help="Show all hints.")] = False,
) -> None:
    """Show the next hint for a task: a question, then the concept, then the solution in words."""
    with plain_errors():
        course = manifest.load()
        task = course.task(task_id)

        from grading.feedback.progress import read_hints

        for line in read_hints(course.root, task, everything=all_):
            typer.echo(line)


HERE = Path(__file__).resolve().parents[2]
HAS_SOLUTIONS = (HERE / "solutions").is_dir() or (HERE / manifest.HANDED_OUT).is_file()
IS_RELEASE = (HERE / manifest.RELEASED).is_file()


@app.command(hidden=not HAS_SOLUTIONS, epilog="Example: [bold]course solution 3.2[/]")
def solution(
    task_id: TaskArgument,
) -> None:
    """Show the reference next to your own code, once the task has passed."""
    with plain_errors():
        course = manifest.load()
        task = course.task(task_id)

        from rich.console import Console

        from grading.feedback.solution import NoSolution, show_solution

        try:
            show_solution(Console(markup=False, emoji=False, highlight=False), course, task)
        except NoSolution as error:
            fail(str(error))


@app.command(epilog="Example: [bold]course progress[/]")
def progress() -> None:
    """Show your progress: points and hints per part, and the next task."""
    with plain_errors():
        course = manifest.load()

        from grading.feedback.progress import load, next_task, overview

        kept = load(course.root)
        if kept.note:
            typer.echo(kept.note, err=True)
        for line in overview(course, kept):
            typer.echo(line)
    if next_task(course, kept, course.required) is None:
        typer.echo("checking everything once more …")
        if run_checks(course, course.required) == 0:
            typer.echo(f"Every task is solved. {course.finale}".strip())


@app.command(epilog="Examples: [bold]course watch[/] · [bold]course watch 3[/]")
def watch(
    number: Annotated[
        int | None,
        typer.Argument(metavar="[PART]", help="Default: the first with an unsolved task."),
    ] = None,
) -> None:
    """Check a part each time you save one of its files; press keys for hints and more."""
    with plain_errors():
        course = manifest.load()

        from grading.feedback.progress import load, next_task
        from grading.feedback.watch import watch as keep_watching

        if number is None:
            task = next_task(course, load(course.root), course.parts)
            number = task.part if task else course.parts[-1].number
        part = course.part(number)
    try:
        keep_watching(course, part, typer.echo)
    except KeyboardInterrupt:
        typer.echo()


@app.command(epilog="Examples: [bold]course reset 3.2[/] · [bold]course reset 3[/]")
def reset(
    what: Annotated[str, typer.Argument(metavar="TASK | PART", help="For example 3.2 or 3.")],
) -> None:
    """Restore the stub of a task or a part; your version is backed up."""
    with plain_errors():
        course = manifest.load()
        item = part_or_task(course, what)

        from grading.feedback.reset import ResetError, reset_part, reset_task

        try:
            kept = reset_part(course, item) if isinstance(item, Part) else reset_task(course, item)
        except ResetError as error:
            fail(str(error))
    typer.echo(
        f"{what} is a stub again." + (f" Your version is kept: {kept.as_posix()}" if kept else "")
    )


@app.command(
    hidden=not IS_RELEASE,
    epilog="Examples: [bold]course update ../course-2.zip --dry-run[/] · "
    "[bold]course update ../course-2.zip[/]",
)
def update(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="The newer release: a folder or a .zip.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Take over a newer release of the course; what you wrote stays."""
    with plain_errors():
        root = manifest.find_root()

        from grading.feedback.update import BrokenModule, UpdateError, carry_out, plan

        try:
            planned = plan(root, source)
        except UpdateError as error:
            fail(str(error), code=2)
        except BrokenModule as error:
            fail(str(error))
        for line in planned.notes:
            typer.echo(line)
        if not planned.changes:
            return
        n_files = len(planned.changes) - 1  # without the record
        files = f"{n_files} file{'s' * (n_files != 1)}"
        if dry_run:
            typer.echo(f"{files} would change. Nothing was changed.")
            return
        carry_out(root, planned)
        typer.echo(f"{files} changed. The course is up to date, and your progress is as it was.")
    for command in planned.to_run:
        typer.echo(f"run: {command}")


def _print_repro(course: Course, chosen: list[Part | Task]) -> None:
    from grading.feedback.repro import NothingToReproduce
    from grading.feedback.repro import repro as lines_for

    if len(chosen) != 1 or not isinstance(task := chosen[0], Task):
        fail("--repro takes one task, as in: course check 3.2 --repro", code=2)
    try:
        typer.echo(lines_for(course, task), nl=False)
    except NothingToReproduce as error:
        fail(str(error))
