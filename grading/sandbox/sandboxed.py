"""The trusted side: start the zygote, have workers forked, ask them for evidence."""

import contextlib
import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import grading
from grading.checks.evidence import MalformedEvidence, decode, encode
from grading.checks.limits import IMPORTS, over, why
from grading.checks.runner import Probe, loaded
from grading.checks.show import on_one_line
from grading.checks.student import Patience, StudentError
from grading.clocks import Spent, Stopwatch
from grading.manifest import Course
from grading.sandbox import canary
from grading.sandbox.confine import Offer, offered
from grading.sandbox.view import MOST_FILES, MOST_WRITTEN
from grading.sandbox.wire import Late, WireError, receive, send, until
from grading.sandbox.zygote import PRIVATE, READY
from grading.states import REPORTED

START_SECONDS = 120.0  # for the zygote, which loads libraries; far more than it takes
FORK_SECONDS = 60.0  # on a busy machine
GRACE = 0.5  # seconds beyond a probe's own limits, before its worker is killed
KILL_SECONDS = 5.0  # until a worker that was killed has ended
LOOK = 0.1  # seconds between two looks at how much a worker has written
NO_SPACE = ("No space left on device", "Disk quota exceeded")
NO_THREADS = ("can't start new thread", "Resource temporarily unavailable")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


class SandboxError(Exception):
    """Workers cannot be confined here; the message says what is missing."""


class TooBusy(SandboxError):
    """The machine had no time for a worker; the message says how little."""


class Shortage(Exception):
    """Student code failed for lack of a resource that others may have taken; try again alone."""


class Zygote:
    """The parent of all workers of this process.

    Args:
        unsafe: run student code without protection where the system offers none.

    Attributes:
        private: whether workers have a file system of their own, with limits that the kernel keeps.

    Raises:
        SandboxError: this system lacks what protects the grader, a worker could do what it must
            not, or the zygote does not start.
    """

    def __init__(self, course: Course, unsafe: bool = False) -> None:
        offer = offered()
        if not (offer.protects or unsafe):
            raise SandboxError("student code cannot be confined here: " + "; ".join(offer.missing))
        self.protected = offer.protects
        self.user_id = unprivileged_user_id() if offer.user_id else None
        self.readable = interpreter()
        self.folder = temporary_folder()
        for path in (course.root, self.folder):
            refuse_if_exposed(path)
        self.control, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "grading.sandbox.zygote"]
        command += [str(theirs.fileno()), str(course.root), str(self.folder)]
        command += map(str, self.readable)
        self.process = subprocess.Popen(
            [*_reachable(self.user_id, [*self.readable, course.root, _package()]), *command],
            pass_fds=[theirs.fileno()],
            env=ENVIRONMENT | {"PYTHONPATH": f"{course.root}:{_package()}"},
            stdin=subprocess.DEVNULL,
            cwd="/",
        )
        theirs.close()
        self.private = False
        self._expect_ready(START_SECONDS)
        self.words = in_words(offer, self.private)
        if self.protected:
            try:
                self._self_test(course)
            except BaseException:
                self.close()
                raise

    def _self_test(self, course: Course) -> None:
        """Have a worker try what it must not be able to do."""
        inputs = {"course": str(course.exercises / "course.toml"), "grader": os.getpid()}
        try:
            with contextlib.closing(Worker(self, Path(canary.__file__))) as worker:
                report, found = worker.ask(canary.escapes, encode(inputs), seed=0, seconds=10.0)
            problem = report["error"]
            escapes = decode(found) if problem is None else []
        except (WireError, Late, MalformedEvidence) as error:
            problem = repr(error)
        if problem is not None:
            raise SandboxError(f"the self-test of the sandbox failed: {problem}")
        if escapes:
            could = ", ".join(escapes)
            raise SandboxError(f"student code is not confined here; it could {could}")

    def fork(self, folder: Path, module: Path) -> tuple[socket.socket, int]:
        """A new worker that can read `module` and write `folder`: its connection and its pidfd."""
        ours, theirs = socket.socketpair()
        order = {
            "folder": str(folder),
            "module": str(module),
            "readable": [str(path) for path in self.readable],
            "user_id": self.user_id,
            "protected": self.protected,
            "private": self.private,
        }
        with theirs:
            socket.send_fds(self.control, [json.dumps(order).encode()], [theirs.fileno()])
        return ours, self._expect_ready(FORK_SECONDS)

    def _expect_ready(self, seconds: float) -> int:
        """Wait for the zygote's word; returns the descriptor that comes with it, else −1."""
        self.control.settimeout(seconds)
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, 64, 1)
        except OSError:
            message, descriptors = b"", []
        if message == PRIVATE:
            self.private = self.protected
        elif message != READY:
            self.close()
            raise SandboxError("the process that student code is forked from does not answer")
        return descriptors[0] if descriptors else -1

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()
        _remove(self.folder)


