"""A student's way in JupyterLab, in a browser: run, fail, read, fix, pass."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab")
pytest.importorskip("playwright")

from playwright.sync_api import Locator, Page

from tests.courses import ROOT
from tests.docs.browser import chromium

pytestmark = pytest.mark.slow

PATIENCE = 120_000  # milliseconds, for a kernel on a busy machine
WRONG = "return np.clip(user_factors @ movie_factors.T, 1, 5)"
RIGHT = "return user_factors @ movie_factors.T"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on a copy of the students' notebook of part 1."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "exercises" / "part1"
    shutil.copytree(ROOT / "exercises" / "part1", folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root"]
    command += [
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=",
        "--expose-app-in-browser",
    ]
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME")}
    with (home / "log").open("w") as log:
        environment = os.environ | own | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, home / "log")
            yield f"http://127.0.0.1:{port}/lab/tree/part1.ipynb"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text())


def cell_with(page: Page, text: str) -> Locator:
    return page.locator(".jp-CodeCell", has_text=text).first


def run(page: Page, cell: Locator) -> None:
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def output_of(cell: Locator, text: str) -> Locator:
    found = cell.locator(".jp-OutputArea-output", has_text=text)
    found.wait_for(timeout=PATIENCE)
    return found


def test_run_fail_read_fix_pass(lab: str, tmp_path: Path) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(lab)
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=PATIENCE)
        page.evaluate("window.jupyterapp?.commands.execute('application:toggle-left-area')")
        page.get_by_text("| Idle").wait_for(timeout=PATIENCE)  # the kernel is there
        for text in ("from grading.notebook import", "import numpy as np"):
            run(page, cell_with(page, text))
        code, check = cell_with(page, "def reconstruct"), cell_with(page, 'check("1.4")')
        run(page, code)
        run(page, check)
        output_of(check, "1.4 reconstruct: not started")

        answer(page, code, WRONG)
        run(page, check)
        told = output_of(check, "✗ 1.4 reconstruct")
        assert "returned" in told.inner_text()
        assert "expected" in told.inner_text()
        assert 'hint("1.4")' in told.inner_text()
        assert told.locator("table th").count() >= 3
        page.screenshot(path=os.environ.get("SCREENSHOT", tmp_path / "failed.png"))

        answer(page, code, RIGHT)
        run(page, check)
        output_of(check, "✓ 1.4 reconstruct: passed")


def answer(page: Page, cell: Locator, line: str) -> None:
    """Type the function anew, as a student would, and run the cell."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"def reconstruct(user_factors, movie_factors):\n    {line}")
    page.keyboard.press("Control+Enter")
