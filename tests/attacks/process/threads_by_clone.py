"""Starts thousands of threads past the C library, which would count them."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

THREAD = 0x003D0F00
# What a thread needs: a stack, and a place for what is its own, which begins with its own address.
memory = [ctypes.create_string_buffer(1 << 15) for _ in range(100)]
addresses = [ctypes.addressof(block) + (1 << 14) & ~63 for block in memory]
for address in addresses:
    for offset in (0, 16):
        ctypes.c_uint64.from_address(address + offset).value = address
started = 0
for address in addresses:
    stack, own = ctypes.c_void_p(address - 256), ctypes.c_void_p(address)
    if libc.clone(libc.pause, stack, THREAD, None, own, own, own) > 0:
        started += 1

if started > 64:
    raise RuntimeError(f"it started {started} threads")
