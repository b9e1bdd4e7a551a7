"""The `course` command: one thin function a command, heavy imports inside it.

Exit codes: 0 done, 1 something is not right, 2 wrong use.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from grading import manifest
from grading.manifest import Course, Part, Task

app = typer.Typer(
    help="Building a Movie Recommender: exercises that grade themselves.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The folder of MovieLens 100K, with u.data in it."),
]
OwnOption = Annotated[
    bool, typer.Option("--own", help="Use your own code instead of the reference solutions.")
]


# For students


@app.command(
    epilog="Examples: [bold]course check 3[/] · [bold]course check 3.2 4.1[/] · "
    "[bold]course check 3.2 --repro[/]"
)
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PART | TASK]...", help="Parts (3) or tasks (3.2); none: all."),
    ] = None,
    repro: Annotated[
        bool,
        typer.Option("--repro", help="Print a task's first failing check as Python to paste."),
    ] = False,
) -> None:
    """Check parts or tasks: the same as pytest on the part."""
    with _plain_errors():
        course = manifest.load()
        chosen = [_part_or_task(course, text) for text in what or ()] or list(course.parts)
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
    raise typer.Exit(_run_checks(course, parts, arguments))


@app.command(epilog="Examples: [bold]course hint 3.2[/] · [bold]course hint 3.2 --all[/]")
def hint(
    task_id: Annotated[str, typer.Argument(metavar="TASK", help="Such as 3.2.")],
    all_: Annotated[bool, typer.Option("--all", help="Every rung at once.")] = False,
) -> None:
    """Read the next hint for a task: a question, then the concept, then the way in words."""
    with _plain_errors():
        course = manifest.load()
        task = course.task(task_id)

        from grading.feedback.progress import read_hints

        for line in read_hints(course.root, task, everything=all_):
            typer.echo(line)


@app.command(epilog="Example: [bold]course progress[/]")
def progress() -> None:
    """Show how far you have come: points and hints per part, and what is next."""
    with _plain_errors():
        course = manifest.load()

        from grading.feedback.progress import load, next_task, overview

        kept = load(course.root)
        if kept.note:
            typer.echo(kept.note, err=True)
        for line in overview(course, kept):
            typer.echo(line)
    if next_task(course, kept, course.parts) is None:
        typer.echo("checking everything once more …")
        if _run_checks(course, course.parts) == 0:
            typer.echo("Every task is solved. See your recommender at work: course demo --own")


@app.command(epilog="Examples: [bold]course watch[/] · [bold]course watch 3[/]")
def watch(
    number: Annotated[
        int | None, typer.Argument(metavar="[PART]", help="Default: the first with an open task.")
    ] = None,
) -> None:
    """Check a part each time one of its files is saved; keys for hints and more."""
    with _plain_errors():
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
    what: Annotated[str, typer.Argument(metavar="TASK | PART", help="Such as 3.2, or 3.")],
) -> None:
    """Put the stub of a task or a part back; your version is kept."""
    with _plain_errors():
        course = manifest.load()
        item = _part_or_task(course, what)

        from grading.feedback.reset import ResetError, reset_part, reset_task

        try:
            kept = reset_part(course, item) if isinstance(item, Part) else reset_task(course, item)
        except ResetError as error:
            _fail(str(error))
    typer.echo(
        f"{what} is a stub again." + (f" Your version is kept: {kept.as_posix()}" if kept else "")
    )


@app.command(epilog="Examples: [bold]course demo[/] · [bold]course demo --own --data ~/ml-100k[/]")
def demo(
    own: OwnOption = False,
    data: DataOption = None,
    plots: Annotated[
        Path,
        typer.Option("--plots", metavar="DIR", file_okay=False, help="Where to save the plots."),
    ] = Path("demo"),
) -> None:
    """Run the whole tutorial: baselines, training, a top-10 list, similar movies, plots."""
    with _tutorial(own, data) as (console, code, movielens):
        from grading.tutorial.demo import demo as run_demo

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
        from grading.tutorial.demo import WrongRequest, recommend_for

        try:
            recommend_for(console, code, movielens, user_id, n)
        except WrongRequest as error:
            _fail(str(error), code=2)


@app.command(epilog="Examples: [bold]course data[/] · [bold]course data --data ~/ml-100k[/]")
def data(data: DataOption = None) -> None:
    """Find or download MovieLens 100K and say what is there."""
    with _plain_errors():
        from data import DataError, load

        try:
            movielens = load(data)
        except DataError as error:
            _fail(str(error), code=2)
    typer.echo(f"{movielens.source}: {movielens.folder}")
    for path in (movielens.ratings_path, movielens.movies_path, movielens.users_path):
        with path.open("rb") as lines:
            typer.echo(f"  {path.name}: {sum(1 for line in lines if line.strip()):,} lines")


# For instructors

NoPolicyOption = Annotated[
    bool, typer.Option("--no-policy", help="Without the policy that is kept with the grades.")
]


@app.command(
    epilog="Examples: [bold]course grade submissions --out grades[/] · "
    "[bold]course grade submissions --out grades --jobs 4 --policy policy.toml[/] · "
    "[bold]course grade submissions --out grades --only anna --regrade[/]"
)
def grade(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS", help="A folder with one folder or archive for each student."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Where records, grades and reports go.", file_okay=False
        ),
    ],
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", min=1, help="Submissions at a time (one a core).", show_default=False
        ),
    ] = os.cpu_count() or 1,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="STUDENT", help="Grade only this one; may be repeated."),
    ] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade again what has a record; say what changed.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            help="Repeat a grading (default: that of the class, and a new one to grade again).",
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", metavar="FILE", help="Deadline, extensions, weights: TOML; kept in DIR."
        ),
    ] = None,
    submitted: Annotated[
        Path | None,
        typer.Option(
            "--submitted",
            metavar="FILE",
            help="When students handed in: a CSV of student_id,time, or Moodle's worksheet.",
        ),
    ] = None,
    no_policy: NoPolicyOption = False,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Grade on a Dask cluster."),
    ] = None,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe", help="Go on where student code cannot be locked in."),
    ] = False,
) -> None:
    """Grade a class: records, grades.csv, feedback pages and an overview.

    What is done stays done: run it again after Ctrl-C and it goes on where it was.
    """
    with _plain_errors():
        course = manifest.load()

        from grading.batch.command import Request, UsageError, run

        if policy is not None and no_policy:
            _fail("--policy brings a policy and --no-policy drops it; give one of them", code=2)
        students = tuple(only or ())
        request = Request(
            folder,
            out,
            jobs,
            students,
            regrade,
            seed,
            policy,
            scheduler,
            unsafe,
            submitted,
            no_policy,
        )
        try:
            good = run(course, request)
        except UsageError as error:
            _fail(str(error), code=2)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    raise typer.Exit(0 if good else 1)


@app.command(epilog="Example: [bold]course release ../students[/]")
def release(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="New, or an earlier release.")],
    classroom: Annotated[
        bool, typer.Option("--classroom", help="With a workflow for GitHub Classroom.")
    ] = False,
) -> None:
    """Write the repository for students: no solutions, no hidden checks."""
    with _plain_errors():
        course = manifest.load()

        from grading.build.release import ReleaseError
        from grading.build.release import release as write_release

        try:
            written = write_release(course, target, classroom)
        except ReleaseError as error:
            _fail(str(error))
    for path in written:
        typer.echo(f"wrote {path.as_posix()}")
    if not written:
        typer.echo(f"{target} is up to date")


export = typer.Typer(help="Write records in the formats of other systems.", no_args_is_help=True)
app.add_typer(export, name="export")

RecordsArgument = Annotated[
    Path, typer.Argument(metavar="GRADES", help="The folder that course grade wrote.")
]
ExportedArgument = Annotated[
    Path,
    typer.Argument(metavar="EXPORTED", help="The file that the LMS exported.", dir_okay=False),
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Default: the one kept in GRADES."),
]
ZeroOption = Annotated[
    bool,
    typer.Option(
        "--zero-ungradable", help="Fill in 0 for what could not be graded (default: left alone)."
    ),
]
OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="What to write.")]


@export.command(
    epilog="Example: "
    '[bold]course export canvas grades exported.csv --column "Part 3" --out filled.csv[/]'
)
def canvas(
    grades: RecordsArgument,
    exported: ExportedArgument,
    column: Annotated[str, typer.Option("--column", help="The assignment: title, id or header.")],
    out: OutOption,
    policy: PolicyOption = None,
    no_policy: NoPolicyOption = False,
    zero_ungradable: ZeroOption = False,
) -> None:
    """Fill one assignment's column of a gradebook that Canvas exported."""
    with _exporting():
        from grading.exports import canvas as canvas_export
        from grading.exports.command import fill_file, kept, points, rules_for

        rules = rules_for(manifest.load(), grades, policy, no_policy)
        found = points(kept(grades), rules, zero_ungradable)
        for line in fill_file(
            exported,
            out,
            found,
            lambda text: canvas_export.fill(text, column, found.scores, found.platform_ids),
        ):
            typer.echo(line)


