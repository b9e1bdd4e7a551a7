"""Gradescope: the autograder's archive, what it runs, and the results it returns.

The autograder's container runs this module as `python -m grading.exports.gradescope`.
"""

import json
import os
import sys
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from grading import manifest
from grading.backup import write_whole
from grading.batch.records import HiddenRecord, Record, TaskRecord, bonus
from grading.batch.times import GRADESCOPE, iso, moment
from grading.errors import UsageError
from grading.files import data_files, exercise_files, files_under
from grading.manifest import Course

BASE = Path("/autograder")  # of Gradescope
HIDDEN_CHECKS = Path("tests") / "hidden"
TOP_FILES = ("pyproject.toml", "constraints.txt", "conftest.py", "README.md", "LICENSE")
UNKNOWN = "submission"  # the student's id if Gradescope does not say who submitted
WHEN = (2000, 1, 1, 0, 0, 0)  # of every file in the archive, so that it is reproducible

UNFINISHED = "Grading started but did not finish. Ask your instructor."
BROKE = "The autograder failed, which is not your fault. Ask your instructor to grade this again."

Grade = Callable[[Course, Path, str], Record]

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image.
set -euo pipefail

SOURCE=/autograder/source
VENV=/autograder/venv

# The index with the CPU build of PyTorch, which needs a tenth of the space of the default build.
# Set it to "" to take PyTorch from PyPI.
TORCH_INDEX="${TORCH_INDEX-https://download.pytorch.org/whl/cpu}"

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends libseccomp2
PYTHON=python3
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y --no-install-recommends python3-venv
else
    apt-get install -y --no-install-recommends python3.11 python3.11-venv
    PYTHON=python3.11
fi

"$PYTHON" -m venv "$VENV"
cd "$SOURCE/course"
touch constraints.txt  # not every course has them
if grep -q '^ *"torch\\b' pyproject.toml; then
    "$VENV/bin/pip" install --no-cache-dir -c constraints.txt \\
        ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} torch
fi
"$VENV/bin/pip" install --no-cache-dir -c constraints.txt -e '.[grading]'
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for every submission. It reads submission/ and writes results/results.json.
set -euo pipefail

BASE="${1:-/autograder}"
export OMP_NUM_THREADS=1 PYTHONUTF8=1
cd "$BASE/source/course"
exec "$BASE/venv/bin/python" -m grading.exports.gradescope "$BASE"
"""


# Results


def results(record: Record) -> dict[str, Any]:
    """A record as Gradescope's results.json: one test per task and per hidden check.

    The bonus is shown beside the score and not in it. Students see the hidden checks, and with them
    their total, once grades are published.
    """
    tests = [
        _test(one, one.id, one.title, one.state == "passed", one.message, "visible")
        for one in record.tasks
    ]
    tests += [
        _test(one, one.task, one.name, one.score == one.max_score, one.sentence, "after_published")
        for one in record.hidden
    ]
    of_bonus, max_bonus = bonus(record)
    extra = {
        "status": record.status,
        "seed": record.seed,
        "submission_sha256": record.submission_sha256,
        "checks_sha256": record.checks_sha256,
        "sandbox": record.sandbox,
        "submitted": record.submitted,
        "max_score": record.max_score,
        "bonus": of_bonus,
        "max_bonus": max_bonus,
    }
    return _document(record.score, "\n".join(_remarks(record))) | {
        "execution_time": record.seconds,
        "tests": tests,
        "extra_data": extra,
    }


def _test(
    of: TaskRecord | HiddenRecord, number: str, name: str, passed: bool, output: str, visible: str
) -> dict[str, Any]:
    return {
        "number": number,
        "name": f"{name} (bonus)" if of.bonus else name,
        "score": of.score,
        "max_score": of.max_score,
        "status": "passed" if passed else "failed",
        "output": output,
        "output_format": "text",
        "visibility": visible,
    }


def _remarks(record: Record) -> Iterator[str]:
    if record.status == "incomplete":
        yield "Grading is incomplete, which is not your fault. Ask your instructor."
    elif record.status == "ungradable":
        yield f"There was nothing that could be graded.\n{record.reason}"
    of_bonus, max_bonus = bonus(record)
    if max_bonus:
        yield f"Bonus, beside the score: {of_bonus} of {max_bonus} points."
    yield from record.warnings


def _document(score: float, output: str) -> dict[str, Any]:
    return {
        "score": score,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # the grader's tracebacks are for the instructor
    }


# The run inside Gradescope's container


def run(base: Path = BASE, grade: Grade | None = None) -> None:
    """Grade `base/submission` and write `base/results/results.json`.

    On any error, students get one sentence; the traceback is printed where only the instructor
    sees it.

    Args:
        grade: the function that grades one folder (default: `run.grade_one_folder`).
    """
    path = base / "results" / "results.json"
    write_whole(path, _text(_document(0, UNFINISHED)))
    try:
        from grading.batch.run import grade_one_folder

        document = _graded(base, grade or grade_one_folder)
    except (Exception, SystemExit):
        traceback.print_exc(file=sys.stdout)
        document = _document(0, BROKE)
    write_whole(path, _text(document))


def _graded(base: Path, grade: Grade) -> dict[str, Any]:
    course = manifest.load(base / "source" / "course")
    student, created = _who_and_when(base / "submission_metadata.json")
    record = grade(course, base / "submission", student)
    if record.status == "incomplete":
        print(record.reason)  # for the instructor only: it may be about a hidden check
    return results(replace(record, submitted=created, submitted_by=GRADESCOPE))


def _who_and_when(metadata: Path) -> tuple[str, str | None]:
    """The e-mail addresses of the group, or `UNKNOWN`; and when they submitted, or None."""
    student, created = UNKNOWN, None
    try:
        said = json.loads(metadata.read_text(encoding="utf-8"))
        users = sorted(str(user.get("email") or user["id"]) for user in said["users"])
        student = "+".join(users) or UNKNOWN
        created = iso(moment(said["created_at"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{metadata} does not say who submitted when: {error!r}")
    return student, created


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1) + "\n"


# The archive


def write_zip(course: Course, target: Path) -> None:
    """Write the archive that an instructor uploads to Gradescope as the autograder.

    It contains no solutions, none of the course's own tests, and no data.

    Raises:
        UsageError: the archive's name does not end in .zip, or a stub is missing.
    """
    if target.suffix != ".zip":
        raise UsageError(f"Gradescope takes a .zip; call it {target.with_suffix('.zip').name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "setup.sh", SETUP.encode(), 0o755)
            _add(archive, "run_autograder", RUN.encode(), 0o755)
            for path, source in sorted(_course_files(course).items()):
                _add(archive, f"course/{path.as_posix()}", source.read_bytes(), 0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _course_files(course: Course) -> dict[Path, Path]:
    """Path in the archive's course folder → file to copy."""
    files = exercise_files(course) | data_files(course)
    notebooks = course.engine / "grading" / "nbgrader"  # they hold the solutions
    whole = files_under(course.engine / "grading")
    engine = (path for path in whole if not path.is_relative_to(notebooks))
    top = (course.root / name for name in TOP_FILES if (course.root / name).is_file())
    own = [*files_under(course.root / HIDDEN_CHECKS), *top]
    files |= {path.relative_to(course.engine): path for path in engine}
    return files | {path.relative_to(course.root): path for path in own}


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, WHEN)
    entry.create_system = 3  # Unix, on every system: otherwise the modes are ignored
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("usage: python -m grading.exports.gradescope [BASE]")
    run(Path(sys.argv[1]) if len(sys.argv) == 2 else BASE)
