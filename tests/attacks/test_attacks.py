"""No submission can cheat, crash or stall `course grade`.

Each file in a folder beside this one is an attack. It is handed in as part1/neighbours.py, after
the text of honest.py, by one student of a class of attackers. It states what comes of it:

- `STATES`: the tasks that end in another state than with honest.py alone, and how they end, or how
  all tasks end;
- `SCORE`: the points;
- `SAYS`: words in what is reported for one of the `STATES`;
- `REASON`: words in the reason for which the record is incomplete: evidence that breaks a check
  may be forged or the check's fault, so a person has to look at it;
- `AFTER`: files beside this one that are handed in before the attack's own text;
- `PRIVATE`: only a private file system of the worker stops it.
"""

import ast
import csv
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox.sandboxed import _reachable, interpreter
from tests.attacks.conftest import (
    HONEST,
    HONEST_SCORE,
    MODULE,
    RIGHT,
    RIGHT_SCORE,
    ROOT,
    Grader,
    a_grader,
    expect_record,
)

HERE = Path(__file__).parent
STATED = {"AFTER", "PRIVATE", "STATES", "SCORE", "SAYS", "REASON"}
N_CLASSES = 12  # of attackers; each is graded by one zygote, on any of the processes of the tests
EVERY = 6  # of the classes is not slow
SECONDS = 20.0  # for one attack, also beside another process
BUILD = ROOT / "build"  # of the site
SHARED = (Path(tempfile.gettempdir()), Path("/dev/shm"), Path("/var/tmp"), Path.home())
SECONDS_TO_DIE = 5.0  # of a process that was killed: its memory is given back first

State = tuple[int, ...]

# Those of which each tries to take the grader, the machine or the other submissions with it.
WORST = (
    "abort",
    "close_every_file",
    "deep_folders",
    "exit_at_import",
    "fork_bomb",
    "fork_that_stays",
    "kill_everybody",
    "kill_the_parent",
    "many_files",
    "memory_by_list",
    "messages_without_end",
    "print_without_end",
    "recursion",
    "stop_oneself",
    "ten_thousand_threads",
)


SETPRIV = ("setpriv", "--clear-groups")
needs_setpriv = pytest.mark.skipif(
    not shutil.which("setpriv") or os.geteuid() != 0, reason="needs root and setpriv"
)
FILLING = ("many_large_files", "many_files", "folders_without_end", "drip_and_fill_the_disk")

NOBODY = 65534
AS_NOBODY = WORST[::2]

# The command `course`; each process that it spawns imports this file again.
IMPATIENT = """\
from grading.checks import student

student.TIME_LIMIT, student.SHORT_TIME_LIMIT = 0.5, 0.2

if __name__ == "__main__":
    from grading.cli import app

    app()
"""


@dataclass(frozen=True)
class Attack:
    """One attack, and what it states about itself."""

    name: str
    text: str
    stated: dict[str, Any]

    @property
    def submission(self) -> str:
        before = [
            (HERE / name).read_text(encoding="utf-8") for name in self.stated.get("AFTER", [])
        ]
        return "\n\n".join([HONEST, *before, self.text])


def read(path: Path) -> Attack:
    """Read an attack without running it."""
    text = path.read_text(encoding="utf-8")
    stated = {}
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in STATED:
                stated[name] = ast.literal_eval(value)
    return Attack(f"{path.parent.name}/{path.stem}", text, stated)


def attacks() -> list[Attack]:
    return [read(path) for path in sorted(HERE.glob("*/*.py"))]


def test_an_attack_states_what_comes_of_it() -> None:
    for attack in attacks():
        assert {"STATES", "SCORE"} <= attack.stated.keys(), attack.name
        assert attack.stated["SCORE"] <= HONEST_SCORE, attack.name


