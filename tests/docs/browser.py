"""One page in a headless Chromium: what a reader would see, and what they would miss."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Error, Page, sync_playwright

WIDTHS = (360, 768, 1440)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "needs Chromium or Chrome: apt-get install chromium (Debian, Ubuntu), brew install --cask "
    "chromium (macOS), or its path in the variable CHROMIUM"
)

IMAGES = "[...document.images].filter(image => !image.naturalWidth).map(image => image.src)"
IDS = "[...document.querySelectorAll('[id]')].map(element => element.id)"
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
FORMULAS = """[...document.querySelectorAll('.math')]
    .filter(formula => !formula.querySelector('mjx-container svg')
        || formula.querySelector('[data-mjx-error]'))
    .map(formula => formula.textContent)"""
PROSE = """(() => {
    const article = document.querySelector('main').cloneNode(true);
    article.querySelectorAll('code, pre, script, style, .math').forEach(other => other.remove());
    return article.textContent;
})()"""
FOLDED = """[...document.querySelectorAll('article details')]
    .filter(fold => !fold.open || !fold.lastElementChild.checkVisibility()
        || fold.lastElementChild.tagName === 'SUMMARY')
    .map(fold => fold.querySelector('summary').textContent)"""
TOO_WIDE = """(() => {
    const edge = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('article > section > *, article h2, article img')]
        .filter(element => element.getBoundingClientRect().right > edge + 1)
        .filter(element => getComputedStyle(element.parentElement).overflowX !== 'auto')
        .map(element => element.outerHTML.slice(0, 120));
    return document.documentElement.scrollWidth > edge ? [...wide, 'the page'] : wide;
})()"""
CLIPPED = """selector => [...document.querySelectorAll(selector)]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent)"""
AXE = """([scheme, rules]) => axe.run({preload: false, resultTypes: ['violations'], ...rules})
    .then(found => found.violations.filter(({impact}) => /serious|critical/.test(impact)))
    .then(found => found.map(({id, nodes}) => `${scheme}: ${id}: ${nodes[0].html.slice(0, 99)}`))"""


@dataclass(frozen=True)
class Visit:
    """What came up while one page was open; everything but `ids` and `links` should be empty."""

    errors: list[str]
    requests: list[str]
    broken_images: list[str]
    raw_formulas: list[str]
    still_folded: list[str]
    too_wide: list[str]
    cut_off: list[str]
    inaccessible: list[str]
    ids: list[str]
    links: list[str]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that is installed here; skips, but in CI fails, where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path,
                channel=None if path else "chrome",
                args=["--no-sandbox"] if as_root else [],
            )
        except Error as error:
            say = pytest.fail if os.environ.get("CI") else pytest.skip
            say(f"{MISSING} ({str(error).splitlines()[0]})")
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser) -> Iterator[tuple[Page, list[str], list[str]]]:
    """An empty tab, with lists of errors and of requests that grow while pages are open in it."""
    page = browser.new_page(color_scheme="light")
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(f"not loaded: {request.url}"))
    page.on("request", lambda request: requests.append(request.url))
    yield page, errors, requests
    page.close()


@contextmanager
def opened(
    browser: Browser, file: Path, query: str = ""
) -> Iterator[tuple[Page, list[str], list[str]]]:
    """A page in a tab of its own."""
    with tab(browser) as (page, errors, requests):
        page.goto(file.as_uri() + query)
        yield page, errors, requests


def visit(browser: Browser, files: Iterable[Path]) -> Iterator[Visit]:
    """Open each page, unfold what is folded, and look at it in all widths and both colour schemes.

    All in one tab, which need not load again what pages share.
    """
    with tab(browser) as (page, errors, requests):
        for file in files:
            errors.clear()
            requests.clear()
            yield _seen(page, file, errors, requests)


def _seen(page: Page, file: Path, errors: list[str], requests: list[str]) -> Visit:
    page.emulate_media(color_scheme="light")
    page.goto(file.as_uri())
    page.evaluate("window.MathJax && MathJax.startup && MathJax.startup.promise")
    for summary in page.locator("article details > summary").all():
        summary.click()
    return Visit(
        broken_images=page.evaluate(IMAGES),
        raw_formulas=page.evaluate(FORMULAS) + _delimiters(page.evaluate(PROSE)),
        still_folded=page.evaluate(FOLDED),
        too_wide=[f"{width}: {what}" for width in WIDTHS for what in _too_wide(page, width)],
        inaccessible=_axe(page),
        cut_off=_cut_off(page),
        ids=page.evaluate(IDS),
        links=page.evaluate(LINKS),
        errors=[*errors],
        requests=[url for url in requests if not url.startswith(("file:", "data:", "blob:"))],
    )


def _delimiters(prose: str) -> list[str]:
    return re.findall(r"\$[^$\n]*\$|\$\$|\\[()\[\]]", prose)


def _too_wide(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(TOO_WIDE)


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += page.evaluate(AXE, [scheme, rules])
    return found


def _cut_off(page: Page) -> list[str]:
    """Code, were it not to break its lines, and titles of neighbouring pages on a narrow screen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.add_style_tag(content=".bd-article pre { white-space: pre !important }")
    cut_off = page.evaluate(CLIPPED, "pre")
    page.set_viewport_size({"width": 390, "height": 900})
    return cut_off + page.evaluate(CLIPPED, ".prev-next-area :is(a, p)")
