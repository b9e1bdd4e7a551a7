"""`check`, `hint` and `require` in a kernel, as a student meets them."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from grading import manifest
from grading.manifest import Course
from grading.notebook import check, hint
from tests.courses import ROOT

IMPORTS = "from grading.notebook import check, hint, require\nimport torch\nfrom torch import nn"
TABLES = """\
class MatrixFactorization(nn.Module):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__()
        self.user_embedding = nn.Embedding(n_users, n_factors)
        self.movie_embedding = nn.Embedding(n_movies, n_factors)
        nn.init.normal_(self.user_embedding.weight, std=0.1)
        nn.init.normal_(self.movie_embedding.weight, std=0.1)

    def forward(self, user_idx, movie_idx):
"""
STUB = TABLES + '        raise NotImplementedError("TODO 3.2: one dot product per pair")'
WRONG = (
    TABLES
    + "        users = self.user_embedding(user_idx)\n"
    + ("        return (users * self.movie_embedding(movie_idx)).sum(dim=0)")
)
CRASHES = TABLES + "        return self.users[user_idx]"
RIGHT = WRONG.replace("dim=0", "dim=-1")
NEEDS_A_LEFTOVER = TABLES + (
    "        return (self.user_embedding(user_idx) * self.movie_embedding(movie_idx)).sum(DIM)"
)


def run(*sources: str) -> list[NotebookNode]:
    """Cells that a real kernel has run in the folder of the course; errors are in their outputs."""
    cells = [nbformat.v4.new_code_cell(text) for text in sources]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells),
        timeout=120,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT)}},
    )
    return client.execute().cells


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[NotebookNode]]:
    """The outputs of a student's cells, by what the student does in them."""
    steps = {
        "imports": IMPORTS,
        "before": 'check("3.2")',
        "stub": STUB,
        "not started": 'check("3.2")',
        "wrong": WRONG,
        "wrong told": 'check("3.2")',
        "crashes": CRASHES,
        "crash told": 'check("3.2")',
        "leftover": "DIM = [-1][0] if len('x') else check\n" + NEEDS_A_LEFTOVER,
        "fixed": RIGHT,
        "passed told": 'check("3.2")',
        "again": 'check("3.2")',
        "syntax": "class BiasedMatrixFactorization(:\n    pass",
        "syntax told": "check(3.3)",
        "part": "check(3)",
        "one check": 'require("3.1", "factors_start_small", seed=7)',
        "one check fails": 'require("3.3", "model_has_bias_tables_of_zeros")',
        "unknown check": 'require("3.2", "nothing")',
        "unknown task": 'check("3.9")',
        "unknown word": 'check("three")',
        "noise": (
            "import sys, warnings\n"
            + RIGHT.replace("        users", "        print('a', file=sys.stderr); users", 1)
        ),
        "noise checked": 'require("3.2", "forward_is_one_dot_product_per_pair")',
    }
    cells = run(*steps.values())
    return {name: cell.outputs for name, cell in zip(steps, cells, strict=True)}


def text(outputs: list[NotebookNode]) -> str:
    (output,) = outputs
    return output.data["text/plain"] if "data" in output else output.text


def page(outputs: list[NotebookNode]) -> str:
    return outputs[0].data["text/html"]


def test_cells_that_were_not_run_are_asked_for(outputs) -> None:
    told = text(outputs["before"])
    assert "part3.ipynb has no MatrixFactorization; run the cell that defines it" in told


def test_a_stub_is_not_started(outputs) -> None:
    told = text(outputs["not started"])
    assert "3.2 MatrixFactorization.forward: not started" in told
    assert "exercises/part3/part3.ipynb, cell [3], line 10" in told


def test_a_mistake_is_told_as_at_the_terminal(outputs) -> None:
    told = text(outputs["wrong told"])
    assert "✗ 3.2 MatrixFactorization.forward" in told
    assert "looks like" in told
    assert 'hint("3.2")' in told
    assert "course hint" not in told


def test_the_same_words_are_there_as_html(outputs) -> None:
    told = page(outputs["wrong told"])
    assert "✗ 3.2 MatrixFactorization.forward" in told
    assert "<th" in told and "looks like" in told
    assert "hint(&quot;3.2&quot;)" in told


def test_a_crash_names_the_cell_and_the_line(outputs) -> None:
    told = text(outputs["crash told"])
    assert "part3.ipynb, cell [7], line 10" in told
    assert "return self.users[user_idx]" in told


def test_a_right_cell_passes(outputs) -> None:
    assert text(outputs["passed told"]) == (
        "✓ 3.2 MatrixFactorization.forward: passed (4 of 4 points)"
    )
    assert text(outputs["again"]) == text(outputs["passed told"])


def test_a_cell_with_a_syntax_error_is_named(outputs) -> None:
    told = text(outputs["syntax told"])
    assert "crashed with SyntaxError in part3.ipynb, cell [13], line 1" in told


def test_a_whole_part_ends_with_its_points(outputs) -> None:
    told = text(outputs["part"])
    assert "3.1" in told and "3.2" in told and "3.3" in told
    assert "of 14 points" in told.splitlines()[-1]


def test_one_check_passes_in_silence(outputs) -> None:
    assert outputs["one check"] == []
    assert outputs["noise checked"] == []


def test_one_check_that_fails_is_told_without_a_traceback(outputs) -> None:
    (error,) = outputs["one check fails"]
    assert error.ename == "NotPassed"
    assert "Traceback" not in "\n".join(error.traceback)
    assert "✗" not in error.traceback[0] and "3.3" in error.traceback[0]


def test_a_hint_is_printed(
    course: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(manifest, "load", lambda: replace(course, root=tmp_path))
    hint("3.2")
    assert course.task("3.2").hints[0] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("unknown check", "task 3.2 has no check nothing"),
        ("unknown task", "there is no task 3.9"),
        ("unknown word", "there is no task or part 'three'"),
    ],
)
def test_what_does_not_exist_is_named(outputs, step: str, says: str) -> None:
    assert says in outputs[step][0].evalue


def test_outside_a_notebook_it_says_what_to_run() -> None:
    with pytest.raises(RuntimeError, match="course check"):
        check("3.2")


FRONT_END = """
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for cell_id, source in {cells!r}:
    shell.run_cell(source, store_history=True, cell_id=cell_id)
"""


def test_of_a_cell_that_was_run_again_the_last_version_counts() -> None:
    """Only in the first version of cell "b" there was what the answer needs."""
    needs_help = RIGHT.replace("dim=-1", "dim=last()")
    cells = [
        ("a", IMPORTS),
        ("b", "def last():\n    return -1"),
        ("c", needs_help),
        ("d", 'print(check("3.2"))'),
        ("b", "def first():\n    return 0"),
        ("d", 'print(check("3.2"))'),
        ("c", f"{needs_help}\nlast = first\nprint(check('3.2'))"),
        ("c", f"{needs_help}\nprint(check('3.2'))"),
    ]
    command = [sys.executable, "-c", FRONT_END.format(cells=cells)]
    printed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    ).stdout
    passed, removed, wrong, removed_again = re.split("(?m)^[✓✗] 3.2 ", printed)[1:]
    assert "passed (4 of 4 points)" in passed
    assert "'last' is not defined" in removed
    assert "'last' is not defined" not in wrong
    assert "'last' is not defined" in removed_again