class Worker:
    """One worker: a process, its connection and its folder."""

    def __init__(self, zygote: Zygote, module: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="worker-", dir=zygote.folder))
        if zygote.user_id is not None:
            os.chown(self.folder, zygote.user_id, zygote.user_id)
        try:
            self.connection, self.handle = zygote.fork(self.folder, module)
        except BaseException:
            _remove(self.folder)
            raise
        self.number = 0
        self.loaded = False
        self.pid = _pid(self.handle)
        self.watch = Stopwatch(self.pid)
        self.guard = None if zygote.private else Guard(self.folder, self.handle)
        try:
            word = receive(self.connection, until(time.monotonic() + FORK_SECONDS))
        except (WireError, Late):
            word = b"no answer"
        if word != READY:
            self.close()
            raise SandboxError(f"a worker could not be confined: {word.decode()}")

    def load(self, seed: int, seconds: float) -> dict[str, Any]:
        """Have the module loaded; returns what happened, as `ask` does."""
        report, _ = self.ask(loaded, encode({}), seed, seconds, at_most=IMPORTS * seconds)
        self.loaded = report.get("error") is None
        return report

    def ask(
        self,
        probe: Probe,
        inputs: bytes,
        seed: int,
        seconds: float,
        at_most: float | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """What happened and the evidence, both as reported by the worker.

        Args:
            seconds: of computing, a limit that the worker enforces on itself.
            at_most: of computing, after which the worker is killed, if more than `seconds`.

        Raises:
            WireError, Late, MalformedEvidence: no answer, or not a valid one.
        """
        self.number += 1
        request = {
            "number": self.number,
            "module": probe.__module__,
            "probe": probe.__name__,
            "seed": seed,
            "seconds": seconds,
        }
        self.watch = Stopwatch(self.pid)

        def look() -> None:
            cause = over(self.watch.spent(), at_most or seconds, GRACE)
            if cause is not None:
                raise Late(cause)

        try:
            send(self.connection, encode(request), look)
            send(self.connection, inputs, look)
            report = decode(receive(self.connection, look))
            if not isinstance(report, dict) or report.get("number") != self.number:
                raise MalformedEvidence("an answer to another question")
            return report, receive(self.connection, look)
        except WireError:
            if self.guard is not None and self.guard.found is not None:
                raise WireError(self.guard.found) from None
            raise

    def close(self) -> None:
        """Kill the worker and remove what it wrote."""
        self.connection.close()
        if self.guard is not None:
            self.guard.close()
        if self.handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            select.select([self.handle], [], [], KILL_SECONDS)  # it may still be writing a file
            os.close(self.handle)
        _remove(self.folder)


class Guard:
    """Kills a worker that fills the disk; needed where the kernel cannot limit it.

    Attributes:
        found: why the worker was killed, once it was.
    """

    def __init__(self, folder: Path, handle: int) -> None:
        self.folder, self.handle = folder, handle
        self.found: str | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self.found is None and not self._over.wait(LOOK):
            self.found = _excess(self.folder)
        if self.found is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def _excess(folder: Path) -> str | None:
    """What is wrong with a folder that holds too much; None if it holds little enough."""
    n_bytes = 0
    try:
        for n_files, entry in enumerate(_entries(folder), start=1):
            with contextlib.suppress(OSError):
                n_bytes += entry.stat(follow_symlinks=False).st_size
            if n_files > MOST_FILES or n_bytes > MOST_WRITTEN:
                return "it filled the disk"
    except OSError as error:  # closed, or nested deeper than a path can express
        return f"its folder cannot be searched: {error.strerror}"
    return None


class Sandboxed:
    """A `Runner` in a sandbox: student code runs in a worker, this process only judges.

    A worker serves the probes of one module until it fails to answer; the next probe gets a new
    one. Use it as a context manager, so that no worker stays.

    Args:
        modules: for each path under which a check knows a module, the file that holds it.
        alone: whether nothing else is graded at the same time that might use up the machine's
            resources.

    Attributes:
        fault: why no worker could run, where that was not the student's fault.
    """

    def __init__(self, zygote: Zygote, modules: Mapping[Path, Path], alone: bool = True) -> None:
        self.zygote = zygote
        self.modules = modules
        self.alone = alone
        self.patience = Patience()
        self.fault: Exception | None = None
        self.worker: Worker | None = None
        self.at: Path | None = None

    def __enter__(self) -> "Sandboxed":
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def run(self, path: Path, probe: Probe, inputs: bytes, seed: int, seconds: float) -> bytes:
        if self.fault is not None:  # what follows does not count
            raise self.fault
        if path not in self.modules:
            raise StudentError("missing", f"there is no file {path.name}", file=str(path))
        if not probe.__module__.endswith(".probes"):
            raise TypeError(f"{probe.__name__} is not in probes.py: a worker cannot see it")
        try:
            worker = self._worker_for(path)
            if not worker.loaded:
                self._judge(worker, worker.load(seed, seconds), path, seconds)
            report, evidence = worker.ask(probe, inputs, seed, seconds)
            self._judge(worker, report, path, seconds)
            return evidence
        except Late as late:
            loading, spent = not worker.loaded, worker.watch.spent()
            self.patience.spent[path] += spent.own
            self._dismiss()
            if late.cause == "busy":
                self._blame_the_machine(spent)
            limit = (IMPORTS if loading else 1) * seconds
            text = f"{why(late.cause, spent, limit)}, and did not stop when told to"
            raise StudentError(
                "timeout", text, file=str(path), loading=loading, cause=late.cause
            ) from None
        except WireError as error:
            self._dismiss()
            text = f"the code ended or broke the process that it ran in: {error}"
            raise StudentError("crashed", text, file=str(path)) from None
        except StudentError:
            raise
        except BaseException:  # also when the check is stopped: half an answer may be on its way
            self._dismiss()
            raise

    def _judge(self, worker: Worker, report: dict[str, Any], path: Path, seconds: float) -> None:
        """Pass on what was printed; raise what went wrong."""
        spent = worker.watch.spent()
        self.patience.spent[path] += spent.own
        printed, error = report.get("printed"), report.get("error")
        if not isinstance(printed, str):
            raise MalformedEvidence("an answer without what was printed")
        sys.stdout.write(printed)
        if error is not None:
            raised = student_error(error, path.with_name(self.modules[path].name))
            if raised.reason == "timeout" and over(spent, seconds) == "busy":
                self._blame_the_machine(spent)
            if self._is_shortage(raised):
                self.fault = Shortage(f"the machine ran short: {raised.error}")
                raise self.fault
            raise raised

    def _blame_the_machine(self, spent: Spent) -> NoReturn:
        had = f"{spent.computing:.1f} s of a processor in {spent.wall:.0f} s"
        self.fault = TooBusy(f"the machine is too busy: student code had {had}")
        raise self.fault

    def _is_shortage(self, error: StudentError) -> bool:
        """Whether others may have taken what the code lacked."""
        if any(words in error.error for words in NO_SPACE):
            full = not self.alone or shutil.disk_usage(self.zygote.folder).free < MOST_WRITTEN
            return full and not self.zygote.private
        return not self.alone and any(words in error.error for words in NO_THREADS)

    def _worker_for(self, path: Path) -> Worker:
        if self.worker is None or self.at != path:
            self._dismiss()
            try:
                self.worker, self.at = Worker(self.zygote, self.modules[path]), path
            except (OSError, SandboxError) as fault:
                self.fault = fault
                raise
        return self.worker

    def _dismiss(self) -> None:
        if self.worker is not None:
            self.worker.close()
        self.worker = self.at = None


def student_error(error: Any, path: Path) -> StudentError:
    """A worker's error report as an exception; fields of the wrong type are dropped.

    Raises:
        MalformedEvidence: it is not what `grading.checks.runner.describe` returns.
    """
    match error:
        case {"reason": str(reason), "error": str(text)} if reason in REPORTED:
            pass
        case _:
            raise MalformedEvidence("a malformed error report")
    texts = dict.fromkeys(("todo", "cause", "cell", "function", "source"), str)
    kinds = {**texts, "line": int, "loading": bool}
    known = {name: error[name] for name, kind in kinds.items() if type(error.get(name)) is kind}
    for name in texts:
        if name in known:
            known[name] = on_one_line(known[name])
    similar = error.get("similar")
    if isinstance(similar, list):
        known["similar"] = [on_one_line(name) for name in similar[:3] if type(name) is str]
    return StudentError(reason, on_one_line(text), file=str(path), **known)


def _pid(handle: int) -> int:
    """The number of the process behind a pidfd."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
            if line.startswith("Pid:"):
                return int(line.split()[1])
    return -1


def in_words(offer: Offer, private: bool = False) -> str:
    """What protects the grader, for reports."""
    if not offer.protects:
        return "unsafe: student code could reach files, the network and other processes"
    user = "a user id of its own, " if offer.user_id else ""
    files = "a file system of its own, " if private else ""
    return f"confined by {user}{files}Landlock {offer.landlock}, seccomp, and limits"


def unprivileged_user_id() -> int:
    """A user id that no account and no other grader on this machine uses.

    Below 65536, because a container may have no more.
    """
    return 20_000 + os.getpid() % 40_000


def temporary_folder() -> Path:
    """A folder for workers and submissions; removes those of graders that were killed."""
    prefix = f"course-grade-{socket.gethostname()}-"  # the folder may be shared by machines
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*-*"):
        owner = old.name.removeprefix(prefix).split("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            _remove(old)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    folder.chmod(0o711)  # workers have users of their own, and need not list it
    return folder


def _runs(pid: int) -> bool:
    """Whether there is such a process; a zombie does not count."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def interpreter() -> list[Path]:
    """Where the interpreter and its packages are, and the system files that they need."""
    names = [sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/dev/urandom", "/dev/zero"]
    return [path for name in dict.fromkeys(names) if (path := Path(name)).exists()]


def refuse_if_exposed(path: Path) -> None:
    """Raise SandboxError if a folder lies where workers can read, as in /usr."""
    for open_to_all in interpreter():
        if path.resolve().is_relative_to(open_to_all.resolve()):
            raise SandboxError(
                f"student code could read {path}, as it lies in {open_to_all}: move it"
            )


def _package() -> Path:
    """The folder that holds the package `grading`."""
    assert grading.__file__ is not None
    return Path(grading.__file__).parents[1]


def _reachable(user_id: int | None, needed: list[Path]) -> list[str]:
    """The prefix of a command that lets an unprivileged user reach the folders `needed`.

    An interpreter in root's home cannot be read by anybody else. A private view of the file system
    puts an open folder in place of the closed one, with nothing in it but what is needed.
    """
    closed = sorted({folder for path in needed if (folder := _closed_folder(path)) is not None})
    if user_id is None or not closed:
        return []
    if any(folder in needed for folder in closed):
        raise SandboxError(f"others than root cannot read {closed[0]}: chmod o+rx {closed[0]}")
    script = ["set -e", "stage=$(mktemp -d)", "mount -t tmpfs -o mode=755,size=1m none $stage"]
    kept = [path for path in dict.fromkeys(needed) if any(c in path.parents for c in closed)]
    for number, path in enumerate(kept):
        script += [
            f"mkdir $stage/{number}",
            f"mount --bind {shlex.quote(str(path))} $stage/{number}",
        ]
    for folder in closed:
        script += [f"mount -t tmpfs -o mode=755,size=1m none {shlex.quote(str(folder))}"]
    for number, path in enumerate(kept):
        quoted = shlex.quote(str(path))
        script += [f"mkdir -p {quoted}", f"mount --move $stage/{number} {quoted}"]
    script += ["umount $stage", "rmdir $stage", 'exec "$@"']
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(script), "sh"]


def _closed_folder(path: Path) -> Path | None:
    """The first folder on the way to `path` that is closed to other users."""
    for folder in [*reversed(path.parents), path]:
        with contextlib.suppress(OSError):
            if folder.is_dir() and not folder.stat().st_mode & 0o001:
                return folder
    return None


def _entries(folder: Path) -> Iterator[os.DirEntry]:
    """Everything in a folder, at any depth, except folders that vanish in the meantime.

    Raises:
        PermissionError: a folder is closed.
    """
    waiting = [str(folder)]
    while waiting:
        with contextlib.suppress(FileNotFoundError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _remove(folder: Path) -> None:
    """Remove a folder that a worker has filled; rm copes with any depth."""
    with contextlib.suppress(OSError):
        folder.rmdir()  # empty where the worker had a file system of its own
        return
    if os.geteuid() != 0 and not folder.is_symlink():  # own folders may lack permissions
        command = ["chmod", "-R", "u+rwX", "--", str(folder)]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
