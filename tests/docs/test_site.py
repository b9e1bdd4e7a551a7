"""The site: it builds without a warning, and every page works from disk, in a browser.

The pages are opened in a headless Chromium over file://, so nothing that they need may come from
a network.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse
from urllib.request import url2pathname

import numpy as np
import pytest
import torch

from grading import manifest

for package in ("myst_parser", "sphinx_book_theme", "playwright", "axe_playwright_python"):
    pytest.importorskip(package, reason="needs the extra docs: pip install -e '.[docs]'")

from playwright.sync_api import Browser, Locator, expect  # noqa: E402

from authoring.figures.part1 import BEN_MEAN  # noqa: E402
from authoring.figures.part5 import (  # noqa: E402
    BIASES,
    EVA_GAVE,
    LAMBDAS,
    MEAN,
    RANKED,
    RELEVANT,
)
from authoring.figures.plane import MOVIE_PLACES, USER_PLACES  # noqa: E402
from solutions.part1.neighbours import reconstruct  # noqa: E402
from solutions.part5.recommend import fold_in, precision_at_k, recall_at_k  # noqa: E402
from tests.courses import ROOT  # noqa: E402
from tests.docs.browser import Visit, opened, visit  # noqa: E402

pytestmark = pytest.mark.slow

COURSE = manifest.load(ROOT)
REFERENCE = ["api/index.html", "api/data.html"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built as `make docs` does, in which a warning is an error."""
    folder = tmp_path_factory.mktemp("docs")
    options = ["-W", "--keep-going", "-q", "-c", "docs", "-d", str(folder / "doctrees")]
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ".", str(folder / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def visits(browser: Browser, site: Path) -> dict[str, Visit]:
    """By address, after one visit each, all pages, but of the reference two.

    Sphinx makes those of packages alike, and checks their links.
    """
    pages = [path.name for path in sorted(site.glob("*.html"))] + REFERENCE
    return dict(zip(pages, visit(browser, [site / page for page in pages]), strict=True))


def found(visits: dict[str, Visit], what: Callable[[Visit], list[str]]) -> dict[str, list[str]]:
    """The pages on which something was found."""
    return {page: what(seen) for page, seen in visits.items() if what(seen)}


def test_the_lessons_and_all_other_pages_are_there(site: Path) -> None:
    people = ["students", "instructors", "running", "scale", "maintainers"]
    others = ["index", "promise", "audit", "data", "search", "api/index"]
    for name in [*(part.folder for part in COURSE.parts), *people, *others]:
        assert (site / f"{name}.html").is_file(), name


def test_every_module_is_in_the_reference(site: Path) -> None:
    reference = "".join(path.read_text("utf-8") for path in (site / "api").glob("*.html"))
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("grading", "data")
        for path in (ROOT / package).rglob("*.py")
        if path.name not in ("__main__.py", "nbgrader_config.py")
    ]
    assert len(modules) > 40
    assert not [name for name in modules if f'id="module-{name}"' not in reference]


def test_no_page_reports_an_error(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.errors)


def test_no_page_asks_for_anything_but_its_own_files(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.requests)


def test_all_images_are_loaded(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.broken_images)


def test_all_formulas_are_drawn(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.raw_formulas)


def test_folded_answers_open_on_a_click(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.still_folded)


def test_no_page_scrolls_sideways(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.too_wide)


def test_no_code_and_no_title_of_a_neighbouring_page_is_cut_off(visits: dict[str, Visit]) -> None:
    lessons = {part.folder: visits[f"{part.folder}.html"] for part in COURSE.parts}
    assert not found(lessons, lambda seen: seen.cut_off)


def test_axe_finds_nothing_serious_in_light_or_dark(visits: dict[str, Visit]) -> None:
    assert not found(visits, lambda seen: seen.inaccessible)


def test_links_within_the_site_lead_to_a_place_that_is_there(
    visits: dict[str, Visit], site: Path
) -> None:
    def dead(seen: Visit) -> list[str]:
        return [link for link in seen.links if link.startswith("file:") and not leads(link)]

    def leads(link: str) -> bool:
        address, anchor = urldefrag(link)
        path = Path(url2pathname(urlparse(address).path))
        if not path.is_relative_to(site) or not path.is_file():
            return False
        page = visits.get(path.relative_to(site).as_posix())
        return not anchor or page is None or unquote(anchor) in page.ids

    assert not found(visits, dead)


def test_on_a_narrow_screen_the_column_asked_about_is_there_and_what_scrolls_says_so(
    browser: Browser, site: Path
) -> None:
    with opened(browser, site / "part1.html") as (page, errors, _):
        page.set_viewport_size({"width": 390, "height": 900})
        asked = page.get_by_role("columnheader", name="Blade Runner").first.bounding_box()
        assert asked is not None and asked["x"] + asked["width"] <= 390
        figure = page.locator("p:has(> img[src$='rating-matrix.svg'])")
        expect(figure).to_have_class("more")
        figure.evaluate("box => box.scrollLeft = box.scrollWidth")
        expect(figure).not_to_have_class("more")
    assert not errors


def test_on_a_narrow_screen_a_plot_with_one_panel_is_seen_whole(
    browser: Browser, site: Path
) -> None:
    with opened(browser, site / "part6.html") as (page, _, _):
        page.set_viewport_size({"width": 390, "height": 900})
        for name in ("genre-auc", "movie-map"):
            plot = page.locator(f"img[src$='{name}.svg']").bounding_box()
            assert plot is not None and plot["width"] > 340 and plot["x"] + plot["width"] <= 390


# Toys: what they show is what Python computes.


