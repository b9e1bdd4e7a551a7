"""Tries every number that no call had when the filter was written."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

ALLOWED = (436, 439)  # close_range and faccessat2
got = [number for number in range(424, 1024) if number not in ALLOWED and call(number) >= 0]

if got:
    raise RuntimeError(f"it got {got[:5]}")
