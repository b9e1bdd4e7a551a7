"""Hostile notebooks under nbgrader's own autograde: what they reach, leave behind and cost others.

One run over a class grades them all, as each kernel costs seconds.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

if sys.platform != "linux" or shutil.which("bwrap") is None:
    pytest.skip("needs bubblewrap", allow_module_level=True)
pytest.importorskip("nbgrader")

from grading.nbgrader import kernel
from tests.nbgrader.toy import RIGHT, Toy

WHY_NOT = kernel.why_not()
if WHY_NOT is not None:
    pytest.skip(f"bubblewrap makes no sandbox here: {WHY_NOT}", allow_module_level=True)

SECRET = "a-secret-of-the-instructor"
SECONDS = "6"  # for a cell

ATTEMPTS = """
import ctypes, glob, os, pathlib, socket, sqlite3

def read(*names):
    found = "".join(open(name, errors="replace").read() for name in names)
    assert found.strip()

def environment():
    everything = "".join(os.environ.values())
    for name in glob.glob("/proc/[0-9]*/environ"):
        try:
            everything += open(name).read()
        except OSError:
            pass
    assert SECRET in everything

def write(name):
    with open(name, "ab") as file:
        file.write(b"x")

def change(name):
    with open(name, "r+b") as file:
        file.write(b"#")

def tcp():
    socket.create_connection(("127.0.0.1", PORT), timeout=2).close()

def abstract_socket():
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(SOCKET)

def resolve():
    socket.getaddrinfo("example.org", 443)

def mount(namespaces=0):
    libc = ctypes.CDLL(None, use_errno=True)
    child = os.fork()
    if child == 0:
        libc.unshare(namespaces)
        flags = 0x20 | 0x1000 | 0x4000000  # remount, bind, relatime; not read-only
        os._exit(libc.mount(None, b"/usr", None, flags, None) != 0)
    assert os.waitpid(child, 0)[1] == 0

def kill():
    os.kill(GRADER, 0)

def gradebook():
    database = sqlite3.connect(ROOT + "/gradebook.db", timeout=1)
    database.execute("UPDATE grade SET manual_score = 100").fetchall()
    database.commit()

attempts = {
    "source": lambda: read(ROOT + "/source/toy/toy.ipynb"),
    "gradebook": lambda: read(ROOT + "/gradebook.db"),
    "submission": lambda: read(ROOT + "/submitted/zoe/toy/toy.ipynb"),
    "graded": lambda: read(ROOT + "/autograded/anna/toy/toy.ipynb"),
    "reference": lambda: read(COURSE + "/solutions/part3/model.py"),
    "source notebooks": lambda: read(COURSE + "/grading/nbgrader/source/part3/part3.ipynb"),
    "tests": lambda: read(COURSE + "/tests/nbgrader/toy.py"),
    "history": lambda: read(COURSE + "/.git/HEAD"),
    "home": lambda: read(HOME + "/key"),
    "shadow": lambda: read("/etc/shadow"),
    "machine": lambda: read("/etc/hostname"),
    "environment": environment,
    "tcp": tcp,
    "abstract socket": abstract_socket,
    "resolve": resolve,
    "write course": lambda: write(COURSE + "/grading/notebook.py"),
    "new in course": lambda: write(COURSE + "/exercises/new.py"),
    "change settings": lambda: change(ROOT + "/nbgrader_config.py"),
    "write home": lambda: write(HOME + "/written"),
    "write packages": lambda: write(pathlib.Path(os.__file__).parent / "written.py"),
    "write root": lambda: write("/written"),
    "core pattern": lambda: write("/proc/sys/kernel/core_pattern"),
    "write gradebook": gradebook,
    "mount": mount,
    "mount in namespaces": lambda: mount(0x10000000 | 0x20000),
    "signal": kill,
}
for name, attempt in attempts.items():
    try:
        attempt()
        print("REACHED", name)
    except (OSError, AssertionError, sqlite3.Error) as error:
        print("refused", name, repr(error))
