"""The instructors' commands."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from grading import manifest
from grading.cli.shared import app, fail, plain_errors
from grading.errors import UsageError
from grading.manifest import Course

GradesArgument = Annotated[
    Path, typer.Argument(metavar="GRADES", help="The folder written by course grade.")
]


def _file(what: str) -> Any:
    return typer.Option(metavar="FILE", help=what)


def _flag(name: str, what: str) -> Any:
    return typer.Option(name, help=what)


NoPolicyOption = Annotated[bool, _flag("--no-policy", "Ignore the policy stored with the grades.")]


@app.command(
    epilog="Examples: [bold]course grade submissions --out grades[/] · "
    "[bold]course grade submissions --out grades --jobs 4 --policy policy.toml[/] · "
    "[bold]course grade submissions --out grades --roster roster.csv[/] · "
    "[bold]course grade submissions --out grades --only anna --regrade[/]"
)
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS", help="A folder with one folder or archive for each student."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="The folder for records, grades and reports.", file_okay=False
        ),
    ],
    jobs: Annotated[
        int,
        typer.Option(
            min=1, help="Submissions in parallel (default: one per core).", show_default=False
        ),
    ] = os.cpu_count() or 1,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="STUDENT", help="Grade only this student; may be repeated."),
    ] = None,
    regrade: Annotated[
        bool, _flag("--regrade", "Grade again even where a record exists; show what changed.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="Seed of the inputs (default: the class's; a new one with --regrade)."
        ),
    ] = None,
    policy: Annotated[
        Path | None, _file("TOML: deadline, slip days, cut-off, weights; kept in DIR.")
    ] = None,
    submitted: Annotated[
        Path | None, _file("Submission times: a CSV of student_id,time, or Moodle's worksheet.")
    ] = None,
    no_policy: NoPolicyOption = False,
    roster: Annotated[
        Path | None,
        _file("The class: a CSV of student,name,section,group,deadline; kept in DIR."),
    ] = None,
    adjustments: Annotated[
        Path | None, _file("TOML: points changed by hand, comments to students; kept in DIR.")
    ] = None,
    anonymous: Annotated[
        bool,
        _flag(
            "--anonymous", "Show pseudonyms instead of ids and names; DIR/key.csv says who is who."
        ),
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on a Dask cluster.")
    ] = None,
    unsafe: Annotated[
        bool, _flag("--unsafe", "Grade even if student code cannot be sandboxed.")
    ] = False,
) -> None:
    """Grade a class: records, grades.csv, feedback pages and an overview.

    Run it again after Ctrl-C, and it resumes where it stopped.
    """
    with plain_errors():
        course = manifest.load()

        from grading.cli.grade_class import Request, run

        if policy is not None and no_policy:
            fail("--policy sets a policy and --no-policy drops it; use only one of them", code=2)
        request = Request(
            folder=submissions,
            out=out,
            jobs=jobs,
            only=tuple(only or ()),
            regrade=regrade,
            seed=seed,
            policy=policy,
            scheduler=scheduler,
            unsafe=unsafe,
            submitted=submitted,
            no_policy=no_policy,
            roster=roster,
            adjustments=adjustments,
            anonymous=anonymous,
        )
        try:
            good = run(course, request)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    raise typer.Exit(0 if good else 1)


@app.command(
    epilog="Examples: [bold]course similar grades[/] · "
    "[bold]course similar grades --threshold 0.6[/] · "
    "[bold]course similar grades --submissions moved/submissions[/]"
)
def similar(
    grades: GradesArgument,
    submissions: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder of submissions (default: the one last graded into GRADES).",
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="List pairs from this similarity on (default: 0.75)."),
    ] = None,
) -> None:
    """List pairs of similar submissions: similarity.html and similarity.csv, in GRADES.

    A number is no verdict: short tasks make honest work alike. Nothing leaves this machine.
    """
    with plain_errors():
        from grading.cli.similar import run

        run(manifest.load(), grades, submissions, threshold)


export = typer.Typer(help="Export records to other systems.", no_args_is_help=True)


app.add_typer(export, name="export")


ExportedArgument = Annotated[
    Path, typer.Argument(metavar="EXPORTED", help="The file exported by the LMS.", dir_okay=False)
]
PolicyOption = Annotated[Path | None, _file("Default: the one stored in GRADES.")]
OutOption = Annotated[Path, _file("The file to write.")]
ZeroOption = Annotated[
    bool,
    _flag("--zero-ungradable", "Fill in 0 for ungradable submissions (default: leave them alone)."),
]
ZeroMissingOption = Annotated[
    bool,
    _flag(
        "--zero-missing",
        "Fill in 0 where nothing was handed in (default: leave it alone).",
    ),
]


@export.command(
    epilog="Example: "
    '[bold]course export canvas grades exported.csv --column "Part 3" --out filled.csv[/]'
)
def canvas(
    grades: GradesArgument,
    exported: ExportedArgument,
    column: Annotated[str, typer.Option(help="The assignment: title, id or header.")],
    out: OutOption,
    policy: PolicyOption = None,
    no_policy: NoPolicyOption = False,
    zero_ungradable: ZeroOption = False,
    zero_missing: ZeroMissingOption = False,
) -> None:
    """Fill in one assignment's column of a gradebook exported by Canvas."""
    with _exporting():
        from grading.exports.canvas import fill
        from grading.exports.command import fill_file, points

        course = manifest.load()
        found = points(course, grades, policy, no_policy, zero_ungradable, zero_missing)
        filled = partial(fill, column=column, scores=found.scores, platform_ids=found.platform_ids)
        for line in fill_file(exported, out, found, filled):
            typer.echo(line)