def test_honest_work_gets_its_points(grader: Grader) -> None:
    expect_record(grader.grade_text(HONEST), score=HONEST_SCORE, states={})


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[pytest.mark.slow] if number % EVERY else [])
        for number in range(N_CLASSES)
    ],
)
def test_attacks_gain_nothing_and_leave_nothing(number: int, grader: Grader) -> None:
    attackers = [attack for attack in attacks() if "PRIVATE" not in attack.stated]
    expect_no_gain(attackers[number::N_CLASSES], grader)


def test_in_private_file_systems_further_attacks_gain_nothing(grader: Grader) -> None:
    if not grader.zygote.private:
        pytest.skip("needs mount namespaces")
    attackers = [attack for attack in attacks() if "PRIVATE" in attack.stated]
    assert attackers
    expect_no_gain(attackers, grader)


def test_without_private_file_systems_workers_that_fill_the_disk_are_killed(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grader.zygote, "private", False)
    attackers = [read(HERE / "process" / f"{name}.py") for name in FILLING]
    expect_no_gain(attackers, grader)
    record = grader.grade_text(attackers[0].submission)
    assert any("it filled the disk" in task.message for task in record.tasks)


def expect_no_gain(attackers: list[Attack], grader: Grader) -> None:
    """Each one comes out as it states, and the class leaves nothing behind."""
    before = surroundings(grader)
    wrong = [f"{attack.name}: {what}" for attack in attackers for what in gained(attack, grader)]
    left = traces(before, grader)
    if left:  # by whom is found out one by one
        wrong += [line for attack in attackers for line in traces_of(attack)] or left
    assert not wrong, "\n".join(wrong)


def gained(attack: Attack, grader: Grader) -> Iterator[str]:
    """What is not as the attack states it."""
    started, stated = time.monotonic(), attack.stated
    record = grader.grade_text(attack.submission)
    seconds = time.monotonic() - started
    try:
        words = stated.get("SAYS"), stated.get("REASON")
        expect_record(record, stated["SCORE"], stated["STATES"], *words)
    except AssertionError as error:
        yield str(error)
    if seconds > SECONDS:
        yield f"it took {seconds:.0f} s"


def traces_of(attack: Attack) -> list[str]:
    """What an attack leaves behind in a zygote of its own."""
    with a_grader() as grader:
        before = surroundings(grader)
        grader.grade_text(attack.submission)
        return [f"{attack.name}: {trace}" for trace in traces(before, grader)]


def test_what_is_left_behind_is_noticed(grader: Grader) -> None:
    before = surroundings(grader)
    assert traces(before, grader) == []
    file = grader.fellow / "part1" / "notes.txt"
    file.touch()
    try:
        assert traces(before, grader) == [f"{file} is new, changed or gone"]
    finally:
        file.unlink()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user can reach, which `tmp_path` is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "user"), [(WORST, None), pytest.param(AS_NOBODY, NOBODY, marks=needs_setpriv)]
)
def test_a_class_with_attackers_is_graded_to_the_end(
    folder: Path, names: tuple[str, ...], user: int | None
) -> None:
    """The command, with its own processes: every student gets their own points."""
    texts = {f"honest{number}": RIGHT for number in range(3)}
    texts |= {name: read(HERE / "process" / f"{name}.py").submission for name in names}
    for student, text in texts.items():
        write(folder / "submissions" / student / MODULE, text)
    course_of_part_1(folder / "course")
    run = graded(folder, user)
    assert run.returncode == 0, run.stdout + run.stderr
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: int(row["score"]) for row in csv.DictReader(file)}
    assert scores.keys() == texts.keys()
    assert {scores[f"honest{number}"] for number in range(3)} == {RIGHT_SCORE}
    assert max(scores[name] for name in names) <= HONEST_SCORE


