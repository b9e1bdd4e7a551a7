"""Similar submissions: which pairs are listed, and what the page, the table and the command say."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("copydetect", reason="needs the extra: pip install -e '.[similarity]'")

from grading.batch.submissions import Submission
from grading.cli import app
from grading.cli.grade_class import FOLDER
from grading.manifest import PRISTINE, Course
from grading.reports import similarity
from grading.reports.similar_pairs import lines, similarity_csv, similarity_html
from grading.reports.similarity import (
    LEAST,
    MANY,
    THRESHOLD,
    Text,
    candidates,
    compare,
    pairs,
    uncommon,
)
from tests.courses import ROOT, put
from tests.reports.disguise import disguised, reformatted, renamed, reordered, varied
from tests.reports.elements import Element, parse

HOSTILE = "</pre><script>alert(1)</script>\u202e"
LOOPS = (ROOT / "tests/right/part1/loops.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def given(course: Course) -> dict[int, set[int]]:
    return similarity.given(course)


@pytest.fixture(scope="module")
def read(course: Course, given: dict[int, set[int]]):
    """The text of a module or notebook, or None if nothing in it is the student's own."""

    def text(part: int, content: str | bytes, student: str = "ada", notebook: bool = False):
        of_part = course.part(part)
        path = of_part.notebook if notebook else of_part.path
        files = {path: content.encode() if isinstance(content, str) else content}
        found, left_out = similarity.texts(
            course, given, Submission(student, files, (), None, None)
        )
        assert not left_out
        return found[0] if found else None

    return text


def right(part: int) -> dict[str, str]:
    """Right submissions, none of which is a copy of another, by name."""
    paths = sorted((ROOT / f"tests/right/part{part}").glob("*.py"))
    return {path.stem: path.read_text(encoding="utf-8-sig") for path in paths}


def as_notebook(*cells: str) -> bytes:
    code = [{"cell_type": "code", "execution_count": None, "source": cell} for cell in cells]
    return json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5}).encode()


# Which pairs are listed


@pytest.mark.parametrize("part", range(1, 8))
def test_of_right_submissions_only_copies_are_similar(course: Course, read, part: int) -> None:
    """Copies are renamed, reordered and reformatted, each in turn and all at once."""
    stub = (course.root / PRISTINE / course.part(part).path).read_text(encoding="utf-8")
    asked_for = set(re.findall(r"\w+", stub))
    texts = [read(part, source, name) for name, source in right(part).items()]
    compared = uncommon(filter(None, texts))
    assert len(compared) >= 8
    honest = pairs(candidates(compared), 0.0)
    assert max([pair.similarity for pair in honest], default=0.0) < THRESHOLD - 0.1
    for text in compared:
        copy = read(part, disguised(text.content, asked_for), "copy")
        assert compare(text, copy).similarity > THRESHOLD + 0.1, text.student_id


@pytest.mark.parametrize("chance", [0.15, 0.3, 0.5])
@pytest.mark.parametrize("part", [1, 4])
def test_a_class_that_writes_nearly_the_reference_has_no_similar_pairs(
    course: Course, read, part: int, chance: float
) -> None:
    reference = (course.solutions / course.part(part).path).read_text(encoding="utf-8")
    texts = [read(part, varied(reference, seed, chance), f"s{seed}") for seed in range(20)]
    assert texts.count(None) < 5
    assert not pairs(candidates(uncommon(filter(None, texts))), THRESHOLD)


def test_what_many_students_wrote_is_no_evidence(read) -> None:
    texts = [read(1, LOOPS, f"s{number}") for number in range(MANY + 1)]
    assert len(pairs(candidates(uncommon(texts[:MANY])), THRESHOLD)) == MANY * (MANY - 1) // 2
    assert not uncommon(texts)


