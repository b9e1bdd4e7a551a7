"""Are the checks sound? A class is graded only with checks that the reference passes.

A mistake in a check, a hidden check or a probe would cost everybody points. So the files are
read first, and then every check runs once on the reference solutions, in the same sandbox.
"""

import ast
import builtins
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

from grading.batch.grade import hidden_checks, outcomes_by_part
from grading.batch.submissions import Submission
from grading.checks.points import checks_in
from grading.feedback.plugin import cause
from grading.feedback.results import Outcome
from grading.feedback.run import ChecksError, run_checks
from grading.manifest import Course, Part
from grading.sandbox.sandboxed import Zygote


def faults_in_files(course: Course) -> list[str]:
    """Static faults in the files of the checks: place, fault and fix."""
    found = list(_misplaced(course))
    for part in course.parts:
        for path in check_files(course, part):
            found += _faults_in(course, part, path)
    return found


def faults_on_reference(
    course: Course, make_zygote: Callable[[], Zygote] | None, seed: int
) -> list[str]:
    """What keeps the reference from full points: place, fault and fix.

    Without `solutions/`, the checks run on an empty submission: they are only imported.

    Args:
        make_zygote: None to run in this process, without a sandbox.
    """
    try:
        for part in course.parts:
            if (probes := course.exercises / part.folder / "probes.py").is_file():
                runpy.run_path(str(probes))  # the zygote could not say why it failed
        outcomes = _outcomes(course, make_zygote, seed)
    except ChecksError as error:
        return [str(error)]
    except Exception as error:
        if (told := cause(error, course.root)).startswith("exercises/"):
            return [told]
        raise
    allowed = {"passed"} if course.solutions.is_dir() else {"passed", "missing"}
    return [_told(outcome) for outcome in outcomes if outcome.state not in allowed]


def _outcomes(course: Course, make_zygote: Callable[[], Zygote] | None, seed: int) -> list[Outcome]:
    found: list[Outcome] = []
    if make_zygote is None:
        for part in course.parts:
            hidden = hidden_checks(course, part)
            found += run_checks(course, part, course.solutions, seed, hidden=hidden)
        return found
    files = {
        part.path: (course.solutions / part.path).read_bytes()
        for part in course.parts
        if (course.solutions / part.path).is_file()
    }
    reference = Submission("the reference", files, (), None, None)
    for of_part in outcomes_by_part(course, reference, make_zygote(), seed):
        found += of_part
    return found


def check_files(course: Course, part: Part) -> list[Path]:
    """The files that determine the points of a part, hidden checks included."""
    folder = course.exercises / part.folder
    return [*(folder / name for name in part.check_files), *hidden_checks(course, part)]


def _told(outcome: Outcome) -> str:
    if outcome.state == "broken":
        return f"{outcome.at}: {outcome.problem}"
    return (
        f"{outcome.at}: {outcome.check} of task {outcome.task} fails on the reference, "
        f"{outcome.state}: {outcome.problem or outcome.needs}; mend the check or solutions/"
    )


def _misplaced(course: Course) -> Iterator[str]:
    folder = course.root / "tests" / "hidden"
    taken = {path for part in course.parts for path in hidden_checks(course, part)}
    for path in sorted(folder.rglob("test_*.py")):
        if path not in taken:
            yield (
                f"{path.relative_to(course.root)}: no part has this file of hidden checks; "
                f"move it to tests/hidden/{course.parts[0].folder}/ or the folder of another part"
            )


def _faults_in(course: Course, part: Part, path: Path) -> Iterator[str]:
    name = path.relative_to(course.root)
    if not path.is_file():
        if path.name == part.check_files[0]:
            yield f"{name}: there is no such file, so part {part.number} has no checks"
        return
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        source = f": {error.text.strip()}" if error.text else ""
        yield f"{name}, line {error.lineno}: {type(error).__name__}: {error.msg}{source}"
        return
    known = _names_in(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            yield f"{name}, line {node.lineno}: name '{node.id}' is not defined"
    if path.name in part.check_files[1:]:
        return
    marked = {check.name: check for check in checks_in(path)}
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        place = f"{name}, line {function.lineno}: {function.name}"
        check = marked.get(function.name)
        if check is None:
            yield f'{place} is worth no points; put @task("{part.tasks[0].id}", points=1) above it'
        elif check.task not in {task.id for task in part.tasks}:
            tasks = ", ".join(task.id for task in part.tasks)
            yield f"{place}: part {part.number} has no task {check.task}; its tasks are {tasks}"


def _names_in(tree: ast.Module) -> set[str]:
    """Every name bound anywhere in the file, and Python's builtins."""
    names = {*dir(builtins), "__file__"}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name) | ast.MatchAs(name=str(name)):
                names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.split(".")[0])
    return names
