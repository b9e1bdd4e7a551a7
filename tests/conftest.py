"""What all tests share: how they are distributed over processes, and their surroundings.

`pytest -n 2` gives each process whole files, whose tests share fixtures, and single tests of the
files in `SPLIT`. What takes longest begins first.
"""

import os
import signal
from typing import Any

import pytest

# A script in the background has its commands ignore Ctrl-C, and `nohup` a terminal that is closed:
# so would what the tests start and end in these ways.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Options for the tests are not meant for the pytest that they start.
os.environ.pop("PYTEST_ADDOPTS", None)

# Files of tests that share little, so that any process can run any of them.
SPLIT = ("tests/attacks/test_attacks.py", "tests/attacks/test_constants_and_echoes.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, in the order of `pytest_collection_modifyitems`."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return nodeid if file in SPLIT else file

    config.option.loadscopereorder = False  # by number of tests, which says little
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Over several processes, first the files with slow tests: at the end others would wait."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)
