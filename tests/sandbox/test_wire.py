"""Messages over a socket: whole, in order, bounded, and never waited for longer than agreed."""

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from grading.checks.evidence import MAX_BYTES, MalformedEvidence
from grading.sandbox import wire
from grading.sandbox.wire import Late, Look, WireError, receive, send, until

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon(seconds: float = 0.2) -> Look:
    return until(time.monotonic() + seconds)


def test_messages_arrive_as_they_were_sent_and_in_order(pair: Pair) -> None:
    ours, theirs = pair
    messages = [b"", b"\0", b"ready", bytes(range(256)) * 100]
    for message in messages:
        send(theirs, message)
    assert [receive(ours, soon()) for _ in messages] == messages


def test_the_longest_message_arrives_whole(pair: Pair) -> None:
    ours, theirs = pair
    message = b"x" * MAX_BYTES
    sender = threading.Thread(target=send, args=(theirs, message))
    sender.start()
    assert receive(ours, soon(10)) == message
    sender.join()


def test_before_the_message_comes_its_length_little_endian(pair: Pair) -> None:
    ours, theirs = pair
    send(theirs, b"abc")
    assert ours.recv(100) == b"\x03\0\0\0abc"


@pytest.mark.parametrize("beginning", [b"", b"\x05\0", b"\x05\0\0\0", b"\x05\0\0\0half"])
def test_one_who_says_nothing_more_is_late_and_one_who_leaves_is_gone(
    pair: Pair, beginning: bytes
) -> None:
    ours, theirs = pair
    theirs.sendall(beginning)
    started = time.monotonic()
    with pytest.raises(Late):
        receive(ours, soon(0.1))
    assert 0.1 <= time.monotonic() - started < 1
    theirs.sendall(beginning)
    theirs.close()
    with pytest.raises(WireError, match="the other side is gone"):
        receive(ours, soon())


def test_one_who_drips_is_late_as_well(pair: Pair) -> None:
    ours, theirs = pair
    done = threading.Event()

    def drip() -> None:
        theirs.sendall(struct.pack("<I", 10_000))
        while not done.wait(0.02):
            theirs.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    with pytest.raises(Late):
        receive(ours, soon(0.3))
    assert time.monotonic() - started < 1
    done.set()
    dripping.join()


def test_a_message_may_be_as_long_as_evidence_and_no_longer(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    theirs.sendall(struct.pack("<I", MAX_BYTES + 1))
    message = f"^{MAX_BYTES + 1} bytes are more than the {MAX_BYTES} allowed$"
    with pytest.raises(MalformedEvidence, match=message):  # at once, though nothing follows
        receive(ours)
    monkeypatch.setattr(wire, "MAX_BYTES", 4)
    send(theirs, b"four")
    assert receive(ours, soon()) == b"four"


def test_who_sends_to_one_who_is_gone_is_told(pair: Pair) -> None:
    ours, theirs = pair
    theirs.close()
    with pytest.raises(WireError):
        send(ours, b"hello", soon())


def test_who_sends_to_one_who_does_not_read_does_not_wait_for_ever(pair: Pair) -> None:
    ours, _ = pair
    started = time.monotonic()
    with pytest.raises(Late):
        send(ours, b"x" * (8 << 20), soon())
    assert time.monotonic() - started < 1
