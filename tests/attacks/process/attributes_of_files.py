"""Makes files immutable, its own and those of others."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

own = os.open("attack", os.O_CREAT | os.O_RDWR)
other = os.open(np.__file__, os.O_RDONLY)
IOCTL, SET_FLAGS, SET_PROJECT = 16 if X86 else 29, 0x40086602, 0x401C5820
flags, attributes = (ctypes.create_string_buffer(size) for size in (8, 64))
expect_none(
    flags=(IOCTL, own, SET_FLAGS, flags),
    flags_of_other=(IOCTL, other, SET_FLAGS, flags),
    project=(IOCTL, own, SET_PROJECT, attributes),
    high=(IOCTL, own, SET_FLAGS | HIGH_BIT, flags),
    file_getattr=(468, -100, b"attack", attributes, 24, 0),
    file_setattr=(469, -100, b"attack", attributes, 24, 0),
    file_setattr_of_other=(469, -100, np.__file__.encode(), attributes, 24, 0),
)
