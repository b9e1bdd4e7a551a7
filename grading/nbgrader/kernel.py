"""Starts a notebook's kernel in a sandbox: `python -I kernel.py CONNECTION_FILE [OPTION…]`.

The kernel sees the interpreter, what students get of the course, a copy of the files beside its
notebook, and the sockets over which it is spoken to. It has no network and no other processes to
see, and cannot write to any file that lasts. Its limits are in inside.py.

It is run by path and with -I: the folder that it is started in is the student's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE))

from grading import manifest  # noqa: E402
from grading.exports.files import (  # noqa: E402
    MODULES,
    ROOMS,
    ExportError,
    data_files,
    exercise_files,
)

SOCKETS = "course-kernel-"  # how a folder begins that may be given to a kernel for its sockets
FILES = 256 << 20  # bytes, in each folder that the kernel can write to
SHARED_MEMORY = 64 << 20  # bytes
START_SECONDS = 60

INSIDE = "/run/inside.py"
SUBMISSION = "/run/submission"
CONNECTION = "/run/connection.json"
HOME = "/tmp/home"

# What Python and its packages need of /etc; the list of users is made up.
CONFIGURATION = ("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")
USERS = {
    "passwd": "student:x:{0}:{0}::{1}:/bin/sh\n",
    "group": "student:x:{0}:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
}
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "LOGNAME": "student",
    "OMP_NUM_THREADS": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": str(COURSE),
    "PYTHONWARNINGS": "ignore",
}
HANDED_ON = ("MOVIELENS_100K", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "TZ")


class KernelError(Exception):
    """No kernel can be started in a sandbox; the message says why and what to do."""


def why_not() -> str | None:
    """What keeps kernels from running in a sandbox on this system; None if nothing does."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            attempt = [sys.executable, "-c", "import ipykernel, grading, exercises.part1"]
            with _Sandbox(Path(folder).resolve()) as sandbox:
                done = subprocess.run(
                    sandbox.command(attempt),
                    env={},
                    pass_fds=sandbox.descriptors,
                    capture_output=True,
                    text=True,
                    timeout=START_SECONDS,
                )
    except KernelError as error:
        return str(error)
    except subprocess.TimeoutExpired:
        return f"an attempt did not end within {START_SECONDS} s"
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return f"an attempt failed: {lines[-1]}"


