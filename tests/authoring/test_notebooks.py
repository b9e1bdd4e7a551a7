"""The notebooks that `course build` writes."""

import io
import os
import re
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout

import nbformat
import pytest

from authoring.notebooks import (
    SOURCE,
    students_notebook,
    teachers_notebook,
)
from authoring.stubs import regions
from grading import manifest
from grading.checks.notebook import cells_of, source_of
from grading.checks.points import checks_in
from grading.forks import CAN_FORK, in_forks, preload
from grading.manifest import Course, Part
from tests.courses import ROOT

TODO = re.compile(r"NotImplementedError\(\s*[\"']TODO \d")  # where a stub was not replaced


def sources(notebook: str, kind: str = "code") -> list[str]:
    return [cell.source for cell in nbformat.reads(notebook, 4).cells if cell.cell_type == kind]


def checks_of(course: Course, part: Part) -> list:
    return checks_in(course.exercises / part.folder / f"test_{part.folder}.py")


@pytest.fixture(params=manifest.load(ROOT).parts, ids=lambda part: part.folder)
def part(request: pytest.FixtureRequest) -> Part:
    return request.param


def test_they_are_valid_and_hold_no_outputs(course: Course, part: Part) -> None:
    for text in (students_notebook(course, part), teachers_notebook(course, part)):
        notebook = nbformat.reads(text, 4)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert max(Counter(cell.id for cell in notebook.cells).values()) == 1
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_a_student_gets_every_stub_and_a_cell_that_checks_each_task(
    course: Course, part: Part
) -> None:
    text = students_notebook(course, part)
    stub = (course.exercises / part.path).read_text(encoding="utf-8")
    assert TODO.findall("\n".join(sources(text))) == TODO.findall(stub)
    assert [code for code in sources(text) if code.startswith("check(")] == [
        f'check("{task.id}")' for task in part.tasks
    ]
    assert not re.search(r"BEGIN|END SOLUTION|HIDDEN", text)


def test_the_cells_of_a_student_make_the_stub_module(course: Course, part: Part) -> None:
    """Name by name: what stands in the module stands in the notebook."""
    text = source_of(cells_of(students_notebook(course, part).encode())).text
    for line in (course.exercises / part.path).read_text(encoding="utf-8").splitlines():
        if line.startswith(("def ", "class ", "    def ", "import ", "from ")):
            assert line in text


def test_no_line_of_a_solution_is_in_a_students_notebook(course: Course, part: Part) -> None:
    solution = (course.solutions / part.path).read_text(encoding="utf-8")
    lines = solution.splitlines()
    code = "\n".join(sources(students_notebook(course, part)))
    for region in regions(solution, part.module):
        for line in lines[region.begin + 1 : region.end]:
            assert len(line.strip()) <= 25 or line.strip() not in code


def test_the_lesson_is_all_there(course: Course, part: Part) -> None:
    lesson = (course.exercises / part.folder / "README.md").read_text(encoding="utf-8")
    text = "\n\n".join(sources(students_notebook(course, part), "markdown"))
    headings = [line for line in lesson.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == headings
    assert "<!--n:" not in text
    assert "`course check" not in text
    assert f"]({part.module})" not in text


def test_test_cells_are_worth_what_their_checks_are(course: Course, part: Part) -> None:
    notebook = nbformat.reads(teachers_notebook(course, part), 4)
    found = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    expected = {
        f"test-{check.task.replace('.', '-')}-{check.name.removeprefix('test_')}": check.points
        for check in checks_of(course, part)
    }
    assert found == expected


def test_metadata_is_what_nbgrader_wants(course: Course, part: Part) -> None:
    from nbgrader.nbgraderformat import MetadataValidator

    validator = MetadataValidator()
    for cell in nbformat.reads(teachers_notebook(course, part), 4).cells:
        validator.validate_cell(cell)


def test_with_nbgrader_no_link_leads_to_a_file_that_students_do_not_get(
    course: Course, part: Part
) -> None:
    text = "\n".join(sources(teachers_notebook(course, part), "markdown"))
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert target.startswith(("https://", "figures/", "../part")), target


# Run from top to bottom


def run_all(cells: tuple[str, ...]) -> tuple[list[str], str]:
    """What each check shows when a shell runs these cells, and what is written to stderr."""
    from IPython.core.interactiveshell import InteractiveShell

    os.chdir(ROOT)
    shell = InteractiveShell.instance()
    told = []
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as written:
        for number, source in enumerate(cells):
            run = shell.run_cell(source, store_history=True, cell_id=str(number))
            run.raise_error()
            if source.startswith("check("):
                told.append(repr(run.result))
    return told, written.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not CAN_FORK, reason="takes long without forks")
def test_solved_notebooks_run_from_top_to_bottom_without_a_warning(course: Course) -> None:
    preload(course.libraries)
    notebooks = {
        tuple(sources((ROOT / SOURCE / part.notebook).read_text(encoding="utf-8"))): part
        for part in course.parts
    }
    for cells, found in in_forks(run_all, list(notebooks), workers=2, limit=60):
        assert not isinstance(found, Exception), found
        told, written = found
        assert written == ""
        assert len(told) == len(notebooks[cells].tasks)
        assert all("passed (" in text for text in told)