def stars_in(toy: Locator) -> list[tuple[str, str]]:
    """Titles and stars of the list in a toy, as they stand there."""
    return re.findall(r"(.+?) (\S+) ★", "\n".join(toy.locator("ol > li").all_inner_texts()))


def best_first(scores: Iterable[float], titles: Iterable[str]) -> list[tuple[str, str]]:
    found = sorted(zip(titles, scores, strict=True), key=lambda pair: -pair[1])
    return [(title, said(score)) for title, score in found]


def said(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")


def press(slider: Locator, key: str, times: int = 1) -> None:
    for _ in range(times):
        slider.press(key)


def test_ben_is_moved_by_keys_and_by_dragging_and_his_list_follows(
    browser: Browser, site: Path
) -> None:
    movies = np.array(list(MOVIE_PLACES.values()))

    def expected(space: float, light: float) -> list[tuple[str, str]]:
        (row,) = reconstruct(np.array([[space, light]]), movies)
        return best_first(BEN_MEAN + row, MOVIE_PLACES)

    with opened(browser, site / "part1.html") as (page, errors, _):
        toy = page.get_by_role("group", name="drag Ben")
        space, light = toy.get_by_role("slider").all()
        assert stars_in(toy) == expected(*USER_PLACES["Ben"])
        press(space, "ArrowLeft", 12)
        press(light, "End")
        assert toy.locator("output").all_inner_texts() == ["−0.10", "1.50"]
        assert stars_in(toy) == expected(-0.1, 1.5)
        person = toy.locator(".person")
        person.hover()
        page.mouse.down()
        page.mouse.move(0, 0)  # far beyond the corner
        page.mouse.up()
        assert stars_in(toy) == expected(-2, 1.5)
        toy.get_by_role("button").click()
        assert stars_in(toy) == expected(*USER_PLACES["Ben"])
        assert "0.33 stars off" in toy.inner_text()
    assert not errors


def test_the_penalty_and_the_ratings_move_the_newcomers_vector_and_list(
    browser: Browser, site: Path
) -> None:
    def shown(toy: Locator, gave: dict[str, int], penalty: float) -> None:
        rated = torch.tensor([MOVIE_PLACES[title] for title in gave], dtype=torch.float64)
        residuals = [stars - MEAN - BIASES[title] for title, stars in gave.items()]
        vector = fold_in(rated, torch.tensor(residuals, dtype=torch.float64), penalty).numpy()
        unseen = [title for title in MOVIE_PLACES if title not in gave]
        scores = [MEAN + BIASES[title] + vector @ MOVIE_PLACES[title] for title in unseen]
        assert f"vector: ({said(vector[0])}, {said(vector[1])})" in toy.inner_text()
        assert stars_in(toy) == best_first(scores, unseen)

    with opened(browser, site / "part5.html") as (page, errors, _):
        toy = page.get_by_role("group", name="penalty")
        shown(toy, EVA_GAVE, 1)
        press(toy.get_by_role("slider"), "Home")
        shown(toy, EVA_GAVE, LAMBDAS[0])
        toy.get_by_label("Blade Runner").select_option("1")
        toy.get_by_label("Casablanca").select_option("–")
        press(toy.get_by_role("slider"), "ArrowRight", 3)
        shown(toy, {"Star Wars": 2, "Blade Runner": 1}, LAMBDAS[3])
    assert not errors


def test_the_length_of_the_list_moves_precision_and_recall(browser: Browser, site: Path) -> None:
    with opened(browser, site / "part5.html") as (page, errors, _):
        toy = page.get_by_role("group", name="how long")
        press(toy.get_by_role("slider"), "Home")
        for k in range(1, len(RANKED) + 1):
            precision, recall = (
                measure(RANKED, RELEVANT, k) for measure in (precision_at_k, recall_at_k)
            )
            assert f"precision {precision:.2f}, recall {recall:.2f}." in toy.inner_text()
            assert len(toy.locator("li.in").all()) == k
            press(toy.get_by_role("slider"), "ArrowRight")
    assert not errors


def test_the_search_finds_the_lesson_on_embeddings(browser: Browser, site: Path) -> None:
    with opened(browser, site / "search.html", "?q=embedding") as (page, errors, requests):
        page.wait_for_selector("#search-results a")
        page.wait_for_timeout(300)
        results = page.eval_on_selector_all(
            "#search-results a", "links => links.map(link => link.getAttribute('href'))"
        )
    assert any(result.startswith("part3.html") for result in results), results
    assert not errors
    assert all(url.startswith("file:") for url in requests)


BAD_PAGE = """<!doctype html>
<html lang="en"><title>bad</title><link rel="stylesheet" href="https://example.invalid/style.css">
<main><article>
<p>A formula that stayed as it was: $x^2$.</p>
<p style="color: #bbb; background: #fff">Too faint to read.</p>
<img src="not-there.svg" alt="An image that is missing">
<pre style="width: 2000px">A line that is too long.</pre>
<details onclick="event.preventDefault()"><summary>Answer</summary><p>42</p></details>
<script>throw new Error("broken")</script>
</article></main></html>
"""


def test_a_visit_notices_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(BAD_PAGE, encoding="utf-8")
    (seen,) = visit(browser, [page])
    assert "broken" in seen.errors
    assert seen.requests == ["https://example.invalid/style.css"]
    assert [Path(source).name for source in seen.broken_images] == ["not-there.svg"]
    assert seen.raw_formulas == ["$x^2$"]
    assert seen.still_folded == ["Answer"]
    assert any(what.startswith("360: ") for what in seen.too_wide)
    assert any("color-contrast" in what for what in seen.inaccessible)