@export.command(
    epilog="Example: [bold]course export moodle grades worksheet.csv --out filled.csv[/]"
)
def moodle(
    grades: RecordsArgument,
    exported: ExportedArgument,
    out: OutOption,
    policy: PolicyOption = None,
    no_policy: NoPolicyOption = False,
    zero_ungradable: ZeroOption = False,
) -> None:
    """Fill grades and feedback of a worksheet that Moodle exported."""
    with _exporting():
        from grading.exports import moodle as moodle_export
        from grading.exports.command import fill_file, kept, points, rules_for

        records = kept(grades)
        rules = rules_for(manifest.load(), grades, policy, no_policy)
        found = points(records, rules, zero_ungradable)
        feedback = {
            record.student_id: moodle_export.short_feedback(record, found.scores[record.student_id])
            for record in records
            if record.student_id in found.scores
        }
        for line in fill_file(
            exported,
            out,
            found,
            lambda text: moodle_export.fill(
                text, found.scores, feedback, platform_ids=found.platform_ids
            ),
        ):
            typer.echo(line)


@export.command(epilog="Example: [bold]course export junit grades --out results.xml[/]")
def junit(grades: RecordsArgument, out: OutOption) -> None:
    """Write all records as JUnit XML: a suite for each student, a case for each task."""
    with _exporting():
        from grading.exports.command import kept
        from grading.exports.junit import junit_xml

        out.write_text(junit_xml(kept(grades)), encoding="utf-8")
    typer.echo(f"wrote {out}")


