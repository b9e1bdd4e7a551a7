"""`course watch`: run the checks of the current part whenever a file of it is saved.

Where the system can fork, this process imports pytest and the course's libraries once, and each run
is a child of it that starts with all of that. Elsewhere each run is a new, cold process.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grading.clocks import Stopwatch
from grading.feedback import progress
from grading.feedback.reset import ResetError, reset_task
from grading.forks import CAN_FORK, preload, settle
from grading.manifest import PRISTINE, Course, Part, Task

TIME_LIMIT = 60.0  # seconds for one run; on Linux, time in which other processes had the processors
# does not count. A single check has a shorter limit of its own
# Ctrl-C, `kill`, and a terminal that is closed: each also stops the run under way.
ENDINGS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
KEYS = "n next part   h hint   l list   r reset   q quit"

Say = Callable[[str], None]


def watch(course: Course, part: Part, say: Say = print) -> None:
    """Check `part` now and at each save, until q or Ctrl-C."""
    import watchfiles

    if CAN_FORK:
        say("loading the libraries once; later runs start from here …")
        warm(course, part)
    else:
        say("this system cannot fork, so every run loads the libraries anew")
    for number in ENDINGS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as for nohup
            signal.signal(number, signal.default_int_handler)
    with _single_keys():
        started = False
        for changes in watchfiles.watch(
            course.exercises,
            watch_filter=watchfiles.PythonFilter(ignore_paths=[course.exercises / ".stubs"]),
            debounce=50,
            step=10,
            rust_timeout=100,
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            # The first run comes once the watch is on, so that no save is missed.
            if changes or not started:
                started = True
                part = _changed_part(course, part, {Path(path) for _, path in changes})
                _run_and_report(course, part, say)
            key = _pressed_key()
            if key == "q":
                return
            if key:
                part = _on_key(course, part, key, say)


def warm(course: Course, part: Part) -> None:
    """Load everything once, and run the part's checks on its stub: that loads pytest as well."""
    from grading.feedback.run import run_checks

    preload(course.libraries)
    run_checks(course, part, course.root / PRISTINE)
    settle()


def run_once(course: Course, part: Part) -> int:
    """Run the checks of `part` in a process of their own; returns its exit code, −1 if stopped."""
    from grading.feedback.run import QUIET

    arguments = [
        str(course.exercises / part.folder),
        f"--rootdir={course.root}",
        "--quiet",
        "--no-header",
        *QUIET,
        "-Wignore::pytest.PytestAssertRewriteWarning",  # the warm parent has imported the plugin
    ]
    if not CAN_FORK:
        command = [sys.executable, "-m", "pytest", *arguments]
        try:
            return subprocess.run(command, timeout=TIME_LIMIT, check=False).returncode
        except subprocess.TimeoutExpired:
            return -1
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _check_and_exit(arguments)
    return _wait(child)


def _check_and_exit(arguments: list[str]) -> None:
    """In the child: run pytest, and leave without the parent's clean-up."""
    status = 3
    try:
        os.setsid()  # so that processes that the student's code starts can be found and stopped
        for number in ENDINGS:
            signal.signal(number, signal.SIG_DFL)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # third-party plugins slow down each run
        import pytest

        status = int(pytest.main(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _wait(child: int) -> int:
    """Wait for the child's exit code; stop it, and all that it started, after the limit."""
    clock = Stopwatch(child)
    try:
        while clock.spent().own < TIME_LIMIT:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        return -1
    finally:
        # The child alone as well: it may not have become the leader of its group yet.
        for stop in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                stop(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _run_and_report(course: Course, part: Part, say: Say) -> None:
    started = time.monotonic()
    status = run_once(course, part)
    seconds = time.monotonic() - started
    if status == -1:
        asked = "is there a loop that never ends, or code that waits for something?"
        say(f"stopped after {TIME_LIMIT:g} s: {asked}")
    say(f"part {part.number}, {seconds:.2f} s   {KEYS}")


def _changed_part(course: Course, current: Part, paths: set[Path]) -> Part:
    """The part whose files were saved; the current one if it is among them."""
    folders = {path.parent.name for path in paths}
    if current.folder in folders:
        return current
    return next((part for part in course.parts if part.folder in folders), current)


def _on_key(course: Course, part: Part, key: str, say: Say) -> Part:
    """What a key asks for; returns the part to watch from here on."""
    kept = progress.load(course.root)
    task = progress.next_task(course, kept, [part]) or part.tasks[-1]
    match key:
        case "n":
            following = part.number % len(course.parts) + 1
            part = course.part(following)
            _run_and_report(course, part, say)
        case "h":
            for line in progress.read_hints(course.root, task):
                say(line)
        case "l":
            for line in progress.overview(course, kept):
                say(line)
        case "r":
            _reset(course, task, say)
            _run_and_report(course, part, say)
    return part


def _reset(course: Course, task: Task, say: Say) -> None:
    try:
        kept = reset_task(course, task)
    except ResetError as error:
        say(str(error))
        return
    say(f"{task.id} is a stub again; your version is kept: {kept}")


@contextlib.contextmanager
def _single_keys() -> Iterator[None]:
    """Read keys as they are pressed, without Enter, if there is a terminal."""
    if not (sys.stdin.isatty() and CAN_FORK):
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _pressed_key() -> str:
    """A key pressed since the last call, or ""."""
    if not sys.stdin.isatty():
        return ""
    if not CAN_FORK:
        import msvcrt

        return msvcrt.getwch() if msvcrt.kbhit() else ""  # type: ignore[attr-defined]
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return os.read(sys.stdin.fileno(), 1).decode(errors="ignore") if ready else ""
