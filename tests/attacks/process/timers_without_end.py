"""Asks for timers, events and queues, which take the kernel's memory."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

buffer = ctypes.create_string_buffer(256)
expect_none(
    timer=(222 if X86 else 107, 0, 0, buffer),
    timer_file=(283 if X86 else 85, 0, 0),
    event_file=(290 if X86 else 19, 0, 0),
    poll_file=(291 if X86 else 20, 0),
    signal_file=(289 if X86 else 74, -1, buffer, 8, 0),
    aio=(206 if X86 else 0, 100, buffer),
    queue=(240 if X86 else 180, b"attack", 0o102, 0o600, 0),
)