@export.command(epilog="Example: [bold]course export gradescope autograder.zip[/]")
def gradescope(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The .zip to write.")],
) -> None:
    """Write the autograder for Gradescope."""
    with _exporting():
        from grading.exports.gradescope import write_zip

        course = manifest.load()
        _refuse_faulty_checks(course)
        write_zip(course, target)
    typer.echo(f"wrote {target}: upload it as the autograder of a programming assignment")


@export.command(epilog="Example: [bold]course export classroom ../students[/]")
def classroom(
    target: Annotated[
        Path, typer.Argument(metavar="DIR", help="The repository for students.", file_okay=False)
    ],
) -> None:
    """Write the workflow for GitHub Classroom: one step a task."""
    with _exporting():
        from grading.checks.points import points_by_task
        from grading.exports.classroom import WORKFLOW, workflow

        course = manifest.load()
        path = target / WORKFLOW
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(workflow(course, points_by_task(course)), encoding="utf-8")
    typer.echo(f"wrote {path}")


@export.command(
    epilog="Examples: [bold]course export nbgrader grades gradebook.db[/] · "
    "[bold]course export nbgrader grades gradebook.db --part 1 --part 2[/]"
)
def nbgrader(
    grades: RecordsArgument,
    gradebook: Annotated[
        Path, typer.Argument(metavar="GRADEBOOK", help="nbgrader's gradebook.db.", dir_okay=False)
    ],
    part: Annotated[
        list[int] | None,
        typer.Option("--part", metavar="PART", help="Only this part; may be repeated."),
    ] = None,
) -> None:
    """Write the points of each check into nbgrader's gradebook, and pages into its feedback folder.

    Plain points: a policy on lateness or weights does not enter here. The gradebook is copied to
    backups/ beside it first.
    """
    with _exporting():
        from grading.exports import nbgrader as nbgrader_export
        from grading.exports.command import kept

        for line in nbgrader_export.write(manifest.load(), kept(grades), gradebook, part or ()):
            typer.echo(line)


# For maintainers


@app.command(
    epilog="Examples: [bold]course build[/] · [bold]course build --check[/] · "
    "[bold]course build --numbers[/]"
)
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail on whatever is not in order.")
    ] = False,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="First measure the lessons' numbers anew: minutes.")
    ] = False,
) -> None:
    """Generate the stubs from the solutions, and write the numbers into the lessons."""
    with _plain_errors():
        course = manifest.load()
        if not course.solutions.is_dir():
            _fail("there are no solutions here to build from")

        from data import DataError
        from grading.build import course as course_build
        from grading.build import numbers_command
        from grading.build.numbers import NumberError
        from grading.build.stubs import MarkerError

        if check and numbers:
            _fail("--check writes nothing and --numbers does; give one of them", code=2)
        if check:
            found = list(course_build.complaints(course))
            verdict = numbers_command.check(course)
            found += verdict.complaints
            for complaint in found:
                typer.echo(complaint, err=True)
            if verdict.note:
                typer.echo(verdict.note)
            typer.echo(
                f"{len(found)} problem{'s' * (len(found) != 1)}" if found else "all in order"
            )
            raise typer.Exit(1 if found else 0)
        try:
            if numbers:
                for line in numbers_command.renew(course):
                    typer.echo(line)
            written = course_build.build(course)
        except (MarkerError, NumberError) as error:
            _fail(str(error))
        except DataError as error:
            _fail(str(error), code=2)
    for path in written:
        typer.echo(f"wrote {path.as_posix()}")
    if not written:
        typer.echo("nothing to write: everything is as the solutions say")


