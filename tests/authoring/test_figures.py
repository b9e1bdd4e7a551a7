"""The lessons' figures: all there, legible, described, and the same in every build."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyBboxPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from authoring import figures
from authoring.figures import Drawing, style
from grading import manifest
from tests.courses import ROOT

COURSE = manifest.load(ROOT)
DRAWINGS = list(figures.drawings(COURSE))

MOST_BYTES = 120_000
PICTURE_OF_APP = Path("exercises/part1/figures/app.png")  # taken by `authoring.screenshot`
SIZE = re.compile(r"scale\((?P<size>[\d.]+) -(?P=size)\)")  # of a letter that is drawn as a path
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>figures/[^)\s]+)\)")

each_drawing = pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda d: d.path.stem)


# Which figures there are


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_a_lesson_shows_each_figure_that_is_drawn_and_says_what_is_on_it(
    part: manifest.Part,
) -> None:
    lesson = (COURSE.exercises / part.folder / "README.md").read_text(encoding="utf-8")
    pictures = list(PICTURE.finditer(lesson))
    shown = {Path("exercises") / part.folder / picture["file"] for picture in pictures}
    folder = figures.folder(part)
    drawn = {drawing.path for drawing in DRAWINGS if drawing.path.parent == folder}
    assert shown == drawn | ({PICTURE_OF_APP} if part.number == 1 else set())
    assert all(len(picture["alt"]) > 20 for picture in pictures)


def test_the_picture_of_the_app_is_small() -> None:
    picture = (ROOT / PICTURE_OF_APP).read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) < MOST_BYTES


@each_drawing
def test_a_figure_comes_with_a_line_for_those_who_do_not_see_it_and_a_caption(
    drawing: Drawing,
) -> None:
    assert 40 < len(drawing.alt) < 260
    assert 20 < len(drawing.caption) < 160
    assert "[" not in drawing.alt, "brackets end a picture's text in Markdown"
    assert drawing.alt.endswith(".") and drawing.caption.endswith((".", ")"))


# The files


def test_matplotlib_is_not_imported_before_something_is_drawn() -> None:
    code = "import sys, authoring.build; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@each_drawing
def test_a_figure_is_the_same_whatever_the_users_settings_of_matplotlib(drawing: Drawing) -> None:
    first = drawing.svg()
    with matplotlib.rc_context({"font.size": 30, "font.family": "serif", "axes.grid": True}):
        assert drawing.svg() == first
    assert "<dc:date>" not in first


@each_drawing
def test_a_figure_is_small_and_draws_its_letters_as_paths(drawing: Drawing) -> None:
    text = (ROOT / drawing.path).read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert "<text" not in text
    assert "<image" not in text


@each_drawing
def test_no_letter_is_too_small_to_read(drawing: Drawing) -> None:
    text = (ROOT / drawing.path).read_text(encoding="utf-8")
    width = float(re.search(r'width="([\d.]+)pt"', text)[1])
    widths = [pixels * 72 / style.PIXELS_PER_INCH for pixels in (style.WIDTH, style.NARROW)]
    assert any(width == pytest.approx(one) for one in widths)
    sizes = [100 * float(size) for size in SIZE.findall(text)]
    assert sizes
    assert min(sizes) >= style.SMALL - 1e-6


# On a dark page


@each_drawing
def test_every_colour_has_a_counterpart_on_a_dark_page(drawing: Drawing) -> None:
    text = (ROOT / drawing.path).read_text(encoding="utf-8")
    style_sheet, _, shapes = text.partition("</style>")
    assert "@media (prefers-color-scheme: dark)" in style_sheet
    used = set(re.findall(r"(?:fill|stroke): #[0-9a-f]{6}", shapes))
    assert used == set(re.findall(r"(?:fill|stroke): #[0-9a-f]{6}", style_sheet))
    behind_hatches = set(re.findall(r'fill="#[0-9a-f]{6}"', shapes))
    assert behind_hatches == set(re.findall(r'fill="#[0-9a-f]{6}"', style_sheet))


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines define it, from 1 to 21."""
    light = [
        [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
        for colour in map(to_rgb, (one, other))
    ]
    dark, bright = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in light
    )
    return (bright + 0.05) / (dark + 0.05)


LINES = (style.BLUE, style.ORANGE, style.GREEN, style.RED, style.PURPLE)


@pytest.mark.parametrize("colour", LINES)
def test_words_on_a_tint_and_lines_on_the_card_stand_out_on_a_dark_page(colour: str) -> None:
    tinted = style.dark(to_hex(style.tint(colour, 0.35)))
    assert contrast(style.dark(style.INK), tinted) > 4.5
    assert contrast(style.dark(colour), style.dark(style.CARD)) > 4.5
    assert contrast(style.dark(style.MUTED), style.dark(style.CARD)) > 4.5


# What can be seen


def drawn(draw: Callable[[], Figure]) -> tuple[list[tuple[str, Bbox]], list[Bbox], Bbox]:
    """All words and where they stand; the boxes, cells and discs on the axes; the card."""
    words: list[tuple[str, Bbox]] = []
    draw_text = Text.draw

    def note(text: Text, renderer: RendererAgg) -> None:
        if text.get_visible() and text.get_text().strip():
            words.append((text.get_text(), text.get_window_extent(renderer)))
        draw_text(text, renderer)

    with style.styled(), pytest.MonkeyPatch.context() as patch:
        figure = draw()
        canvas = FigureCanvasAgg(figure)
        patch.setattr(Text, "draw", note)
        canvas.draw()
        (card,) = figure.findobj(lambda artist: artist.get_gid() == style.CARD_ID)
        shapes = [shape for axes in figure.axes for shape in axes.patches]
        kinds = Rectangle | FancyBboxPatch | Ellipse
        boxes = [shape.get_window_extent() for shape in shapes if isinstance(shape, kinds)]
        return words, boxes, card.get_window_extent()


def inside(inner: Bbox, outer: Bbox, spare: float) -> bool:
    return (
        outer.x0 + spare <= inner.x0
        and inner.x1 <= outer.x1 - spare
        and outer.y0 + spare <= inner.y0
        and inner.y1 <= outer.y1 - spare
    )


def crowding(draw: Callable[[], Figure]) -> Iterator[str]:
    """What is wrong with the places of words."""
    words, boxes, card = drawn(draw)
    for text, place in words:
        if not inside(place, card, 4):
            yield f"{text!r} leaves the card"
        for box in boxes:
            if box.overlaps(place) and not inside(place, box, 0):
                yield f"{text!r} crosses the edge of a box"
    for (text, place), (other, its_place) in combinations(words, 2):
        if place.overlaps(its_place):
            yield f"{text!r} and {other!r} overlap"


@each_drawing
def test_words_stand_apart_on_the_card_and_within_or_beside_each_box(drawing: Drawing) -> None:
    assert list(crowding(drawing.draw)) == []


def test_words_that_overlap_or_leave_their_box_would_be_found() -> None:
    def crowded() -> Figure:
        figure, draw = style.diagram(100)
        draw.box(20, 20, 60, 40, "too long for its box")
        draw.write(80, 46, "over it")
        return figure

    for problem in ("crosses the edge of a box", "overlap"):
        assert problem in " ".join(crowding(crowded))
