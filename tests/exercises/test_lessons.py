"""The lessons: every task is there under its title, links lead somewhere, no solution is given."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from grading import manifest
from grading.manifest import ManifestError, Part, Task
from tests.courses import ROOT

COURSE = manifest.load(ROOT)
LESSONS = {part.number: COURSE.exercises / part.folder / "README.md" for part in COURSE.parts}
OTHER_PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md"]
PAGES = [*LESSONS.values(), *OTHER_PAGES]

TASK_HEADING = re.compile(r"^(#+) +(\d+\.\d+)\b *(.*?) *$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")
COMMAND = re.compile(r"course (?:check|hint|reset)((?: +\d+(?:\.\d+)?)+)")
SOLUTION = re.compile(r"# BEGIN SOLUTION [\d.]+\n(.*?)# END SOLUTION", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A page without its fenced code, in which # and [](…) mean other things."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^(```+|~~~+).*?^\1 *$", "", text, flags=re.DOTALL | re.MULTILINE)


def as_read(markdown: str) -> str:
    """Without the backslashes that keep Markdown from taking `__init__` for bold."""
    return re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", markdown)


def sections(lesson: Path) -> dict[str, str]:
    """The text under each task's heading, up to the next heading of the same level."""
    text = lesson.read_text(encoding="utf-8")
    return {
        heading[2]: re.split(r"^## ", text[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0]
        for heading in TASK_HEADING.finditer(text)
    }


def squeezed(text: str) -> str:
    """With every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def solution_lines() -> set[str]:
    """Lines of solutions, with and without the comment at their end, if longer than 21 characters.

    Shorter ones, such as `with torch.no_grad():`, are too common to tell a solution.
    """
    lines = set()
    for part in COURSE.parts:
        source = (COURSE.solutions / part.path).read_text(encoding="utf-8")
        for region in SOLUTION.findall(source):
            for line in region.splitlines():
                lines |= {squeezed(line), squeezed(line.split("  #")[0])}
    return {line for line in lines if len(line) > 21}


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_each_task_has_one_heading_with_its_title_and_in_order(part: Part) -> None:
    found = [
        (heading[1], heading[2], as_read(heading[3]))
        for heading in TASK_HEADING.finditer(prose(LESSONS[part.number]))
    ]
    assert found == [("##", task.id, task.title) for task in part.tasks]


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_each_lesson_has_its_title(part: Part) -> None:
    first_line = LESSONS[part.number].read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# Part {part.number}: {part.title}"


@pytest.mark.parametrize("part", COURSE.parts, ids=lambda part: part.folder)
def test_the_first_page_adds_up_the_minutes_of_a_parts_tasks(part: Part) -> None:
    times = re.findall(r"\*\*Time\*\* (\d+) min", LESSONS[part.number].read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^.*/{part.folder}/README.md\).*\|$", page, flags=re.MULTILINE)
    assert row.endswith(f"| {sum(map(int, times))} |")


@pytest.mark.parametrize("task", COURSE.tasks.values(), ids=lambda task: task.id)
def test_each_task_says_how_hard_it_is_how_long_it_takes_and_how_to_check(task: Task) -> None:
    section = sections(LESSONS[task.part])[task.id]
    assert "**You build** " in section
    assert re.search(r"\*\*Difficulty\*\* [1-3] of 3\b", section)
    assert re.search(r"\*\*Time\*\* \d+ minutes\b", section)
    assert f"**Check** `course check {task.id}`" in section
    assert "```python\n" in section, "the signature"
    assert re.search(r"^- ", section, flags=re.MULTILINE), "the requirements"
    assert "<summary>Stuck?</summary>" in section


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page)))
    files = [
        unquote(target.split("#")[0])
        for target in targets
        if not re.match(r"[a-z][a-z+.-]*:|#", target)
    ]
    missing = [file for file in files if not (page.parent / file).exists()]
    assert not missing
    if page in LESSONS.values():
        assert files, "a lesson links at least to its module"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_name_parts_and_tasks_that_exist(page: Path) -> None:
    for names in COMMAND.findall(page.read_text(encoding="utf-8")):
        for name in names.split():
            try:
                COURSE.task(name) if "." in name else COURSE.part(int(name))
            except ManifestError as error:
                pytest.fail(f"{name_of(page)} says {name!r}: {error}")


def test_solution_lines_are_found_for_each_task() -> None:
    assert len(solution_lines()) > 3 * len(COURSE.tasks)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=name_of)
def test_no_lesson_gives_a_solution_away(lesson: Path) -> None:
    text = squeezed(lesson.read_text(encoding="utf-8"))
    assert not [line for line in sorted(solution_lines()) if line in text]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=name_of)
def test_what_is_folded_can_be_unfolded(lesson: Path) -> None:
    """GitHub renders Markdown inside <details> only after an empty line."""
    text = lesson.read_text(encoding="utf-8")
    opened = len(re.findall(r"^<details>\n<summary>.+</summary>\n\n", text, flags=re.MULTILINE))
    closed = len(re.findall(r"\n\n</details>$", text, flags=re.MULTILINE))
    assert opened == closed == text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=name_of)
def test_no_paragraph_begins_with_the_marker_of_a_number(lesson: Path) -> None:
    """Markdown takes a line that begins with a comment for HTML, and shows its asterisks."""
    text = lesson.read_text(encoding="utf-8")
    assert not re.findall(r"^[ >]*(?:[-*+]|\d+\.)? *<!--.*", text, flags=re.MULTILINE)
