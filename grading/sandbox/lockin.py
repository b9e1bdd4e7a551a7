"""Lock this process in, for good: what is given up here cannot be taken back.

Layers, each of which stops what the others let through:

- an unprivileged user id of its own, where the grader runs as root;
- Landlock: no file but the interpreter (to read) and the worker's own folder, no TCP connection,
  no signal to a process outside;
- seccomp: no socket, no new process, no program, no change of a file's owner or mode, no kernel
  interface that student code has no use for;
- limits on memory, processor time, files and threads.
"""

import ctypes
import errno
import os
import resource
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEMORY = 2 << 30  # bytes, beyond what the process has when it is locked in
CPU_SECONDS = 120
FILE_SIZE = 16 << 20  # bytes
OPEN_FILES = 64  # a removed file takes space as long as it is open
THREADS = 64  # of one user id

# What no exercise needs, and what would reach beyond the worker. Landlock does not cover changes of
# owner, mode and times; where a worker has the user id of the grader, nothing else would stop them.
DENIED = """
    # network, and pairs of sockets: their buffers count for nobody
    socket socketpair connect bind listen accept accept4
    # processes and programs
    fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise kcmp
    # signals
    kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
    # files of the same user: owner, mode, times, attributes, length
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat
    truncate creat
    # memory that counts for nobody, and memory shared with others
    memfd_create memfd_secret shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop
    semtimedop semctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify
    # another view of the file system
    mount umount umount2 pivot_root chroot mount_setattr open_tree open_tree_attr move_mount fsopen
    fsconfig fsmount fspick unshare setns name_to_handle_at open_by_handle_at
    # interfaces of the kernel that student code has no use for
    add_key request_key keyctl io_uring_setup io_uring_enter io_uring_register inotify_init
    inotify_init1 inotify_add_watch fanotify_init fanotify_mark bpf perf_event_open userfaultfd
    lookup_dcookie init_module finit_module delete_module kexec_load kexec_file_load
    # priorities, identity, and the machine as a whole
    setpriority ioprio_set sched_setscheduler sched_setparam sched_setattr sched_setaffinity setuid
    setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset acct swapon
    swapoff reboot sethostname setdomainname quotactl quotactl_fd nfsservctl settimeofday
    clock_settime clock_adjtime adjtimex stime syslog vhangup iopl ioperm modify_ldt personality
"""
# Calls that this library may not know yet; their numbers are the same on every architecture.
RECENT = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467}
UNKNOWN = -1  # what the library says of a name that it does not know
CLONE_THREAD = 0x00010000
PR_SET_PDEATHSIG = 1
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15  # who gets the signals of a file
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902  # the same by ioctl


@dataclass(frozen=True)
class Offer:
    """What this system has to lock a process in with.

    Attributes:
        landlock: the version of its interface, 0 where there is none.
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
        """What would be needed, in words."""
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


def lock_in(
    readable: Iterable[Path], folder: Path, user_id: int | None, protected: bool = True
) -> None:
    """Lock this process in.

    Args:
        readable: the files and folders that can be read.
        folder: the one that can also be written.
        user_id: the one to take on, as root.
        protected: False leaves out Landlock and seccomp, and with them all protection of files,
            network and other processes.
    """
    if user_id is not None:
        os.setgroups([])
        os.setresgid(user_id, user_id, user_id)
        os.setresuid(user_id, user_id, user_id)
    end_with_parent()  # after the change of user, which would undo it
    _limit(own_user=user_id is not None)
    if protected:
        _landlock(readable, folder)
        _seccomp()


def end_with_parent() -> None:
    """Have this process killed when the one that started it ends; on Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(own_user: bool) -> None:
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        limits[resource.RLIMIT_AS] = _address_space() + MEMORY
    if own_user:  # else it would count all processes of whoever grades
        limits[resource.RLIMIT_NPROC] = THREADS
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is an OSError


def _address_space() -> int:
    """What this process has by now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


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
    rules = Landlock(strict=False)  # an older kernel lacks rights; seccomp does what they would
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


def denied() -> list[str]:
    """The names of the system calls that a worker cannot make."""
    lines = (line.strip() for line in DENIED.splitlines())
    return [name for line in lines if not line.startswith("#") for name in line.split()]


def _seccomp() -> None:
    import pyseccomp

    refuse, unknown = pyseccomp.ERRNO(errno.EPERM), pyseccomp.ERRNO(errno.ENOSYS)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in denied():
        number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
        if number == UNKNOWN:
            number = RECENT[name]
        rules.add_rule(refuse, number)  # without effect where the architecture has no such call

    def deny(call: str, argument: int, relation: int, *values: int) -> None:
        rules.add_rule(refuse, call, pyseccomp.Arg(argument, relation, *values))

    # Threads are fine, processes are not. Without clone3 the C library falls back to clone.
    deny("clone", 0, pyseccomp.MASKED_EQ, CLONE_THREAD, 0)
    rules.add_rule(unknown, "clone3")
    # The C library raises and aborts through tgkill, so a process may signal itself.
    deny("tgkill", 0, pyseccomp.NE, os.getpid())
    for command in (F_SETOWN, F_SETSIG, F_SETOWN_EX):
        deny("fcntl", 1, pyseccomp.EQ, command)
    for command in (FIOSETOWN, SIOCSPGRP):
        deny("ioctl", 1, pyseccomp.EQ, command)
    deny("prctl", 0, pyseccomp.EQ, PR_SET_PDEATHSIG)
    deny("prlimit64", 0, pyseccomp.NE, 0)
    # Opening to read and truncating at once empties a file that may not be written.
    truncates = os.O_ACCMODE | os.O_TRUNC, os.O_RDONLY | os.O_TRUNC
    deny("open", 1, pyseccomp.MASKED_EQ, *truncates)
    deny("openat", 2, pyseccomp.MASKED_EQ, *truncates)
    rules.add_rule(unknown, "openat2")
    rules.load()