@app.command(
    epilog="Examples: [bold]course audit[/] · [bold]course audit 3 --no-mutants --seeds 20[/]"
)
def audit(
    parts: Annotated[
        list[int] | None, typer.Argument(metavar="[PART]...", help="None: all parts.")
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
            help="Draw N inputs for each wrong and right one; all must come out the same.",
        ),
    ] = 1,
    page: Annotated[
        Path | None,
        typer.Option("--page", metavar="FILE", help="Write a page of the docs as well."),
    ] = None,
) -> None:
    """Are the checks any good? Run wrong and right submissions and mutants against them."""
    with _plain_errors():
        course = manifest.load()
        numbers = [course.part(number).number for number in parts or ()]

        from grading.reports.audit import run_audit

        every_part = [part.number for part in course.parts]
        good = run_audit(course, numbers or every_part, mutants, seeds, page)
    raise typer.Exit(0 if good else 1)


# Shared


def _refuse_faulty_checks(course: Course) -> None:
    """The archive holds no reference to try its checks on, so they are tried here."""
    from grading.batch.reference import faults_in_files, faults_on_reference

    faults = faults_in_files(course)
    if not faults and course.solutions.is_dir():
        faults = faults_on_reference(course, None, seed=0)
    if faults:
        _fail("\n  ".join(["the checks are at fault, so nothing was written:", *faults]))


def _print_repro(course: Course, chosen: list[Part | Task]) -> None:
    from grading.feedback.repro import NothingToReproduce
    from grading.feedback.repro import repro as lines_for

    if len(chosen) != 1 or not isinstance(task := chosen[0], Task):
        _fail("--repro takes one task, as in: course check 3.2 --repro", code=2)
    try:
        typer.echo(lines_for(course, task), nl=False)
    except NothingToReproduce as error:
        _fail(str(error))


def _run_checks(course: Course, parts: Iterable[Part], arguments: Iterable[str] = ()) -> int:
    """Run pytest on whole parts, in this process; returns the exit code of the command."""
    import pytest

    folders = [str(course.exercises / part.folder) for part in parts]
    options = [f"--rootdir={course.root}", "--quiet", "--no-header", *arguments]
    return min(int(pytest.main([*folders, *options])), 2)  # 3 to 5: nothing could be checked


def _part_or_task(course: Course, text: str) -> Part | Task:
    number = text.removeprefix("part")
    if number.isdecimal():
        return course.part(int(number))
    return course.task(text)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Wrong use ends with one sentence, not with a traceback."""
    try:
        yield
    except manifest.ManifestError as error:
        _fail(str(error), code=2)
    except OSError as error:  # a file of the course that cannot be read or written
        _fail(str(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in ("grading", "jinja2", "nbformat", "nbgrader"):
            raise
        if package in ("nbformat", "nbgrader"):
            _fail("nbgrader is not installed: pip install -e '.[notebooks]'", code=2)
        if error.name == "jinja2":
            _fail("this command needs the extra: pip install '.[grading]'", code=2)
        _fail("this copy of the course is for students and has no such command", code=2)


@contextmanager
def _exporting() -> Iterator[None]:
    """As `_plain_errors`, with those of exports."""
    with _plain_errors():
        from grading.batch.policy import PolicyError
        from grading.batch.records import RecordError
        from grading.exports.errors import ExportError

        try:
            yield
        except (ExportError, RecordError, PolicyError) as error:
            _fail(str(error))


@contextmanager
def _tutorial(own: bool, data: Path | None) -> Iterator[tuple]:
    """What the tutorial's commands need: a console, the code to run and the data."""
    with _plain_errors():
        course = manifest.load()
        folder = course.exercises if own else course.solutions
        if not folder.is_dir():
            _fail("this copy of the course has no solutions; run your own code with --own", code=2)

        import torch
        from rich.console import Console

        from data import DataError, load
        from grading.tutorial.code import CodeError, explained, load_code

        torch.set_num_threads(1)  # a second thread wins nothing on tables of this size
        try:
            movielens = load(data)
            with explained(course, folder):
                # no markup: a title may hold brackets
                yield Console(markup=False, emoji=False), load_code(course, folder), movielens
        except CodeError as error:
            _fail(str(error))
        except DataError as error:
            _fail(str(error), code=2)
        except KeyboardInterrupt:
            _fail("stopped", code=130)


def _fail(message: str, code: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
