"""`python -m authoring.screenshot`: the picture of the app in lesson 1, taken in a browser.

Its users, movies and ratings are the stand-in's, so that nothing of MovieLens is in it. Take it
again when the page looks different. It needs the extra `dev`, and Chromium.
"""

import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from data import load
from grading import manifest
from grading.backup import write_whole
from tutorial.app.library import read_library
from tutorial.app.pages import create
from tutorial.app.recommenders import Counting
from tutorial.app.serve import bind
from tutorial.app.site import Site

PICTURE = Path("exercises") / "part1" / "figures" / "app.png"
SIZE = {"width": 960, "height": 980}  # the narrowest with two columns, so that its text is large
STARS = (5, 2, 4, 5, 1, 4)  # for one suggested movie after the other
COLOURS = 64
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> None:
    """Start the app on the stand-in, rate some movies, and take the picture."""
    course = manifest.load()
    with tempfile.TemporaryDirectory() as folder:
        library = read_library(load(download=None, cache=Path(folder)))
    # by counting, as in a student's copy on the first day
    with running(Site(library, Counting(library), model=None, own=False, ladder=[])) as address:
        picture = taken(address)
    few = (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    write_whole(course.root / PICTURE, file.getvalue())
    print(f"{PICTURE}: {len(file.getvalue()) // 1000} KB")


@contextmanager
def running(site: Site) -> Iterator[str]:
    """The app in another thread: its address."""
    with closing(bind(0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create(site), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield "http://{}:{}".format(*listening.getsockname())
        finally:
            server.should_exit = True
            thread.join()


def taken(address: str) -> bytes:
    """A PNG of the page after some ratings."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", device_scale_factor=1.25)  # type: ignore[arg-type]
        page.goto(address)
        for number, stars in enumerate(STARS):
            rate(page, stars)
            page.get_by_text(f"You rated {number + 1} movie").wait_for()
        page.mouse.move(0, 0)  # where it changes no colour
        page.evaluate("document.activeElement.blur()")
        picture = page.screenshot()
        browser.close()
    return picture


def rate(page: Page, stars: int) -> None:
    """Give the first suggested movie some stars."""
    first = page.locator("[aria-labelledby=to-rate] .stars").first
    first.get_by_role("button").nth(stars - 1).click()


if __name__ == "__main__":
    main()
