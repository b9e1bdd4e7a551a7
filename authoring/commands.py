"""The maintainers' commands: new, build, audit and release."""

from pathlib import Path
from typing import Annotated

import typer

from grading import manifest
from grading.cli.shared import app, fail, plain_errors


@app.command(epilog="Example: [bold]course new ../text-statistics[/]")
def new(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write a small course on another subject, to make one of your own from."""
    with plain_errors():
        from authoring.new import NewCourseError, new_course

        try:
            n_files = new_course(target)
        except NewCourseError as error:
            fail(str(error))
    typer.echo(f"{n_files} files in {target}. Go there and read README.md; then: course audit")


@app.command(epilog="Example: [bold]course release ../students[/]")
def release(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="New, or an earlier release.")],
    classroom: Annotated[
        bool, typer.Option("--classroom", help="Add a workflow for GitHub Classroom.")
    ] = False,
    solutions: Annotated[
        bool,
        typer.Option(
            "--solutions",
            help="Let course solution show the reference after a pass. It can be decoded: "
            "not for work that counts.",
        ),
    ] = False,
) -> None:
    """Write the repository for students, without solutions and hidden checks."""
    with plain_errors():
        course = manifest.load()

        from authoring.release import ReleaseError
        from authoring.release import release as write_release

        try:
            written = write_release(course, target, classroom, solutions)
        except ReleaseError as error:
            fail(str(error))
    for path in written:
        typer.echo(f"wrote {path.as_posix()}")
    if not written:
        typer.echo(f"{target} is up to date")


@app.command(
    epilog="Examples: [bold]course build[/] · [bold]course build --check[/] · "
    "[bold]course build --numbers[/]"
)
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if anything is out of date.")
    ] = False,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="First measure the lessons' numbers again (minutes).")
    ] = False,
) -> None:
    """Generate stubs and notebooks from the solutions, and fill the numbers into the lessons."""
    with plain_errors():
        course = manifest.load()
        if not course.solutions.is_dir():
            fail("there are no solutions here to build from")

        from authoring import build as course_build
        from authoring.numbers import NumberError, renew
        from authoring.numbers import check as check_numbers
        from authoring.stubs import MarkerError
        from data import DataError

        if check and numbers:
            fail("--check writes nothing and --numbers does; use only one of them", code=2)
        if check:
            found = list(course_build.complaints(course))
            verdict = check_numbers(course)
            found += verdict.complaints
            for complaint in found:
                typer.echo(complaint, err=True)
            if verdict.note:
                typer.echo(verdict.note)
            typer.echo(f"{len(found)} problem{'s' * (len(found) != 1)}" if found else "no problems")
            raise typer.Exit(1 if found else 0)
        try:
            if numbers:
                for line in renew(course):
                    typer.echo(line)
            written = course_build.build(course)
        except (MarkerError, NumberError) as error:
            fail(str(error))
        except DataError as error:
            fail(str(error), code=2)
    for path in written:
        typer.echo(f"wrote {path.as_posix()}")
    if not written:
        typer.echo("nothing to write: everything is up to date")


@app.command(
    epilog="Examples: [bold]course audit[/] · [bold]course audit 3 --no-mutants --seeds 20[/]"
)
def audit(
    parts: Annotated[
        list[int] | None, typer.Argument(metavar="[PART]...", help="Default: all parts.")
    ] = None,
    mutants: Annotated[
        bool,
        typer.Option("--mutants/--no-mutants", help="Also run mutants: solutions with one fault."),
    ] = True,
    seeds: Annotated[
        int,
        typer.Option(
            "--seeds",
            min=1,
            metavar="N",
            help="Run wrong and right ones with N seeds; the results must not differ.",
        ),
    ] = 1,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help="Also write a page of the docs."),
    ] = None,
) -> None:
    """Are the checks any good? Run wrong and right submissions and mutants against them."""
    with plain_errors():
        course = manifest.load()
        numbers = [course.part(number).number for number in parts or ()]

        from authoring.audit_report import run_audit

        every_part = [part.number for part in course.parts]
        good = run_audit(course, numbers or every_part, mutants, seeds, page)
    raise typer.Exit(0 if good else 1)