@export.command(
    epilog="Example: [bold]course export moodle grades worksheet.csv --out filled.csv[/]"
)
def moodle(
    grades: GradesArgument,
    exported: ExportedArgument,
    out: OutOption,
    policy: PolicyOption = None,
    no_policy: NoPolicyOption = False,
    zero_ungradable: ZeroOption = False,
    zero_missing: ZeroMissingOption = False,
) -> None:
    """Fill in grades and feedback in a worksheet exported by Moodle."""
    with _exporting():
        from grading.exports.command import fill_file, points
        from grading.exports.moodle import fill, short_feedback

        course = manifest.load()
        found = points(course, grades, policy, no_policy, zero_ungradable, zero_missing)
        feedback = {
            student: short_feedback(found.records[student], score, found.adjustments)
            for student, score in found.scores.items()
        }
        filled = partial(
            fill, scores=found.scores, feedback=feedback, platform_ids=found.platform_ids
        )
        for line in fill_file(exported, out, found, filled):
            typer.echo(line)


@export.command(epilog="Example: [bold]course export junit grades --out results.xml[/]")
def junit(grades: GradesArgument, out: OutOption) -> None:
    """Write all records as JUnit XML: one suite per student, one case per task."""
    with _exporting():
        from grading.batch import adjustments
        from grading.exports.command import kept
        from grading.exports.junit import junit_xml

        by_hand = adjustments.kept_in(grades, manifest.load())
        found = [adjustments.adjusted(record, by_hand) for record in kept(grades)]
        out.write_text(junit_xml(found), encoding="utf-8")
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
    """Write the workflow for GitHub Classroom: one step per task."""
    with _exporting():
        from grading.exports.classroom import WORKFLOW, workflow

        course = manifest.load()
        path = target / WORKFLOW
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(workflow(course), encoding="utf-8")
    typer.echo(f"wrote {path}")


@export.command(
    epilog="Examples: [bold]course export nbgrader grades gradebook.db[/] · "
    "[bold]course export nbgrader grades gradebook.db --part 1 --part 2[/]"
)
def nbgrader(
    grades: GradesArgument,
    gradebook: Annotated[
        Path, typer.Argument(metavar="GRADEBOOK", help="nbgrader's gradebook.db.", dir_okay=False)
    ],
    part: Annotated[
        list[int] | None,
        typer.Option("--part", metavar="PART", help="Only this part; may be repeated."),
    ] = None,
) -> None:
    """Write the points of each check into nbgrader's gradebook, and pages into its feedback folder.

    Points are written as earned: no policy on lateness or weights applies. The gradebook is first
    copied to backups/ next to it.
    """
    with _exporting():
        from grading.exports import nbgrader as nbgrader_export
        from grading.exports.command import kept_with_ids

        course = manifest.load()
        records, by_hand = kept_with_ids(course, grades)
        for line in nbgrader_export.write(course, records, gradebook, part or (), by_hand):
            typer.echo(line)


def _refuse_faulty_checks(course: Course) -> None:
    """Test the checks here, because the archive holds no reference to test them on."""
    from grading.batch.reference import faults_in_files, faults_on_reference

    faults = faults_in_files(course)
    if not faults and course.solutions.is_dir():
        faults = faults_on_reference(course, None, seed=0)
    if faults:
        fail("\n  ".join(["the checks are faulty, so nothing was written:", *faults]))


@contextmanager
def _exporting() -> Iterator[None]:
    """Like `plain_errors`, but what cannot be exported is a failure, not wrong usage."""
    with plain_errors():
        try:
            yield
        except UsageError as error:
            fail(str(error))