@pytest.mark.parametrize(
    "disguise", [lambda source: renamed(source, set()), reordered, reformatted]
)
def test_a_copy_shares_nearly_everything(read, disguise) -> None:
    text, copy = read(1, LOOPS), read(1, disguise(LOOPS), "copy")
    assert disguise(LOOPS) != LOOPS
    assert min(side.similarity for side in compare(text, copy).sides) > 0.9


def test_a_copy_within_a_longer_text_is_found(read) -> None:
    longer = LOOPS + right(1)["dataclass_and_helpers"]
    pair = compare(read(1, LOOPS), read(1, longer, "copy"))
    assert pair.sides[0].similarity > 0.95 > THRESHOLD > pair.sides[1].similarity
    assert pairs([(pair.sides[0].text, pair.sides[1].text)], THRESHOLD)


def test_code_in_a_notebook_is_compared_with_a_module(read) -> None:
    first, *others = re.split(r"(?m)^(?=def )", LOOPS)
    copy = read(1, as_notebook("%matplotlib inline\n" + first, *others), "copy", notebook=True)
    assert compare(read(1, LOOPS), copy).similarity > 0.95


def test_stubs_and_the_reference_are_left_out(course: Course, read) -> None:
    for part in course.parts:
        stub, reference = course.root / PRISTINE / part.path, course.solutions / part.path
        assert read(part.number, stub.read_bytes()) is None
        assert read(part.number, reference.read_bytes()) is None
        released = (course.exercises / part.notebook).read_bytes()
        assert read(part.number, released, notebook=True) is None


def test_pairs_are_of_one_part_and_two_students(read) -> None:
    texts = [read(1, LOOPS, "ada"), read(1, LOOPS, "bob"), read(2, right(2)["merges"], "ada")]
    assert [(one.student_id, other.student_id) for one, other in candidates(texts)] == [
        ("ada", "bob")
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfe\xfa" * 99,
        b"x = '''" + b"a\n" * 9999,
        (b"(" * 1999 + b"\n") * 9,
        (b"'\\" * 999 + b"\n") * 9,
        (b"a" + b".b" * 999 + b"\n") * 9,
        b"if x:\n" * 999,
        "".join(" " * n + "if x:\n" for n in range(400)).encode(),
    ],
)
def test_what_is_not_python_is_compared_as_far_as_it_is(read, content: bytes) -> None:
    text = read(1, LOOPS.encode() + b"\n" + content)
    assert text.fingerprint.token_coverage >= LEAST


def test_too_long_and_damaged_texts_are_left_out(course: Course, given) -> None:
    part = course.part(1)
    more = {course.part(2).notebook: b"{}", course.part(3).path: b"'\\" * 1001}
    files = {part.path: b"x = 1\n" * 99_999} | more
    found, reasons = similarity.texts(course, given, Submission("ada", files, (), None, None))
    assert not found
    assert reasons == [
        f"{part.path.name} is longer than 200,000 characters",
        "part2.ipynb holds no notebook: there are no cells in it",
        "model.py has a line of more than 2,000 characters",
    ]


# The page and the table


def page_of(course: Course, texts: Iterable[Text], left_out=()) -> Element:
    texts = list(texts)
    found = pairs(candidates(texts), THRESHOLD)
    return parse(similarity_html(course, texts, found, left_out, THRESHOLD))


def test_both_sides_stand_next_to_each_other_and_what_they_share_is_marked(
    course: Course, read
) -> None:
    extra = "\n\ndef odd_one_out(thing):\n    return [~one for one in reversed(thing)]\n"
    # the comment in between is not shared
    page = page_of(
        course,
        [
            read(1, LOOPS + extra),
            read(1, LOOPS.replace("    return", "    # why\n    return"), "bob"),
        ],
    )
    first, second = page.one("div", class_="sides").all("pre")
    marked = [" ".join(mark.text for mark in side.all("mark")) for side in (first, second)]
    assert re.findall(r"\w+", marked[0]) == re.findall(r"\w+", marked[1])
    assert len(marked[0]) > len(LOOPS) / 2
    assert "odd_one_out" not in marked[0] and "# why" not in marked[1]
    assert "ada: " in page.text and "bob: 100 % of neighbours.py" in page.text
    assert "A number is no verdict" in page.text and "short" in page.text


