"""The app in a browser: with and without its scripts, by mouse and by keyboard."""

# ruff: noqa: E402

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

for package in ("fastapi", "uvicorn", "playwright", "axe_playwright_python"):
    pytest.importorskip(package, reason="needs the extras: pip install -e '.[app,dev]'")

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from authoring.screenshot import running
from data.synthetic_ratings import GENRES, make_ratings
from data.titles import title_movies
from tutorial.app.library import Library
from tutorial.app.recommenders import Counting
from tutorial.app.site import Site
from tutorial.code import CodeError
from tutorial.ladder import Rung
from tutorial.titles import readable

pytestmark = pytest.mark.slow

R = "3.5-8.4-20.2"
PAGES = (f"/?r={R}", "/?q=the", "/user?id=7", "/movies", "/movie/3", "/map?genre=Drama")
PAGES += ("/quality", "/nothing")
AXE = """rules => axe.run({preload: false, resultTypes: ['violations'], ...rules})
    .then(found => found.violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 99)}`))"""
NAMED = """[...document.querySelectorAll('.point.named text')].map(text => {
    const box = text.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})"""


@pytest.fixture(scope="module")
def library() -> Library:
    """An invented data set."""
    invented = make_ratings(0, n_users=100, n_movies=150, n_ratings=4000)
    names = [
        [name for name, has in zip(GENRES, row, strict=True) if has] for row in invented.genres
    ]
    stars = np.zeros((100, 150), dtype=np.uint8)
    stars[invented.user_idx, invented.movie_idx] = invented.rating
    titles = [readable(title) for title in title_movies(names)]
    return Library(
        np.arange(1, 151), titles, names, np.arange(1, 101), stars, "a test", is_synthetic=True
    )


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    ladder = [
        Rung("the most rated", None, 0.185),
        Rung("factors, trained on stars", 0.915, 0.125),
        Rung("factors, trained to rank", None, 0.3),
    ]
    with running(Site(library, Counting(library), None, own=False, ladder=ladder)) as address:
        yield address


@pytest.fixture(scope="module")
def waiting(library: Library) -> Iterator[str]:
    """An app whose code is not done yet."""
    fault = CodeError("…", "torch has no `sum`", "exercises/part3/model.py, line 31", "3")
    with running(Site(library, Counting(library), fault, own=True, ladder=fault)) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def listed(page: Page) -> list[str]:
    """The recommended movies."""
    movies = page.locator(".result .picks li")
    return [str(item.get_attribute("data-movie")) for item in movies.all()]


def changes(page: Page, act: Callable[[], Any]) -> list[str]:
    """The list after something that changes it."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before)
    page.wait_for_function(
        "location.search === new URL(document.querySelector('.brand').href).search"
    )
    return listed(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_loads_nothing_from_elsewhere_and_has_no_fault_for_axe(
    browser: Browser, address: str, waiting: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    errors: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    found = {}
    for url in [*(address + path for path in PAGES), waiting]:
        page.emulate_media(color_scheme="light")
        page.goto(url)
        page.evaluate(AXE_SCRIPT)
        faults = page.evaluate(AXE, {})
        page.emulate_media(color_scheme="dark")
        faults += page.evaluate(AXE, {"runOnly": ["color-contrast"]})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append("scrolls sideways")
        if faults:
            found[url] = faults
    page.close()
    assert not found
    assert not errors
    assert [url for url in requests if not url.startswith((address, waiting))] == []


def test_a_click_on_a_star_changes_the_list_and_goes_on_to_the_next_movie(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.evaluate("window.stayed = true")
    seen = [listed(page)]
    for number in range(3):
        second = page.locator("[aria-labelledby=to-rate] .stars").nth(1)
        seen.append(changes(page, second.get_by_role("button", name="5 stars").click))
        assert f"{number + 1} rated" in page.locator("#said").inner_text()
        assert page.evaluate(
            "document.activeElement.closest('.stars') === "
            "document.querySelectorAll('[aria-labelledby=to-rate] .stars')[1]"
        )
    assert len({tuple(movies) for movies in seen}) == 4
    assert page.evaluate("window.stayed"), "the page was loaded again"
    assert page.locator(".result .picks .badge", has_text="new").count()
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.rated li').length === 2")
    assert listed(page) == seen[2]


def test_two_quick_clicks_both_count(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(
        "document.querySelectorAll('[aria-labelledby=to-rate] .stars').forEach("
        "(stars, at) => at < 3 && stars.lastElementChild.click())"
    )
    page.wait_for_function("document.querySelectorAll('.rated li').length === 3")


def test_the_search_finds_while_one_types(page: Page, address: str, library: Library) -> None:
    page.goto(f"{address}/?r={R}")
    word = max(library.titles[0].split(), key=len)
    page.get_by_label("Find a movie").press_sequentially(word)
    page.get_by_role("heading", name=f"with “{word}” in the title").wait_for()
    assert page.get_by_label("Find a movie").input_value() == word
    assert page.evaluate("document.activeElement.id") == "q"
    assert R in page.url


def test_without_scripts_the_same_forms_work(
    browser: Browser, address: str, page: Page, library: Library
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    for other in (plain, page):
        other.goto(address)
        changes_here = other.locator("[aria-labelledby=to-rate] .stars").first
        changes_here.get_by_role("button", name="5 stars").click()
        other.wait_for_url(re.compile(r"r=\d+\.5$"))
    page.wait_for_function("document.querySelectorAll('.rated li').length === 1")
    assert listed(plain) == listed(page)
    plain.get_by_label("Find a movie").fill("the")
    plain.get_by_label("Find a movie").press("Enter")
    plain.get_by_role("heading", name="with “the” in the title").wait_for()
    plain.goto(f"{address}/map")
    assert plain.locator(".point.named").count() > 3
    context.close()


def test_the_keyboard_is_enough(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    while not page.evaluate("document.activeElement.matches('.stars button')"):
        page.keyboard.press("Tab")
    changes(page, lambda: page.keyboard.press("Enter"))
    assert re.search(r"r=\d+\.1$", page.url)


def test_the_map_zooms_and_moves_by_wheel_keys_and_buttons(page: Page, address: str) -> None:
    page.goto(f"{address}/map")
    view = lambda: [float(n) for n in page.locator("#map").get_attribute("viewBox").split()]  # noqa: E731
    whole = view()
    assert_no_overlap(page)
    named = page.locator(".point.named").count()
    page.locator("#map").hover()
    page.mouse.wheel(0, -400)
    page.wait_for_function("document.querySelector('#map').viewBox.baseVal.width < 500")
    assert_no_overlap(page)
    before = view()
    page.locator("#map").press("ArrowLeft")
    assert view()[0] < before[0]
    page.get_by_role("button", name="Zoom in").click()
    assert view()[2] < before[2]
    page.get_by_role("link", name="Drama").click()
    page.wait_for_function("document.querySelectorAll('.dim').length > 0")
    assert view()[2] < before[2], "another genre is shown in the same place"
    page.locator("#map").press("0")
    assert view() == whole
    page.get_by_role("link", name="all", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.dim').length === 0")
    assert page.locator(".point.named").count() == named
    page.locator(".point.named").first.click()
    page.wait_for_url(re.compile(r"/movie/\d+$"))


def assert_no_overlap(page: Page) -> None:
    boxes = page.evaluate(NAMED)
    assert len(boxes) > 5
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (one, other)
