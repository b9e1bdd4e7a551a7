"""What holds for every page: nothing in it runs or is loaded, and it can be read in order."""

import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise

import pytest

from grading.batch.adjustments import Rules
from grading.batch.records import HiddenRecord, Record
from grading.manifest import Course
from grading.reports.feedback import csp_hash, feedback_html
from grading.reports.history import history_html, with_run
from grading.reports.items import analysis
from grading.reports.overview import overview_html
from tests.records import grade, record, task, ungradable
from tests.reports.elements import parse

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    '" onclick="alert(1)\'{{ 7 * 7 }}\x1b[31m\u202e\x00'
)
LONG = "A" * 100_000


def feedback(course: Course, of: Record) -> str:
    return feedback_html(course, of, grade(of))


def overview(course: Course, of: Record) -> str:
    return overview_html(course, [of], [grade(of)], analysis([of]))


def history(course: Course, of: Record) -> str:
    before = {of.student_id: record(of.student_id)}
    return history_html(course, with_run([], before, {of.student_id: of}, Rules(), Rules()))


Page = Callable[[Course, Record], str]
every_page = pytest.mark.parametrize("page", [feedback, overview, history])


def full_of(text: str, **changes: str) -> Record:
    """A record in which every text is this one."""
    texts = dict.fromkeys(("reason", "submitted", "started", "sandbox", "checks_sha256"), text)
    return record(
        text,
        (task("3.2", text, message=text, looks_like=text, title=text, score=1),),
        (HiddenRecord(text, "3.2", 0, 1, text),),
        **{**texts, "submission_sha256": text, "warnings": (text,), **changes},
    )


@every_page
@pytest.mark.parametrize("status", ["complete", "incomplete", "ungradable", HOSTILE])
def test_no_text_of_a_record_becomes_an_element_or_a_control_character(
    course: Course, page: Page, status: str
) -> None:
    html = page(course, full_of(HOSTILE, status=status))
    found = parse(html)
    assert not any("alert" in script.text for script in found.all("script"))
    assert not list(found.all("img"))
    assert not any(name.startswith("on") for one in found.all() for name in one.attributes)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    assert "{{ 7 * 7 }}" in found.text and "\ufffd[31m" in html
    html.encode("utf-8")


@every_page
def test_very_long_texts_are_cut(course: Course, page: Page) -> None:
    assert len(page(course, full_of(LONG, status="incomplete"))) < 70_000
    lines = task("3.2", "wrong", message="line\n" * 100_000)
    assert len(page(course, record(tasks=(lines,)))) < 60_000


@every_page
def test_nothing_is_loaded_and_only_its_own_files_are_linked(course: Course, page: Page) -> None:
    html = page(course, record(tasks=(task("3.2", "wrong"),)))
    assert "http://" not in html and "https://" not in html
    found = parse(html)
    assert not [one for one in found.all() if "src" in one.attributes]
    links = {one.attributes["href"] for one in found.all() if "href" in one.attributes}
    own = {"data:,", "analysis.csv", "history.html", "index.html", "feedback/ada.html"}
    assert links <= ({"data:,"} if page is feedback else own)


@every_page
def test_only_the_scripts_of_the_page_may_run(course: Course, page: Page) -> None:
    found = parse(page(course, record()))
    policy = found.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    hashes = [csp_hash(script.text) for script in found.all("script")]
    assert "default-src 'none'" in policy
    assert f"script-src '{' '.join(hashes) or 'none'}'" in unescape(policy)


@every_page
@pytest.mark.parametrize("one", [record(), ungradable(), record(tasks=(task("3.2", "wrong"),))])
def test_headings_are_in_order_and_the_page_says_its_language(
    course: Course, page: Page, one: Record
) -> None:
    found = parse(page(course, one))
    levels = [int(one.tag[1]) for one in found.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))
    assert found.one("html").attributes["lang"] == "en"
    assert course.title in found.one("title").text
