"""What each layer of the lock denies by itself, and all of them together, to root and to others.

Every attempt is made in a fork that locks itself in first, as locking in cannot be undone. Files
that are to be out of reach are readable and writable for everybody, so that only the lock can be
what keeps them.
"""

import ctypes
import errno
import fcntl
import json
import mmap
import multiprocessing
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox import confine as lockin
from grading.sandbox import view
from grading.sandbox.confine import Offer, allowed, confine, offered
from grading.sandbox.sandboxed import _closed_folder, interpreter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux")

OFFER = offered() if sys.platform == "linux" else Offer(0, False, False)
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 31_001  # a user id that no account has
DONE = "done"
PR_SET_DUMPABLE = 4
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902  # who gets the signals of a file
FCNTL, SYNC = (72, 162) if os.uname().machine == "x86_64" else (25, 81)  # system calls
# Calls that newer kernels let past every filter, as only their own code can make them: elsewhere
# they end the process.
OF_PROBES = (335, 336) if os.uname().machine == "x86_64" else ()
HIGH_BIT = 1 << 32  # of an argument of which the kernel takes 32 bits

Attempts = Mapping[str, Callable[[], object]]


def needs_landlock(version: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(OFFER.landlock < version, reason=f"needs Landlock {version}")


needs_seccomp = pytest.mark.skipif(not OFFER.seccomp, reason="needs seccomp")
needs_root = pytest.mark.skipif(not IS_ROOT, reason="needs root")
needs_all = pytest.mark.skipif(not OFFER.protects, reason="nothing to lock in with")


def in_a_fork(lock: Callable[[], None], attempts: Attempts) -> dict[str, str]:
    """How each attempt ends behind the lock: "done", or the name of its error."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        try:
            lock()
            found = {name: _ending(attempt) for name, attempt in attempts.items()}
        except BaseException as error:
            found = {"lock": repr(error)}
        os.write(theirs.fileno(), json.dumps(found).encode())
        os._exit(0)
    theirs.close()
    with os.fdopen(os.dup(ours.fileno()), "rb") as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, f"the fork ended with {status}"
    return json.loads(text)


def _ending(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno] if error.errno else repr(error)
    except Exception as error:
        return type(error).__name__
    return DONE


@dataclass(frozen=True)
class World:
    """What lies around a worker: what it can read, what it can write, and what it cannot reach."""

    root: Path
    readable: Path
    own: Path
    secret: Path


@pytest.fixture
def world() -> Iterator[World]:
    """Folders that every user can enter and change: pytest's own are closed."""
    root = Path(tempfile.mkdtemp())
    world = World(root, root / "readable", root / "own", root / "secret.txt")
    world.readable.mkdir()
    world.own.mkdir()
    world.secret.write_text("42")
    (world.readable / "model.py").write_text("x = 1\n")
    for path in (root, *root.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    yield world
    shutil.rmtree(root)


def reach_out(world: World) -> Attempts:
    """What no worker may do with files that are not its own."""
    model = world.readable / "model.py"
    return {
        "read a file": world.secret.read_text,
        "list a folder": lambda: os.listdir(world.root),
        "write a file": lambda: os.open(world.secret, os.O_WRONLY),
        "append to a file": lambda: os.open(world.secret, os.O_WRONLY | os.O_APPEND),
        "make a file": lambda: (world.root / "new.txt").write_text(""),
        "make a folder": lambda: (world.root / "new").mkdir(),
        "make a link": lambda: (world.root / "link").symlink_to("/etc"),
        "remove a file": world.secret.unlink,
        "rename a file": lambda: world.secret.rename(world.root / "renamed.txt"),
        "take a file": lambda: world.secret.rename(world.own / "taken.txt"),
        "link a file": lambda: os.link(world.secret, world.own / "linked.txt"),
        "read through a link": lambda: _read_through_link(world),
        "write what can be read": lambda: model.write_text("x = 2"),
        "remove what can be read": model.unlink,
        "add to what can be read": lambda: (world.readable / "new.py").write_text(""),
        "read the accounts": Path("/etc/passwd").read_bytes,
        "list all processes": lambda: os.listdir("/proc"),
        "read what the grader was started with": Path(f"/proc/{os.getpid()}/cmdline").read_bytes,
    }


def _read_through_link(world: World) -> None:
    link = world.own / "link"
    link.symlink_to(world.secret)
    link.read_text()


def work(world: World) -> Attempts:
    """What a worker needs."""
    own = world.own
    return {
        "read its module": (world.readable / "model.py").read_text,
        "list its module's folder": lambda: os.listdir(world.readable),
        "write a file": lambda: (own / "a.txt").write_text("a"),
        "read it": (own / "a.txt").read_text,
        "make a folder": (own / "folder").mkdir,
        "move a file into it": lambda: (own / "a.txt").rename(own / "folder" / "a.txt"),
        "remove it": (own / "folder" / "a.txt").unlink,
        "list its folder": lambda: os.listdir(own),
        "throw something away": lambda: Path(os.devnull).write_text("x"),
        "start a thread": _start_a_thread,
        "signal itself": lambda: signal.raise_signal(signal.SIGWINCH),
        "draw random bytes": lambda: Path("/dev/urandom").open("rb").read(1),
    }


def _start_a_thread() -> None:
    thread = threading.Thread(target=list)
    thread.start()
    thread.join()


def assert_untouched(world: World) -> None:
    assert world.secret.read_text() == "42"
    assert (world.readable / "model.py").read_text() == "x = 1\n"
    assert {path.name for path in world.root.iterdir()} == {"secret.txt", "readable", "own"}


def none_done(found: Mapping[str, str]) -> None:
    assert "lock" not in found, found
    assert {name: end for name, end in found.items() if end == DONE} == {}


def all_done(found: Mapping[str, str]) -> None:
    assert {name: end for name, end in found.items() if end != DONE} == {}


def test_without_a_lock_every_attempt_on_files_would_succeed(world: World) -> None:
    """Else the tests below would prove nothing."""
    attempts = reach_out(world)
    destructive = ("remove a file", "rename a file", "take a file", "remove what can be read")
    harmless = {name: attempt for name, attempt in attempts.items() if name not in destructive}
    all_done(in_a_fork(lambda: None, harmless))
    for name in destructive[1:]:
        world.secret.write_text("42")
        all_done(in_a_fork(lambda: None, {name: attempts[name]}))


# Landlock alone


def only_landlock(world: World) -> Callable[[], None]:
    return lambda: lockin._landlock([*interpreter(), world.readable], world.own)


@needs_landlock(1)
def test_landlock_leaves_what_a_worker_needs(world: World) -> None:
    attempts = {**work(world), "import a module": lambda: __import__("colorsys")}
    all_done(in_a_fork(only_landlock(world), attempts))


@pytest.fixture
def servers() -> Iterator[tuple[int, str]]:
    """The port of one by TCP, and the abstract name of another."""
    name = f"\0course-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(name)
        unix.listen()
        yield tcp.getsockname()[1], name


def use_unix(use: Callable[[socket.socket], object]) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        use(own)


@pytest.mark.parametrize(
    "version", [pytest.param(version, marks=needs_landlock(version)) for version in (1, 3, 4, 6)]
)
def test_landlock_alone_keeps_what_its_version_covers(
    world: World, servers: tuple[int, str], version: int
) -> None:
    (port, name), parent = servers, os.getpid()
    program, device = world.own / "program", os.makedev(7, 0)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    model = world.readable / "model.py"
    attempts: dict[int, Attempts] = {
        1: {
            **reach_out(world),
            "start a program": start_a_program,
            "start a program of its own": lambda: os.posix_spawn(program, ["program"], {}),
            "open a door": lambda: use_unix(lambda own: own.bind(str(world.own / "door"))),
            "make a device": lambda: os.mknod(world.own / "device", 0o60666, device),
        },
        3: {
            "truncate": lambda: os.truncate(world.secret, 0),
            "empty while opening": lambda: os.open(world.secret, os.O_RDONLY | os.O_TRUNC),
            "empty what can be read": lambda: os.open(model, os.O_RDONLY | os.O_TRUNC),
        },
        4: {
            "connect": lambda: socket.create_connection(("127.0.0.1", port), 1).close(),
            "serve": lambda: socket.create_server(("127.0.0.1", 0)).close(),
        },
        6: {
            "connect to a name": lambda: use_unix(lambda own: own.connect(name)),
            "signal": lambda: os.kill(parent, 0),
        },
    }
    none_done(in_a_fork(only_landlock(world), attempts[version]))
    assert_untouched(world)
    if version > 3:  # the others would leave traces
        all_done(in_a_fork(lambda: None, attempts[version]))


def start_a_program() -> None:
    os.posix_spawn("/bin/true", ["true"], {})


# seccomp alone


@needs_seccomp
def test_seccomp_refuses_every_number_that_is_not_on_its_list() -> None:
    """Those of calls that there will be one day, too. As a user without rights, so that a call that
    got through would do nothing."""
    import pyseccomp

    arch = pyseccomp.system_arch()
    let_through = {pyseccomp.resolve_syscall(arch, name) for name in allowed()}
    numbers = sorted({*range(512)} - let_through - set(OF_PROBES))
    assert len(numbers) > 350

    def lock() -> None:
        if IS_ROOT:
            os.setresuid(NOBODY, NOBODY, NOBODY)
        lockin._seccomp()

    found = in_a_fork(lock, {str(number): (lambda n=number: _call(n)) for number in numbers})
    expected = {str(n): "ENOSYS" if n in lockin.SINCE_LINUX_5_1 else "EPERM" for n in numbers}
    assert found == expected


@needs_seccomp
def test_the_list_knows_calls_by_names_that_other_machines_have() -> None:
    """What 64-bit ARM lacks of it are old calls: libraries use newer ones there."""
    import pyseccomp

    machines = (pyseccomp.Arch.X86_64, pyseccomp.Arch.AARCH64)
    lacks = {
        machine: {name for name in allowed() if pyseccomp.resolve_syscall(machine, name) < 0}
        for machine in machines
    }
    assert lacks[pyseccomp.Arch.X86_64] == {"fstatat64"}
    assert lacks[pyseccomp.Arch.AARCH64] - {"fstatat64"} == {
        *("stat", "lstat", "access", "readlink", "mkdir", "rmdir", "unlink", "rename", "link"),
        *("symlink", "dup2", "pipe", "poll", "select", "pause", "alarm", "time"),
    }


@needs_seccomp
def test_seccomp_refuses_sockets_processes_signals_and_changes_of_files(world: World) -> None:
    parent = os.getpid()
    secret = os.open(world.secret, os.O_RDWR)
    attempts: Attempts = {
        "socket": lambda: socket.socket().close(),
        "pair of sockets": socket.socketpair,
        "fork": _fork,
        "program": start_a_program,
        "replace itself": lambda: os.execv("/bin/true", ["true"]),
        "signal": lambda: os.kill(parent, 0),
        "handle of a process": lambda: os.pidfd_open(parent),
        "signal a thread": lambda: _of_libc("tgkill", parent, parent, 0),
        "mode": lambda: world.secret.chmod(0o600),
        "mode of an open file": lambda: os.fchmod(secret, 0o600),
        "owner": lambda: os.chown(world.secret, os.getuid(), os.getgid()),
        "times": lambda: os.utime(world.secret, (0, 0)),
        "attribute": lambda: os.setxattr(world.secret, "user.x", b"x"),
        "truncate": lambda: os.truncate(world.secret, 0),
        "empty while opening": lambda: os.open(world.secret, os.O_RDONLY | os.O_TRUNC),
        "memory as a file": lambda: os.memfd_create("x"),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, 5),
        "processor": lambda: os.sched_setaffinity(0, {0}),
        "limit of another": lambda: resource.prlimit(parent, resource.RLIMIT_CORE),
        "signals of a file": lambda: fcntl.fcntl(secret, fcntl.F_SETOWN, parent),
        "signals of a file by ioctl": lambda: _ioctl(secret, FIOSETOWN),
        "signals of a socket by ioctl": lambda: _ioctl(secret, SIOCSPGRP),
        "survive its parent": lambda: _of_libc("prctl", lockin.PR_SET_PDEATHSIG, 0),
        "another view": lambda: _of_libc("mount", b"none", b"/nowhere", b"tmpfs", 0, None),
        "lease of a file": lambda: fcntl.fcntl(secret, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "lease, with a bit that the kernel does not look at": lambda: _call(
            FCNTL, secret, fcntl.F_SETLEASE | HIGH_BIT, fcntl.F_RDLCK
        ),
        "lock of a file": lambda: fcntl.lockf(secret, fcntl.LOCK_EX | fcntl.LOCK_NB),
        "lock of a file as BSD has them": lambda: fcntl.flock(secret, fcntl.LOCK_EX),
        "news of a folder": lambda: fcntl.fcntl(secret, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
        "flags of a file by ioctl": lambda: fcntl.ioctl(secret, 0x40086602, bytes(8)),
        "space on the disk": lambda: os.posix_fallocate(secret, 0, 1 << 20),
        "a pipe of a megabyte": lambda: fcntl.fcntl(os.pipe()[1], fcntl.F_SETPIPE_SZ, 1 << 20),
        "all disks written": lambda: _call(SYNC),
    }
    found = in_a_fork(lockin._seccomp, attempts)
    os.close(secret)
    assert set(found.values()) == {"EPERM", "ENOSYS"}
    assert [name for name, end in found.items() if end == "ENOSYS"] == ["handle of a process"]
    assert_untouched(world)


def _ioctl(file: int, command: int) -> None:
    fcntl.ioctl(file, command, os.getpid().to_bytes(4, sys.byteorder))


@needs_seccomp
@pytest.mark.parametrize("number", [435, 437], ids=["clone3", "openat2"])
def test_seccomp_hides_calls_whose_arguments_it_cannot_see(number: int) -> None:
    """The C library then falls back to older ones, on which seccomp can decide."""
    found = in_a_fork(lockin._seccomp, {"call": lambda: _call(number)})
    assert found == {"call": "ENOSYS"}


def _call(number: int, *arguments: int) -> None:
    """A system call by number; arguments that are not given can mean nothing."""
    given = [ctypes.c_long(value) for value in (number, *arguments, *[-1] * 6)[:7]]
    _of_libc("syscall", *given)


def _of_libc(function: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


@needs_seccomp
def test_seccomp_leaves_what_a_worker_needs(world: World) -> None:
    attempts = {
        **work(world),
        "write over a file": lambda: (world.own / "b.txt").write_text("b"),
        "write over it again": lambda: (world.own / "b.txt").write_text("c"),
        "look at its limits": lambda: resource.getrlimit(resource.RLIMIT_NOFILE),
    }
    all_done(in_a_fork(lockin._seccomp, attempts))


# Limits alone


def limit(threads: int) -> None:
    lockin._limit(lockin._address_space(), threads)


def fill(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))


def test_memory_files_and_their_sizes_are_limited(world: World) -> None:
    found = in_a_fork(
        lambda: limit(1 << 20),
        {
            "much memory": lambda: bytearray(2 * lockin.MEMORY),
            "a large file": lambda: fill(world.own / "large", lockin.FILE_SIZE + (1 << 20)),
            "many files": lambda: [os.open(world.secret, os.O_RDONLY) for _ in range(200)],
        },
    )
    assert found == {"much memory": "MemoryError", "a large file": "EFBIG", "many files": "EMFILE"}


def test_what_exercises_need_is_within_the_limits_and_processor_time_is_limited(
    world: World,
) -> None:
    # a fork has what the process of the tests has open, which a worker has not
    n_files = min(30, lockin.OPEN_FILES - len(os.listdir("/proc/self/fd")) - 4)

    def processor_time_and_cores() -> None:
        assert resource.getrlimit(resource.RLIMIT_CPU) == (lockin.CPU_SECONDS,) * 2
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)

    attempts = {
        "limits": processor_time_and_cores,
        "memory": lambda: mmap.mmap(-1, lockin.MEMORY // 2).close(),
        "a file": lambda: fill(world.own / "file", lockin.FILE_SIZE // 2),
        "files": lambda: [os.open(world.secret, os.O_RDONLY) for _ in range(n_files)],
    }
    all_done(in_a_fork(lambda: limit(1 << 20), attempts))


# All together


def readable() -> list[Path]:
    """What a user without rights can reach of the interpreter."""
    return [path for path in interpreter() if _closed_folder(path) is None]


def as_root(world: World, private: bool = False) -> Callable[[], None]:
    return lambda: confine(readable(), world.readable, world.own, NOBODY, private=private)


def as_a_user(world: World, private: bool = False) -> Callable[[], None]:
    """As where somebody without rights grades: the worker has the grader's own user id."""
    paths = readable()

    def lock() -> None:
        if IS_ROOT:
            become_nobody()
        confine(paths, world.readable, world.own, None, private=private)

    return lock


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1)  # as after a login: /proc/self is one's own


def in_view_as_root(world: World) -> Callable[[], None]:
    return as_root(world, private=True)


def in_view_as_a_user(world: World) -> Callable[[], None]:
    return as_a_user(world, private=True)


@cache
def has_views(as_nobody: bool) -> bool:
    """Whether processes can have file systems of their own, tried in a fork."""
    stage, paths = Path(tempfile.mkdtemp()), readable()
    stage.chmod(0o777)
    user = become_nobody if as_nobody and IS_ROOT else (lambda: None)
    found = in_a_fork(user, {"enter": lambda: view.enter(paths, stage, stage, None)})
    stage.rmdir()
    return found["enter"] == DONE


def needs_views(as_nobody: bool) -> pytest.MarkDecorator:
    allowed_here = sys.platform == "linux" and has_views(as_nobody)
    return pytest.mark.skipif(not allowed_here, reason="needs mount namespaces")


VIEWS = [
    pytest.param(in_view_as_root, marks=[needs_root, needs_views(as_nobody=False)]),
    pytest.param(in_view_as_a_user, marks=[needs_landlock(6), needs_views(as_nobody=True)]),
]
LOCKS = [
    pytest.param(as_root, marks=needs_root),
    pytest.param(as_a_user, marks=needs_landlock(6)),
    *VIEWS,
]
Lock = Callable[[World], Callable[[], None]]


@needs_all
@pytest.mark.parametrize("lock", LOCKS)
def test_a_worker_reaches_nothing_outside(world: World, lock: Lock) -> None:
    grader = os.getpid()
    attempts = {
        **reach_out(world),
        "empty a file": lambda: os.truncate(world.secret, 0),
        "empty what can be read": lambda: os.open(
            world.readable / "model.py", os.O_RDONLY | os.O_TRUNC
        ),
        "close a file to others": lambda: world.secret.chmod(0),
        "connect": lambda: socket.socket().close(),
        "fork": _fork,
        "program": start_a_program,
        "signal the grader": lambda: os.kill(grader, 0),
        "look into the grader": Path(f"/proc/{grader}/environ").read_bytes,
        "become root": lambda: os.setresuid(0, 0, 0),
        "take a group": lambda: os.setgroups([0]),
        "raise a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)),
        "much memory": lambda: bytearray(2 * lockin.MEMORY),
    }
    none_done(in_a_fork(lock(world), attempts))
    assert_untouched(world)


@needs_all
@pytest.mark.parametrize("lock", VIEWS)
def test_in_a_file_system_of_its_own_a_worker_learns_of_no_other_file(
    world: World, lock: Lock
) -> None:
    paths = (world.secret, world.root, Path("/etc"), Path("/proc"), Path("/tmp"), Path("/dev/shm"))
    needed = Path(sys.prefix).parents  # what the interpreter lies in must be there
    attempts = {f"stat {path}": path.stat for path in paths if path not in needed}
    found = in_a_fork(lock(world), attempts)
    assert set(found.values()) == {"ENOENT"}


@needs_all
@pytest.mark.parametrize("lock", VIEWS)
def test_in_a_file_system_of_its_own_a_worker_fills_no_disk_and_changes_nothing(
    world: World, lock: Lock
) -> None:
    model = view.SUBMISSION / "model.py"

    def write_all() -> None:
        for number in range(100):
            fill(view.FOLDER / str(number), lockin.FILE_SIZE)

    def write_and_remove() -> None:
        for _ in range(100):
            file = (view.FOLDER / "removed").open("wb", buffering=0)
            os.unlink(view.FOLDER / "removed")
            kept.append(file)
            for _ in range(lockin.FILE_SIZE >> 20):
                file.write(bytes(1 << 20))

    def make_all() -> None:
        for number in range(2 * view.MOST_FILES):
            (view.FOLDER / f"link{number}").symlink_to("nowhere")

    kept: list[Any] = []
    attempts = {
        "write what can be read": lambda: os.open(model, os.O_WRONLY),
        "remove what can be read": model.unlink,
        "add to what can be read": lambda: (view.SUBMISSION / "x").touch(),
        "write beside": lambda: Path("/x").touch(),
        "write into the interpreter": lambda: Path(sys.prefix, "x").touch(),
        "many files": make_all,
        "much": write_all,
        "much that is removed": write_and_remove,
    }
    found = in_a_fork(lock(world), attempts)
    none_done(found)
    assert {found[name] for name in ("many files", "much", "much that is removed")} == {"ENOSPC"}
    assert_untouched(world)
    assert list(world.own.iterdir()) == []


@needs_all
@pytest.mark.parametrize("lock", LOCKS)
def test_a_worker_has_few_threads(world: World, lock: Lock) -> None:
    """Where it has the grader's user id and no namespace, few more than that user."""
    assert in_a_fork(lock(world), {"threads": _start_threads}) == {"threads": "RuntimeError"}


def _start_threads() -> None:
    done = threading.Event()
    try:
        for _ in range(lockin.THREADS + 10):
            threading.Thread(target=done.wait, daemon=True).start()
    finally:
        done.set()


@needs_all
@pytest.mark.parametrize("lock", LOCKS)
def test_a_worker_can_do_its_work_and_ends_with_its_parent(world: World, lock: Lock) -> None:
    def ends_with_parent() -> None:
        signal_number = ctypes.c_int()
        ctypes.CDLL(None).prctl(lockin.PR_GET_PDEATHSIG, ctypes.byref(signal_number))
        assert signal_number.value == signal.SIGKILL

    if lock in (in_view_as_root, in_view_as_a_user):
        inside = replace(world, readable=view.SUBMISSION, own=view.FOLDER)
    else:
        inside = world
    all_done(in_a_fork(lock(world), {**work(inside), "ends with its parent": ends_with_parent}))


@needs_root
@needs_all
def test_as_root_a_worker_has_a_user_of_its_own_and_no_group(world: World) -> None:
    def check() -> None:
        assert os.getresuid() == (NOBODY,) * 3
        assert os.getresgid() == (NOBODY,) * 3
        assert os.getgroups() == []

    def lock() -> None:
        os.setgroups([0, NOBODY + 1])
        as_root(world)()

    all_done(in_a_fork(lock, {"who": check}))


def test_unprotected_there_are_limits_only(world: World) -> None:
    found = in_a_fork(
        lambda: confine([], world.readable, world.own, None, protected=False),
        {"read": world.secret.read_text, "memory": lambda: bytearray(2 * lockin.MEMORY)},
    )
    assert found == {"read": DONE, "memory": "MemoryError"}


# What there is to lock in with


@pytest.mark.parametrize(
    ("offer", "lacks"),
    [
        (Offer(landlock=1, seccomp=True, user_id=True), []),
        (Offer(landlock=6, seccomp=True, user_id=False), []),
        (Offer(landlock=5, seccomp=True, user_id=False), ["Linux 6.12, or 5.13 and root"]),
        (Offer(landlock=0, seccomp=True, user_id=True), ["Linux 5.13 or newer"]),
        (Offer(landlock=7, seccomp=False, user_id=True), ["libseccomp2"]),
        (Offer(landlock=0, seccomp=False, user_id=False), ["Linux 6.12", "libseccomp2"]),
    ],
)
def test_an_offer_says_what_is_missing(offer: Offer, lacks: list[str]) -> None:
    assert offer.protects == (not lacks)
    assert len(offer.missing) == len(lacks)
    for said, word in zip(offer.missing, lacks, strict=True):
        assert word in said


@pytest.mark.parametrize("package", ["py_landlock", "pyseccomp"])
def test_a_package_that_is_not_installed_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    offer = offered()
    assert not offer.protects
    assert (offer.landlock == 0) if package == "py_landlock" else not offer.seccomp