print("linked", open("linked.txt").read())
print("tried", len(attempts), "attempts")
"""

# Behind the kernel's back: a process that stays, files in every place that can be written to, and
# links for nbgrader to write through.
LEFT_BEHIND = """
import os, subprocess, tempfile
subprocess.Popen(["sleep", MARK], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", MARK])
    os._exit(0)
for folder in (tempfile.gettempdir(), os.getcwd(), "/dev/shm", os.path.expanduser("~"), ROOT):
    try:
        open(os.path.join(folder, MARK), "w").close()
    except OSError:
        pass
os.remove("toy.ipynb")
os.symlink(VICTIM, "toy.ipynb")
os.symlink(VICTIM, "innocent.txt")
print("left behind")
"""

GLUTTONY = [
    """
import os, time
children = []
try:
    for _ in range(1000):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        children.append(child)
except OSError:
    print('no more processes')
for child in children:
    os.kill(child, 9)
    os.waitpid(child, 0)
""",
    "try:\n    bytearray(30 << 30)\nexcept MemoryError:\n    print('no memory')",
    "import mmap\ntry:\n    mmap.mmap(-1, 30 << 30)\n"
    "except OSError:\n    print('no shared memory')",
    "print('x' * 100_000_000)",
    "for i in range(30_000):\n    print('line', i)",
    "from IPython.display import HTML\nHTML('y' * 20_000_000)",
    "raise ValueError('z' * 20_000_000)",
    """
try:
    with open('large', 'wb') as file:
        for _ in range(1000):
            file.write(bytes(1 << 20))
except OSError:
    print('no larger file')
os.remove('large')
try:
    for number in range(1000):
        with open(f'large-{number}', 'wb') as file:
            file.write(bytes(50 << 20))
except OSError:
    print('no more files')
""",
]


DEAF = """
import signal
def half(x):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        pass
"""


@dataclass(frozen=True)
class Run:
    toy: Toy
    words: subprocess.CompletedProcess[str]
    scores: dict[str, float]
    mark: str
    victim: Path
    home: Path
    seconds: float


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A class of six, graded by one `nbgrader autograde`."""
    home = tmp_path_factory.mktemp("home")
    (home / "key").write_text(SECRET)
    victim = home / "victim.txt"
    victim.write_text("untouched")
    environment = {**os.environ, "HOME": str(home), "COURSE_TOKEN": SECRET}
    toy = Toy(tmp_path_factory.mktemp("course") / "toy", environment)
    done = toy.nbgrader("generate_assignment", "toy")
    assert done.returncode == 0, done.stderr
    mark = f"86400.{os.getpid()}"
    names = {"ROOT": str(toy.root), "COURSE": str(kernel.COURSE), "HOME": str(home)}
    names |= {"SECRET": SECRET, "MARK": mark, "VICTIM": str(victim), "GRADER": os.getpid()}
    abstract = f"\0course-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(abstract)
        unix.listen()
        names |= {"PORT": tcp.getsockname()[1], "SOCKET": abstract}
        known = "\n".join(f"{name} = {value!r}" for name, value in names.items())
        toy.hand_in("anna", RIGHT, [known, LEFT_BEHIND])
        toy.hand_in("ben", RIGHT, [known, ATTEMPTS])
        (toy.submitted("ben") / "linked.txt").symlink_to(toy.root / "source" / "toy" / "toy.ipynb")
        toy.hand_in("cleo", RIGHT, GLUTTONY)
        endless = {"answer-half": DEAF}
        toy.hand_in("dan", RIGHT | endless, ["while True: pass"])
        quits = {"answer-half": "import os\ndef half(x):\n    os._exit(0)"}
        toy.hand_in("eve", RIGHT | quits)
        _tinker(toy, "finn")
        toy.hand_in("zoe", RIGHT)
        started = time.monotonic()
        words = toy.nbgrader("autograde", "toy", f"--Execute.timeout={SECONDS}")
        seconds = time.monotonic() - started
    yield Run(toy, words, toy.scores(), mark, victim, home, seconds)


def _tinker(toy: Toy, student: str) -> None:
    """A wrong `double` with a test that asks to be skipped; a right `half` whose test is gone; a
    copied cell, points of its own, a format of the future, and a kernel that does not exist."""
    wrong = {"answer-double": "def double(x):\n    return 5"}
    notebook = toy.hand_in(student, RIGHT | wrong)
    setup, double, test_double, story, half, _ = notebook.cells
    test_double.metadata["tags"] = ["skip-execution"]
    test_double.metadata.nbgrader["points"] = 100
    half.metadata.nbgrader["schema_version"] = 99
    copied = double.copy()
    copied["id"] = "copied"
    notebook.cells = [double, copied, test_double, half]
    notebook.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    toy.save(student, notebook)
    assert setup.metadata.nbgrader.locked and story.metadata.nbgrader.locked


def test_all_are_graded_whatever_the_others_do(run: Run) -> None:
    assert run.words.returncode == 0, run.words.stderr
    assert run.scores == {
        "anna": 5, "ben": 5, "cleo": 5, "dan": 2, "eve": 2, "finn": 3, "zoe": 5,
    }  # fmt: skip


def test_what_protects_the_run_is_said_once(run: Run) -> None:
    assert run.words.stderr.count("each notebook runs in a sandbox (bubblewrap)") == 1


def test_nothing_outside_is_reached(run: Run) -> None:
    printed = run.toy.printed("ben")
    assert "REACHED" not in printed
    assert printed.count("refused ") == 26
    assert "tried 26 attempts" in printed


def test_a_link_in_a_submission_is_not_followed(run: Run) -> None:
    assert "linked Here was a link to" in run.toy.printed("ben")
    assert "linked.txt is a link to" in run.words.stderr


def test_nothing_is_left_behind(run: Run) -> None:
    assert "left behind" in run.toy.printed("anna")
    assert not _processes_with(run.mark)
    found = [path for path in Path("/dev/shm").iterdir() if path.name == run.mark]
    for folder in (run.home, run.toy.root, Path(os.environ.get("TMPDIR", "/tmp"))):
        found += [path for path in folder.glob("*") if path.name in (run.mark, "written")]
    assert not found
    assert sorted(path.name for path in run.toy.graded("anna").parent.iterdir()) == ["toy.ipynb"]


def _processes_with(word: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in words:
            found.append(str(path))
    return found


def test_nbgrader_does_not_write_through_a_link(run: Run) -> None:
    assert run.victim.read_text() == "untouched"
    assert not run.toy.graded("anna").is_symlink()


def test_memory_processes_and_files_have_limits(run: Run) -> None:
    printed = run.toy.printed("cleo")
    for words in ("memory", "shared memory", "more processes", "larger file", "more files"):
        assert f"no {words}\n" in printed


def test_output_is_cut(run: Run) -> None:
    assert run.toy.graded("cleo").stat().st_size < 200_000
    assert "the rest of the output is left out" in run.toy.printed("cleo")


def test_a_loop_costs_its_cell_and_one_that_cannot_be_stopped_costs_the_rest(run: Run) -> None:
    printed = run.toy.printed("dan")
    assert "This cell took longer than it may and was stopped" in printed
    assert "This cell could not be stopped when its time was over" in printed
    assert run.seconds < 120


def test_an_exit_is_told_in_the_cell_where_it_happens(run: Run) -> None:
    assert "The kernel ended while this cell ran" in run.toy.printed("eve")


def test_a_changed_notebook_gets_its_cells_back(run: Run) -> None:
    stderr = run.words.stderr
    for words in (
        "Cell answer-double is there more than once",
        "Cell test-double said points: 100",
        "Cell setup is missing; it is put back",
        "Cell test-half is missing; it is put back",
    ):
        assert words in stderr
