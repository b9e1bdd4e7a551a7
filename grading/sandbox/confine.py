"""Confine this process irreversibly: what it gives up here cannot be regained.

Several layers, each of which stops what the others let through:

- an unprivileged user id of its own, where the grader runs as root;
- a file system of its own, where the kernel allows it (view.py);
- Landlock: no file but the interpreter (to read) and the worker's own folder, no TCP connection,
  no signal to a process outside;
- seccomp: no system call but those that numerical Python needs; no socket, no new process, no
  program, no lock or lease on a file, no change of its owner or mode;
- limits on memory, processor time, files and threads.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import resource
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import view

MEMORY = 2 << 30  # bytes, beyond what the process has when it is confined
CPU_SECONDS = 120
FILE_SIZE = 16 << 20  # bytes
OPEN_FILES = 64  # a removed file takes space as long as it is open
THREADS = 64  # of a worker
CONNECTION = 3  # the worker's only open file besides 0, 1 and 2

# The system calls of Python, numpy, torch, pandas and scikit-learn once they are loaded: those that
# `python -m benchmarks.system_calls` sees, and their relatives on other systems. All others are
# refused, those that Linux will have one day as well.
ALLOWED = """
    # files; Landlock decides which
    read readv pread64 preadv write writev pwrite64 pwritev close close_range lseek stat fstat lstat
    newfstatat fstatat64 statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd
    chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink
    symlinkat ftruncate fadvise64 sendfile dup dup2 dup3 pipe pipe2 umask poll ppoll select pselect6
    # memory
    brk mmap munmap mremap mprotect madvise
    # threads
    futex set_robust_list get_robust_list rseq gettid sched_yield sched_getaffinity getcpu exit
    exit_group membarrier
    # signals that a process sends itself, and alarms
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
    pause alarm setitimer getitimer restart_syscall
    # time
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage
    # what a process is
    getpid getppid getuid geteuid getgid getegid getresuid getresgid getgroups uname sysinfo
    getrlimit setrlimit getrandom
"""
UNKNOWN = -1  # what the library says of a name that it does not know
# Threads are fine, processes are not: these are the flags with which C libraries start a thread.
# Without clone3, whose arguments a filter cannot see, they fall back to clone.
THREAD = 0x003D0F00
THREAD_OF_MUSL = THREAD | 0x00400000
FCNTL = (
    fcntl.F_DUPFD,
    fcntl.F_GETFD,
    fcntl.F_SETFD,
    fcntl.F_GETFL,
    fcntl.F_SETFL,
    fcntl.F_DUPFD_CLOEXEC,
)
# TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME = 1, 2, 15, 16
# From 424 on each call has one number on all machines, and libraries try it before an older one:
# those get ENOSYS, as if the kernel lacked them. Libraries know older ones to exist: EPERM.
SINCE_LINUX_5_1 = range(424, 512)


@dataclass(frozen=True)
class Offer:
    """What this system offers to confine a process.

    Attributes:
        landlock: the version of its ABI, 0 without it.
        seccomp: whether system calls can be filtered.
        user_id: whether workers can get a user id of their own.
    """

    landlock: int
    seccomp: bool
    user_id: bool

    @property
    def protects(self) -> bool:
        return self.landlock >= self._landlock_needed and self.seccomp

    @property
    def _landlock_needed(self) -> int:
        """Version 3 covers truncation and 6 signals; the file modes of another user do as well."""
        return 1 if self.user_id else 6

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, in words."""
        lacks = []
        if self.landlock < self._landlock_needed:
            linux = "5.13" if self.user_id else "6.12, or 5.13 and root"
            lacks.append(f"Landlock (Linux {linux} or newer, and pip install '.[grading]')")
        if not self.seccomp:
            lacks.append("seccomp (the library libseccomp2, and pip install '.[grading]')")
        return tuple(lacks)


def offered() -> Offer:
    """Look at what this system offers."""
    return Offer(_landlock_version(), _has_seccomp(), hasattr(os, "geteuid") and os.geteuid() == 0)


