"""Runs first in the sandbox: takes on its limits, gives up root's rights, and becomes the kernel.

Usage: inside.py USER_ID SUBMISSION COMMAND…, where USER_ID is 0 if there are no rights to give up.
It needs nothing but the standard library.
"""

import os
import resource
import shutil
import sys

MEMORY = 4 << 30  # bytes of its own, for each process
ADDRESS_SPACE = 12 << 30  # bytes: with the libraries, which are several GB with CUDA
CPU_SECONDS = 900  # for each process
FILE_SIZE = 64 << 20  # bytes
OPEN_FILES = 512
PROCESSES = 128  # and threads, of all processes together

LIMITS = {
    resource.RLIMIT_DATA: MEMORY,
    resource.RLIMIT_AS: ADDRESS_SPACE,
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_FSIZE: FILE_SIZE,
    resource.RLIMIT_NOFILE: OPEN_FILES,
    resource.RLIMIT_NPROC: PROCESSES,
    resource.RLIMIT_CORE: 0,
}


def main(user_id: int, submission: str, command: list[str]) -> None:
    os.umask(0)  # the files are for the user that comes next
    # Not the folder itself: nbgrader writes into it afterwards, and would follow a link left there.
    shutil.copytree(
        submission, ".", symlinks=True, dirs_exist_ok=True, copy_function=shutil.copyfile
    )
    for folder, _, _ in os.walk("."):
        os.chmod(folder, 0o777)
    os.umask(0o022)
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))
    if user_id:
        os.setgroups([])
        os.setresgid(user_id, user_id, user_id)
        os.setresuid(user_id, user_id, user_id)
    os.closerange(3, OPEN_FILES)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
