"""The audit as a table in the terminal."""

import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from authoring.audit import Audit, audit, passes
from grading.manifest import Course

SLOW = 1.0  # seconds for one check


PAGE_HEAD = """# How good are the checks?

A check that has never failed proves nothing, and one that rejects right work does harm. So the
checks themselves are checked. `course audit` runs three kinds of submissions against them:

- **wrong** ones, `tests/wrong/`: believable mistakes. Each states which tasks must fail and which
  words the message must hold; no other task may fail.
- **right** ones, `tests/right/`: correct code in other styles. Each must earn every point.
- **mutants**: the solutions with one small fault each. Some check must fail, unless the mutant is
  listed below as doing the same as the solution.

A check that is never the only one to catch a wrong submission earns its points for nothing;
`course audit` lists such checks.

Inputs are drawn at random, and luck must not decide over a point: with `course audit --seeds 20`,
each check must come out the same on a wrong or right submission whatever is drawn.

This page is written by `course audit --page docs/checks.md`.

"""


def run_audit(
    course: Course, parts: list[int], with_mutants: bool, n_seeds: int, page: Path | None = None
) -> bool:
    """Run the audit under a progress bar and print what came out; True if all is well.

    `page` is where to write what came out as Markdown.
    """
    console = Console()
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    found: list[Audit] = []
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        bar = progress.add_task("submissions and mutants", total=None)
        for done, total, found in audit(course, parts, with_mutants, n_seeds):  # noqa: B007 kept after the loop
            progress.update(bar, completed=done, total=total)
    for one in found:
        print_details(console, course, one)
    console.print(summary_table(found, with_mutants))
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE_HEAD + "\n".join(page_lines(found)) + "\n", encoding="utf-8")
        console.print(f"wrote {page}")
    good = passes(found)
    console.print(
        f"{'all is well' if good else 'not good enough'}, in {time.monotonic() - started:.0f} s"
    )
    return good


def print_details(console: Console, course: Course, one: Audit) -> None:
    """What needs a look: complaints, slow checks, survivors, checks without a use of their own."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    for verdict in one.verdicts:
        if verdict.submission.kind == "mutant":
            continue
        name = verdict.submission.path.relative_to(course.root).as_posix()
        for complaint in verdict.complaints:
            say(f"{name}: {complaint}")
        if verdict.slowest > SLOW:
            say(f"{name}: a check took {verdict.slowest:.2f} s")
    for mutant in one.survivors:
        say(f"survives {mutant.task}: {mutant.before}\n    as        {mutant.after}")
    for check in one.unneeded:
        say(f"never the only one to catch a wrong submission: {check}")


def page_lines(audits: list[Audit]) -> Iterator[str]:
    """The page's table, and the mutants that are left with why."""
    yield "| part | checks | wrong caught | right passed | mutants killed | equivalent |"
    yield "|---|---|---|---|---|---|"
    for one in audits:
        yield f"| {one.part} | {len(one.checks)} | {' | '.join(_counts([one], True))} |"
    n_checks = sum(len(one.checks) for one in audits)
    yield f"| all | {n_checks} | {' | '.join(_counts(audits, True))} |"
    survivors = [mutant for one in audits for mutant in one.survivors]
    if survivors:
        yield "\n## Mutants that no check notices\n"
    for mutant in survivors:
        yield f"- {mutant.task}: `{mutant.before}` as `{mutant.after}`"
    yield "\n## Mutants that do the same as the solution\n"
    for one in audits:
        for (task, before, after), why in one.equivalent.items():
            if task.startswith(f"{one.part}."):
                yield f"- {task}: `{before}` as `{after}`: {why}"


def summary_table(audits: list[Audit], with_mutants: bool) -> Table:
    """One row a part: caught, passed, killed."""
    table = Table(title="Are the checks any good?", title_justify="left")
    for heading in ("part", "wrong caught", "right passed", "mutants killed", "equivalent"):
        table.add_column(heading, justify="right")
    for one in audits:
        table.add_row(str(one.part), *_counts([one], with_mutants))
    table.add_section()
    table.add_row("all", *_counts(audits, with_mutants))
    return table


def _counts(audits: list[Audit], with_mutants: bool) -> tuple[str, ...]:
    cells = [
        f"{sum(one.good(kind) for one in audits)} of {sum(len(one.of(kind)) for one in audits)}"
        for kind in ("wrong", "right")
    ]
    if not with_mutants:
        return (*cells, "", "")
    n_mutants = sum(one.n_mutants for one in audits)
    killed = n_mutants - sum(len(one.survivors) for one in audits)
    share = f" ({killed / n_mutants:.1%})" if n_mutants else ""
    equivalent = str(sum(one.n_equivalent for one in audits))
    return (*cells, f"{killed} of {n_mutants}{share}", equivalent)
