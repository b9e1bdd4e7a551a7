"""A worker's private file system: what it may read, an empty folder, and nothing else.

Landlock keeps a worker from reading other files, not from learning that they exist. In a mount
namespace of its own it sees none of them, and its folder is a tmpfs with limits, so it cannot fill
the disk. Root can make one; on most systems other users can too, inside a user namespace.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path("/home/student")  # the worker's own
SUBMISSION = Path("/submission")
DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"))
MOST_WRITTEN = 256 << 20  # bytes in a worker's folder
MOST_FILES = 5000

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MOUNT_SETATTR = 442  # on every machine
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE, MNT_DETACH = -100, 0x8000, 2
CAPABILITIES = 0x20080522  # the version of their interface

_libc = ctypes.CDLL(None, use_errno=True)


def enter(readable: Iterable[Path], submission: Path, stage: Path, user_id: int | None) -> None:
    """Move this process irreversibly into a private file system.

    Args:
        readable: files and folders that stay where they are, read-only.
        submission: the folder that becomes `SUBMISSION`, read-only.
        stage: a folder on which to build the file system; other processes see it unchanged.
        user_id: the owner of `FOLDER`; None: whoever this process belongs to.

    Raises:
        OSError: this system does not allow it.
    """
    _new_namespace()
    os.umask(0o022)
    _mount(None, Path("/"), None, MS_REC | MS_PRIVATE)
    _mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m,nr_inodes=1000")
    for path in sorted({path.resolve() for path in readable}):
        if not os.path.lexists(
            _within(stage, path)
        ):  # unless it lies in a folder that is mounted already
            _bind(path, _within(stage, path))
    for path in readable:
        _link(path, stage)
    for device in DEVICES:
        if device.exists() and not os.path.lexists(_within(stage, device)):
            _bind(device, _within(stage, device))
    _bind(submission, _within(stage, SUBMISSION))
    own = _within(stage, FOLDER)
    own.mkdir(parents=True)
    owner = (os.geteuid(), os.getegid()) if user_id is None else (user_id, user_id)
    limits = f"mode=700,size={MOST_WRITTEN},nr_inodes={MOST_FILES},uid={owner[0]},gid={owner[1]}"
    _mount("tmpfs", own, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, limits)
    _set_attributes(stage, MOUNT_ATTR_RDONLY)
    os.chdir(stage)
    _check(_libc.pivot_root(b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")
    if user_id is None:
        _give_up_capabilities()


def is_allowed(readable: Iterable[Path], submission: Path, stage: Path) -> bool:
    """Whether a process can move into a file system of its own here: a fork tries it."""
    child = os.fork()
    if child == 0:
        try:
            enter(readable, submission, stage, None)
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status == 0


def _new_namespace() -> None:
    """Enter a new mount namespace; without root, inside a new user namespace that permits it."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _check(_libc.unshare(CLONE_NEWNS), "unshare")
        return
    _check(_libc.unshare(CLONE_NEWNS | CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _give_up_capabilities() -> None:
    """Drop the capabilities that the new user namespace granted."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _within(stage: Path, path: Path) -> Path:
    return stage / path.relative_to("/")


def _bind(path: Path, place: Path) -> None:
    """Bind-mount `path` at `place`, read-only."""
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(str(path), place, None, MS_BIND | MS_REC)
    device = 0 if path in DEVICES else MOUNT_ATTR_NODEV
    _set_attributes(place, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | device, AT_RECURSIVE)


def _link(path: Path, stage: Path) -> None:
    """Where `path` is a symbolic link, create it in the stage as well."""
    place = _within(stage, path)
    if path != path.resolve() and not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path.resolve())


def _mount(source: str | None, target: Path, kind: str | None, flags: int, data: str = "") -> None:
    words = [word and word.encode() for word in (source, str(target), kind)]
    done = _libc.mount(*words, ctypes.c_ulong(flags), data.encode())
    _check(done, f"mount {target}")


def _set_attributes(place: Path, attributes: int, how: int = 0) -> None:
    wanted = (ctypes.c_uint64 * 4)(attributes)
    arguments = ctypes.c_long(AT_FDCWD), str(place).encode(), ctypes.c_long(how), wanted
    size = ctypes.c_long(ctypes.sizeof(wanted))
    done = _libc.syscall(ctypes.c_long(MOUNT_SETATTR), *arguments, size)
    _check(done, f"mount_setattr {place}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