def test_what_is_far_from_a_mark_is_left_out(read) -> None:
    first, second = read(1, LOOPS), read(1, "# mine\n" * 50 + LOOPS, "bob")
    found = lines(compare(first, second).sides[1])
    assert found[0].left_out >= 48
    assert sum(line.left_out or 1 for line in found) == second.content.count("\n") + 1


def test_hostile_names_and_code_are_escaped(course: Course, read) -> None:
    code = LOOPS.replace("    return", f"    # {HOSTILE}\n    return")
    page = page_of(course, [read(1, code, HOSTILE), read(1, code, "bob")], [(HOSTILE, HOSTILE)])
    assert not list(page.all("script"))
    assert page.text.count("</pre><script>alert(1)</script>\N{REPLACEMENT CHARACTER}") > 4


def test_without_similar_pairs_the_page_says_so(course: Course, read) -> None:
    page = page_of(course, [read(1, LOOPS)])
    assert page.one("h1").text == "0 similar pairs"
    assert "No pair reaches the threshold." in page.text


def test_the_table_has_a_line_per_pair(read) -> None:
    found = pairs([(read(1, LOOPS, "=1+1"), read(1, LOOPS + LOOPS, "bob"))], THRESHOLD)
    (row,) = csv.DictReader(io.StringIO(similarity_csv(found)))
    assert int(row.pop("shared_tokens")) > LEAST
    assert row == {
        "part": "1",
        "first": "'=1+1",
        "second": "bob",
        "of_first_in_second": "1.000",
        "of_second_in_first": row["of_second_in_first"],
    }


# The command


def command(*arguments: object):
    result = CliRunner().invoke(app, ["similar", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture
def grades(tmp_path: Path) -> Path:
    """A folder of grades that remembers submissions of three students, two of them alike."""
    put(
        tmp_path / "handed_in",
        {
            "ada/part1/neighbours.py": LOOPS,
            "bob/neighbours.py": renamed(LOOPS, set()),
            "eve/part1/neighbours.py": right(1)["dataclass_and_helpers"],
        },
    )
    (tmp_path / "handed_in" / "zoe").mkdir()
    grades = put(tmp_path / "grades", {FOLDER: json.dumps(str(tmp_path / "handed_in"))})
    (grades / "records").mkdir()
    return grades


def test_the_submissions_that_were_graded_are_compared(grades: Path) -> None:
    status, printed = command(grades)
    assert status == 0
    assert printed.splitlines() == [
        "1 pair from 0.75 on, among 4 submissions",
        f"page: {grades / 'similarity.html'}   table: {grades / 'similarity.csv'}",
    ]
    assert "1,ada,bob," in (grades / "similarity.csv").read_text()
    page = parse((grades / "similarity.html").read_text())
    assert "zoe: the folder is empty" in page.text


def test_moved_submissions_are_named(grades: Path) -> None:
    moved = grades.with_name("handed_in").rename(grades.with_name("moved"))
    status, printed = command(grades)
    assert status == 2
    assert "handed_in is not a folder of submissions" in printed and "--submissions" in printed
    (grades / FOLDER).unlink()
    assert "is missing: name the folder of submissions with --submissions" in command(grades)[1]
    assert command(grades, "--submissions", moved, "--threshold", 0.99)[0] == 0


def test_a_folder_without_grades_is_refused(tmp_path: Path) -> None:
    assert command(tmp_path) == (2, f"{tmp_path} is not a folder written by course grade\n")


def test_without_the_extra_one_sentence_says_what_to_install(
    grades: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    for module in (
        "grading.reports.similarity",
        "grading.reports.similar_pairs",
        "grading.cli.similar",
    ):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.delattr("grading.reports.similarity", raising=False)
    assert command(grades) == (2, "this command needs the extra: pip install -e '.[similarity]'\n")
