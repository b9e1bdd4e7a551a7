"""Opens a connection to anywhere, by any protocol."""

import contextlib
import socket

STATES = {}
SCORE = 5

got = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        with contextlib.suppress(OSError):
            got.append(socket.socket(family, kind))
with contextlib.suppress(OSError):
    got += socket.socketpair()
with contextlib.suppress(OSError):
    got += socket.getaddrinfo("example.org", 80)

if got:
    raise RuntimeError(f"it got {got[:3]}")
