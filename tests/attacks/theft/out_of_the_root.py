"""Climbs out of its file system: upwards, by open folders, by a root of its own."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

os.chdir("/")
for _ in range(100):
    os.chdir("..")
CHROOT, PIVOT, FCHDIR = (161, 155, 81) if X86 else (51, 41, 50)
got = [file for file in range(3, 64) if call(FCHDIR, file) >= 0]
got += [path for path in ("etc", "boot", "proc", "run", ".old") if os.path.lexists(path)]

if got:
    raise RuntimeError(f"it got {got[:5]}")
expect_none(chroot=(CHROOT, b"/"), pivot=(PIVOT, b".", b"."))
