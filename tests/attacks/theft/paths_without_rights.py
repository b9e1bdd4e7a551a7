"""Opens files only as paths, which needs no right, and goes on from there."""

import contextlib

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

got = []
for path in ("/usr/bin/env", "/usr", "/"):
    handle = os.open(path, os.O_PATH)
    with contextlib.suppress(OSError):
        os.execve(handle, ["env"], {})
    with contextlib.suppress(OSError):
        os.link(f"/proc/self/fd/{handle}", "attack")
        got.append(path)
    if call(265 if X86 else 37, handle, b"", -100, b"attack", 0x1000) >= 0:
        got.append(path)

if got:
    raise RuntimeError(f"it got {got}")
