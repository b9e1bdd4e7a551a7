"""`check`, `hint` and `require` in a kernel, as a student meets them."""

import html
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


CHECK = 'check("3.2")'
PASSED = "✓ 3.2 MatrixFactorization.forward: passed (4 of 4 points)"
NOISY = RIGHT.replace("        users", "        print('a', file=sys.stderr); users", 1)
# What a student does in one cell after the other, and what is told below it.
STEPS = [
    (IMPORTS,),
    (CHECK, "part3.ipynb has no MatrixFactorization; run the cell that defines it"),
    (STUB,),
    (CHECK, "forward: not started", "exercises/part3/part3.ipynb, cell [3], line 10"),
    (WRONG,),
    (CHECK, "✗ 3.2 MatrixFactorization.forward", "looks like", 'hint("3.2")'),
    (CRASHES,),
    (CHECK, "part3.ipynb, cell [7], line 10", "return self.users[user_idx]"),
    ("DIM = [-1][0] if len('x') else check\n" + NEEDS_A_LEFTOVER,),
    (RIGHT,),
    (CHECK, PASSED),
    (CHECK, PASSED),
    ("class BiasedMatrixFactorization(:\n    pass", "invalid syntax"),
    ("check(3.3)", "crashed with SyntaxError in part3.ipynb, cell [13], line 1"),
    ("check(3)", "3.1", "3.2", "3.3", "of 14 points"),
    ('require("3.1", "factors_start_small", seed=7)',),
    ('require("3.3", "model_has_bias_tables_of_zeros")', "3.3 BiasedMatrixFactorization"),
    ('require("3.2", "nothing")', "task 3.2 has no check nothing"),
    ('check("3.9")', "there is no task 3.9"),
    ('check("three")', "there is no task or part 'three'"),
    (f"import sys, warnings\n{NOISY}",),
    ('require("3.2", "forward_is_one_dot_product_per_pair")',),
]


@pytest.fixture(scope="module")
def outputs() -> list[list[NotebookNode]]:
    """Of each step."""
    return [cell.outputs for cell in run(*(source for source, *_ in STEPS))]


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_what_is_told_below_a_cell(outputs: list[list[NotebookNode]], number: int) -> None:
    """As text and, where it is no error, as HTML; nothing where nothing is to be told."""
    _, *words = STEPS[number]
    assert bool(outputs[number]) == bool(words)
    for output in outputs[number]:
        if output.output_type == "error":
            assert all(word in output.evalue for word in words)
            continue
        assert all(word in output.data["text/plain"] for word in words)
        assert all(html.escape(word) in output.data["text/html"] for word in words)
        assert "course hint" not in output.data["text/plain"]


def test_one_check_that_fails_is_told_without_a_traceback(
    outputs: list[list[NotebookNode]],
) -> None:
    (error,) = (output for cell in outputs for output in cell if output.get("ename") == "NotPassed")
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