def course_of_part_1(root: Path) -> None:
    """The course without its other parts, which nobody hands in here."""
    for path in ("exercises/part1", "solutions/part1"):
        shutil.copytree(ROOT / path, root / path)
    for path in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / path, root / path)
    manifest = (ROOT / "exercises" / "course.toml").read_text(encoding="utf-8")
    head, part1, *_ = manifest.split("[[part]]")
    write(root / "exercises" / "course.toml", f"{head}[[part]]{part1}")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def graded(folder: Path, user: int | None) -> subprocess.CompletedProcess[str]:
    write(folder / "impatient.py", IMPATIENT)
    command = [sys.executable, str(folder / "impatient.py"), "grade", str(folder / "submissions")]
    command += ["--out", str(folder / "out"), "--jobs", "2"]
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user)
        command = [*SETPRIV, f"--reuid={user}", f"--regid={user}", *command]
        command = [*_reachable(user, [*interpreter(), ROOT]), *command]
    own = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        cwd=folder / "course",
        env=os.environ | own | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )


# What is expected of the grader and its surroundings


def traces(before: dict[str, State], grader: Grader) -> list[str]:
    """What is not as it was: processes, files and folders, how the next submission is graded."""
    found = processes_left(grader)
    if grader.zygote.process.poll() is not None:
        found.append("the zygote is gone")
    after = surroundings(grader)
    changed = [path for path in before | after if before.get(path) != after.get(path)]
    found += [f"{path} is new, changed or gone" for path in changed]
    record = grader.grade_text(RIGHT)
    if (record.status, record.score) != ("complete", RIGHT_SCORE):
        found.append(f"the next submission is {record.status}, with {record.score} points")
    return found


def processes_left(grader: Grader) -> list[str]:
    """Children of the zygote, and what else runs under the user of student code."""
    deadline = time.monotonic() + SECONDS_TO_DIE
    while (left := processes_of(grader)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def processes_of(grader: Grader) -> list[str]:
    """The processes that come from the zygote, or have a user of its workers alone."""
    zygote = grader.zygote.process.pid
    parents, owners = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":\t", 1) for line in (folder / "status").read_text().splitlines()
            )
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        parents[int(folder.name)] = int(status["PPid"])
        owners[int(folder.name)] = int(status["Uid"].split()[0])
    return [
        f"process {number} of user {owners[number]}"
        for number in parents
        if number != zygote
        and (descends(number, zygote, parents) or owners[number] == grader.zygote.user_id)
    ]


def descends(number: int, ancestor: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == ancestor:
            return True
    return False


def surroundings(grader: Grader) -> dict[str, State]:
    """All that student code might have written: in the course, beside its own submission, and in
    the folders that it shares with others, where only its own files count."""
    found = {}
    for path in (*everything_in(ROOT), *everything_in(grader.zygote.folder)):
        if not is_cache(path) or is_an_attackers(path, grader):
            found[path] = state_of(path)
    for folder in filter(os.path.isdir, SHARED):
        for name in os.listdir(folder):
            if is_an_attackers(path := os.path.join(folder, name), grader):
                found[path] = state_of(path)
    return found


def everything_in(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in (".git", ".venv")]
        yield from (os.path.join(parent, name) for name in (*folders, *files))


def is_cache(path: str) -> bool:
    """Whether the interpreter and the tools write it, as they may at any time."""
    return "__pycache__" in path or "_cache" in path or Path(path).is_relative_to(BUILD)


def is_an_attackers(path: str, grader: Grader) -> bool:
    """Whether student code made it: by its owner, or by its name where the grader is the owner."""
    try:
        owner = os.lstat(path).st_uid
    except OSError:
        return False
    return owner == grader.zygote.user_id or (
        owner == os.geteuid() and "attack" in os.path.basename(path)
    )


def state_of(path: str) -> State:
    """Mode and owner, of a file also size and time; empty if it is gone."""
    try:
        status = os.lstat(path)
    except OSError:
        return ()
    of_all = status.st_mode, status.st_uid
    return of_all if stat.S_ISDIR(status.st_mode) else (*of_all, status.st_size, status.st_mtime_ns)
