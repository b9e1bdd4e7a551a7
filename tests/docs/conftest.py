"""What is shared by the tests that open pages in a browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Closed before other tests: an open one has an event loop that disturbs theirs."""
    from tests.docs.browser import chromium

    with chromium() as browser:
        yield browser