def confine(
    readable: Iterable[Path],
    submission: Path,
    folder: Path,
    user_id: int | None,
    protected: bool = True,
    private: bool = False,
) -> None:
    """Confine this process; afterwards its working directory is the folder that it can write to.

    Args:
        readable: the files and folders that can be read.
        submission: the folder of the submission, readable too.
        folder: the only folder that it can write to.
        user_id: the user to become, which takes root.
        protected: False leaves out Landlock and seccomp, and with them all protection of files,
            network and other processes.
        private: whether to use a private file system, in which `submission` becomes
            `view.SUBMISSION` and `folder` becomes `view.FOLDER`.
    """
    readable = list(readable)
    address_space = _address_space()
    threads = THREADS if user_id is not None or private else _threads_of_user() + THREADS
    if private:
        view.enter(readable, submission, folder, user_id)
        submission, folder = view.SUBMISSION, view.FOLDER
    if user_id is not None:
        os.setgroups([])
        os.setresgid(user_id, user_id, user_id)
        os.setresuid(user_id, user_id, user_id)
    end_with_parent()  # after the change of user, which would undo it
    os.chdir(folder)
    _limit(address_space, threads)
    if protected:
        _landlock([*readable, submission], folder)
        _seccomp()


def end_with_parent() -> None:
    """Have this process killed when the one that started it ends; on Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(address_space: int, threads: int) -> None:
    """Set the limits; `threads` counts all threads of this user in its user namespace."""
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        limits[resource.RLIMIT_AS] = address_space + MEMORY
        limits[resource.RLIMIT_NPROC] = threads
    for what, most in limits.items():
        _, at_most = resource.getrlimit(what)
        most = most if at_most == resource.RLIM_INFINITY else min(most, at_most)
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an OSError


def _address_space() -> int:
    """The size of this process's address space, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _threads_of_user() -> int:
    """How many threads this user has, as far as this process can see."""
    user, found = os.getuid(), 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == user:
                found += len(os.listdir(process / "task"))
    return found


def _landlock_version() -> int:
    try:
        from py_landlock import LandlockError, get_abi_version
    except ImportError:
        return 0
    try:
        return int(get_abi_version())
    except LandlockError:
        return 0


def _landlock(readable: Iterable[Path], folder: Path) -> None:
    from py_landlock import AccessFs, Landlock

    everything = AccessFs(0)
    for right in AccessFs:
        everything |= right
    special = AccessFs.EXECUTE | AccessFs.MAKE_CHAR | AccessFs.MAKE_BLOCK | AccessFs.MAKE_SOCK
    rules = Landlock(strict=False)  # an older kernel lacks some rights; seccomp covers those
    for path in readable:
        listing = AccessFs.READ_DIR if path.is_dir() else AccessFs(0)
        rules.add_path_rule(path, access=AccessFs.READ_FILE | listing)
    rules.add_path_rule("/dev/null", access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
    rules.add_path_rule(folder, access=everything & ~special)
    rules.apply()


def _has_seccomp() -> bool:
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):  # the package, or the library that it needs
        return False
    return pyseccomp.get_api() >= 1


def allowed() -> list[str]:
    """The names of the system calls that a worker can make with any argument."""
    lines = (line.strip() for line in ALLOWED.splitlines())
    return [name for line in lines if not line.startswith("#") for name in line.split()]


def _seccomp() -> None:
    """Allow what is in ALLOWED, and some calls with certain arguments.

    A filter compares all 64 bits of an argument and the kernel may look at 32 of them: what is
    allowed must therefore be equal, never merely different from what is not.
    """
    import pyseccomp
    from pyseccomp import EQ, MASKED_EQ

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def allow(call: str, argument: int, relation: int, *values: int) -> None:
        rules.add_rule(pyseccomp.ALLOW, call, pyseccomp.Arg(argument, relation, *values))

    numbers = {pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) for name in allowed()}
    for number in numbers - {UNKNOWN}:
        rules.add_rule(pyseccomp.ALLOW, number)  # without effect where the machine lacks the call
    for number in {*SINCE_LINUX_5_1} - numbers:
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), number)
    for flags in (THREAD, THREAD_OF_MUSL):
        allow("clone", 0, EQ, flags)
    allow("tgkill", 0, EQ, os.getpid())  # the C library raises and aborts through it
    allow("prlimit64", 0, EQ, 0)
    for call in ("sendto", "recvfrom"):
        allow(call, 0, EQ, CONNECTION)
    for command in FCNTL:
        allow("fcntl", 1, EQ, command)
    for command in IOCTL:
        allow("ioctl", 1, EQ, command)
    for option in (PR_GET_PDEATHSIG, PR_SET_NAME, PR_GET_NAME):
        allow("prctl", 0, EQ, option)
    # Not to read and truncate at once, which empties a file that may not be written.
    for call, argument in (("open", 1), ("openat", 2)):
        allow(call, argument, MASKED_EQ, os.O_TRUNC, 0)
        for mode in (os.O_WRONLY, os.O_RDWR):
            allow(call, argument, MASKED_EQ, os.O_ACCMODE | os.O_TRUNC, mode | os.O_TRUNC)
    rules.load()