class _Sandbox:
    """The command for bubblewrap, and the open files that it reads from."""

    def __init__(self, folder: Path, connection: dict | None = None) -> None:
        """A sandbox for the notebook in `folder`.

        Args:
            connection: what the connection file says; None for a program that is no kernel.

        Raises:
            KernelError: it cannot be built here.
        """
        self.bwrap = shutil.which("bwrap")
        if self.bwrap is None:
            raise KernelError("bubblewrap is not installed")
        self.folder = folder
        self.connection = connection
        self.is_root = os.geteuid() == 0
        # root's kernels get a user id of their own: limits on processes do not hold for root. The
        # others keep theirs, in a user namespace that they cannot leave or nest.
        self.user_id = 20_000 + os.getpid() % 40_000 if self.is_root else os.geteuid()
        self.descriptors: list[int] = []
        self.made: set[Path] = {Path("/")}

    def __enter__(self) -> "_Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def command(self, program: list[str]) -> list[str]:
        """The words of the command that runs `program` in the sandbox."""
        assert self.bwrap is not None
        words = [self.bwrap, *self._separation(), *self._system(), *self._course()]
        words += [*self._own(), "--remount-ro", str(COURSE), "--remount-ro", "/"]
        words += ["--chdir", str(self.folder), "--", sys.executable, "-I", INSIDE]
        words += [str(self.user_id if self.is_root else 0), SUBMISSION, *program]
        return words

    def _separation(self) -> Iterator[str]:
        yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
        yield from ("--unshare-cgroup-try", "--hostname", "course", "--cap-drop", "ALL")
        if self.is_root:
            yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
        else:
            yield from ("--unshare-user", "--disable-userns")
        yield from ("--die-with-parent", "--new-session", "--clearenv")
        handed_on = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        for name, value in (ENVIRONMENT | handed_on).items():
            yield from ("--setenv", name, value)

    def _system(self) -> Iterator[str]:
        """The interpreter and what it needs; folders that are there for everybody."""
        yield from ("--proc", "/proc", "--dev", "/dev")
        yield from self._writable("/dev/shm", SHARED_MEMORY)
        yield from self._writable("/tmp", FILES)
        yield from ("--perms", "1777", "--dir", HOME)
        yield from self._readable("/usr")
        for name in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
            if os.path.islink(name):
                yield from ("--symlink", os.readlink(name), name)
            elif os.path.isdir(name):
                yield from self._readable(name)
        for name in CONFIGURATION:
            if os.path.exists(f"/etc/{name}"):
                yield from self._readable(f"/etc/{name}")
        for name, text in USERS.items():
            yield from self._text(f"/etc/{name}", text.format(self.user_id, HOME))
        for name in dict.fromkeys((sys.base_prefix, sys.prefix)):
            if not Path(name).is_relative_to("/usr") and not Path(name).is_relative_to(COURSE):
                yield from self._readable(name)

    def _course(self) -> Iterator[str]:
        """What students get of the course, over whatever of it lies in an interpreter's folder."""
        yield from (*self._way_to(COURSE), "--perms", "0755", "--tmpfs", str(COURSE))
        course = manifest.load(COURSE)
        files = list(exercise_files(course).items())
        files += data_files(course).items()
        names = [f"grading/{name}" for name in (*MODULES, *ROOMS)]
        files += [(Path(name), COURSE / name) for name in (*names, "conftest.py", "pyproject.toml")]
        for path, source in files:
            yield from self._readable(source, COURSE / path)
        for name in (sys.base_prefix, sys.prefix):  # a virtual environment in the course's folder
            if Path(name).is_relative_to(COURSE):
                yield from self._readable(name)
        if "MOVIELENS_100K" in os.environ:
            data = Path(os.environ["MOVIELENS_100K"]).absolute()
            if data.is_dir():
                yield from self._readable(data)

    def _own(self) -> Iterator[str]:
        """What belongs to this one kernel."""
        exposed = [name for name in ("/usr", sys.base_prefix, sys.prefix) if self._lies_in(name)]
        if exposed:
            raise KernelError(
                f"{self.folder} lies in {exposed[0]}, which kernels can read: move it elsewhere"
            )
        yield from self._readable(Path(__file__).with_name("inside.py"), INSIDE)
        yield from self._readable(self.folder, SUBMISSION)
        yield from self._writable(self.folder, FILES)
        if self.connection is None:
            return
        sockets = Path(self.connection["ip"]).parent
        if self.connection["transport"] != "ipc" or not sockets.parent.name.startswith(SOCKETS):
            raise KernelError("the kernel must be started with the settings of nbgrader_config.py")
        if self.is_root:
            os.chown(sockets, self.user_id, self.user_id)
        yield from (*self._way_to(sockets), "--bind", str(sockets), str(sockets))
        yield from self._text(CONNECTION, json.dumps(self.connection))

    def _lies_in(self, name: str) -> bool:
        inside_course = self.folder.is_relative_to(COURSE)
        return self.folder.is_relative_to(name) and not inside_course

    def _readable(self, source: str | Path, path: str | Path | None = None) -> Iterator[str]:
        """A file or folder, where it lies outside or at `path`."""
        yield from (*self._way_to(path or source), "--ro-bind", str(source), str(path or source))

    def _writable(self, path: str | Path, size: int) -> Iterator[str]:
        """An empty folder in memory."""
        yield from (*self._way_to(path), "--size", str(size), "--perms", "1777")
        yield from ("--tmpfs", str(path))

    def _way_to(self, path: str | Path) -> Iterator[str]:
        """The folders above `path`, open to all: bubblewrap would close them to a user of their
        own."""
        for folder in reversed(Path(path).parents):
            if folder not in self.made:
                self.made.add(folder)
                yield from ("--perms", "0755", "--dir", str(folder))

    def _text(self, path: str, text: str) -> tuple[str, ...]:
        """A file with this text."""
        descriptor = os.memfd_create(path)
        self.descriptors.append(descriptor)
        os.set_inheritable(descriptor, True)
        os.write(descriptor, text.encode())
        os.lseek(descriptor, 0, os.SEEK_SET)
        return (*self._way_to(path), "--perms", "0444", "--file", str(descriptor), path)


def main(connection_file: str, options: list[str]) -> None:
    """Become the kernel. KernelError if that is not possible."""
    connection = json.loads(Path(connection_file).read_text(encoding="utf-8"))
    sandbox = _Sandbox(Path.cwd(), connection)
    kernel = [sys.executable, "-m", "ipykernel_launcher", "-f", CONNECTION, *options]
    command = sandbox.command(kernel)
    # Student code must not write to the instructor's terminal.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.execve(command[0], command, {})  # bubblewrap would show its environment in /proc/1


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (KernelError, ExportError, manifest.ManifestError) as error:
        sys.exit(f"kernel.py: {error}")
