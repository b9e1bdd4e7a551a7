"""Has all disks written, again and again, which holds up everybody."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

module = os.open(np.__file__, os.O_RDONLY)
expect_none(
    sync=(162 if X86 else 81,),
    one_disk=(306 if X86 else 267, module),
    one_file=(74 if X86 else 82, module),
    range=(277 if X86 else 84, module, 0, 0, 7),
)
