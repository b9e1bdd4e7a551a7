"""A notebook can do nothing to `course grade` that a module cannot: the worker makes one of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.notebook_parity import notebook
from grading.batch.records import Record
from grading.batch.submissions import Submission
from tests.attacks.conftest import HONEST, HONEST_SCORE, Grader
from tests.attacks.test_attacks import Attack, attacks

NOTEBOOK = Path("part1/part1.ipynb")
EVERY = 10  # of the attacks, which are all handed in as modules elsewhere


def grade_notebook(grader: Grader, content: bytes) -> Record:
    files = {NOTEBOOK: content}
    return grader.grade(Submission("attacker", files, (), problem=None, submitted=None))


def of_cells(*sources: Any, **more: Any) -> bytes:
    cells = [{"cell_type": "code", "source": source, **more} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def test_honest_work_gets_its_points(grader: Grader) -> None:
    record = grade_notebook(grader, notebook(HONEST.encode()))
    assert (record.status, record.score) == ("complete", HONEST_SCORE)


@pytest.mark.parametrize("attack", attacks()[::EVERY], ids=lambda attack: attack.name)
def test_an_attack_gains_no_more_than_as_a_module(attack: Attack, grader: Grader) -> None:
    record = grade_notebook(grader, notebook(attack.submission.encode()))
    assert (record.status, record.reason) == ("complete", None)
    # what an attack does when it is imported may not happen here, and then honest work counts
    assert record.score <= HONEST_SCORE


TRIED_OUT = {
    "exit": "import os\nos._exit(0)",
    "endless": "while True:\n    pass",
    "memory": "for _ in iter(int, 1):\n    kept = bytearray(1 << 30)",
    "shell": "!kill -9 -1",
    "another language": "%%bash\nkill -9 -1",
    "magic": "%run -i ../../solutions/part1/neighbours.py",
    "patches": "import numpy as np\nnp.testing.assert_allclose.__code__.co_name.upper()",
    "await": "await forever()",
    "the kernel": "get_ipython().ast_transformers.clear()",
    "the course's own names": "from grading.notebook import require\nrequire('1.2', 'x')",
}


LEFT_OUT = {
    "endless": "def forever():\n    while True:\n        pass\nhistory = forever()",
    "a package that is not there": "import no_such_package as nsp\nfrom google.colab import drive",
    "the data": "from data import load\nratings = load().ratings_path",
    "a stub of the course": "from exercises.part1.neighbours import centre_ratings",
    "a file": "with open('u.data') as file:\n    rows = list(file)\ndef n(x=len(rows)): ...",
    "words": "try: what comes next?\nelse: nothing",
}


@pytest.mark.parametrize("source", (TRIED_OUT | LEFT_OUT).values(), ids=TRIED_OUT | LEFT_OUT)
def test_what_is_tried_out_or_not_to_be_had_costs_only_itself(source: str, grader: Grader) -> None:
    record = grade_notebook(grader, of_cells(HONEST, source))
    assert (record.status, record.score) == ("complete", HONEST_SCORE)


def test_an_assignment_that_leaves_python_costs_what_it_costs_in_a_module(grader: Grader) -> None:
    record = grade_notebook(grader, of_cells(HONEST, "import os\nx = os._exit(0)"))
    assert (record.status, record.score) == ("complete", 0)


HONEST_CELL = {"cell_type": "code", "source": HONEST}
STRANGE = {
    "claims of points": of_cells(
        HONEST,
        "16",
        outputs=[{"output_type": "execute_result", "data": {"text/plain": "16"}}],
        metadata={"nbgrader": {"grade": True, "points": 100, "grade_id": "x", "score": 100}},
    ),
    "a number that is none": of_cells(HONEST, execution_count=10**400),
    "a forged place": of_cells(HONEST + "\n# ── cell [999999999999], line -7\n"),
    "a broken cell": of_cells(HONEST, "def centre_ratings(:\n"),
    "many cells": of_cells(HONEST, *["x = 1"] * 3000),
    "nested brackets": of_cells(HONEST, "(" * 50_000),
    "a long chain": of_cells(HONEST, "x = " + "-" * 200_000 + "1"),
    "deep attributes": of_cells(HONEST, "x = a" + ".a" * 100_000),
    "null bytes": of_cells(HONEST, "x = 1\0"),
    "half a surrogate": of_cells(HONEST, "x = '\ud800'"),
}


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
def test_strange_cells_cost_nobody_anything(content: bytes, grader: Grader) -> None:
    record = grade_notebook(grader, content)
    assert (record.status, record.score) == ("complete", HONEST_SCORE)


NO_NOTEBOOKS = {
    "empty": b"",
    "Python": HONEST.encode(),
    "deep": b"[" * 1_000_000,
    "wide": b'{"cells": [' + b"1," * 400_000 + b"1]}",
    "cells that are none": b'{"cells": {"0": 1}}',
    "a source that is none": of_cells({"x": HONEST}),
    "a huge number": b'{"cells": ' + b"9" * 100_000 + b"}",
    "not UTF-8": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("content", NO_NOTEBOOKS.values(), ids=NO_NOTEBOOKS)
def test_what_is_no_notebook_earns_nothing_and_says_so(content: bytes, grader: Grader) -> None:
    record = grade_notebook(grader, content)
    assert (record.status, record.score) == ("complete", 0)
    assert {task.state for task in record.tasks} == {"missing"}
    assert "part1.ipynb" in record.tasks[0].message
