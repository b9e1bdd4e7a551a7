"""What becomes of a notebook's cells when they are read as a module."""

import json

import pytest

from grading.checks.notebook import Cell, NotANotebook, cells_of, module_text, place_in_cell


def names_of(*sources: str) -> dict:
    """What the module of these cells holds."""
    text = module_text([Cell(number, source) for number, source in enumerate(sources, start=1)])
    module: dict = {"__name__": "module"}
    exec(compile(text, "module", "exec"), module)
    return module


def test_imports_functions_classes_and_assignments_are_kept() -> None:
    module = names_of(
        "import math",
        "HALF = 1 / 2\nPair = tuple[int, int]",
        "def area(r):\n    return HALF * math.tau * r**2",
        "@staticmethod\ndef two():\n    return 2",
        "class Circle:\n    def area(self):\n        return area(1)",
        "twice = lambda x: 2 * x",
    )
    assert module["Circle"]().area() == pytest.approx(3.14159, abs=1e-4)
    assert module["twice"](2) == 4


@pytest.mark.parametrize(
    "tried_out",
    [
        "raise_error()",
        "1 / 0",
        "for i in range(3):\n    raise ValueError",
        "while True:\n    pass",
        "with open('nowhere') as file:\n    file.read()",
        "assert False",
        "del add",
        "%matplotlib inline\n1 / 0",
        "!rm -rf nowhere\nadd?",
        "%%bash\nexit 1",
        "await nothing()",
        "check('1.1')",
        "from grading.notebook import check, hint\ncheck('1.1')",
    ],
)
def test_what_was_only_tried_out_is_not_run(tried_out: str) -> None:
    module = names_of(
        "def add(a, b):\n    return a + b", tried_out, "def sub(a, b):\n    return a - b"
    )
    assert (module["add"](1, 2), module["sub"](1, 2)) == (3, -1)


def test_a_try_below_a_definition_in_the_same_cell_is_not_run_either() -> None:
    module = names_of("def load(path):\n    return open(path).read()\nload('u.data')[:10]")
    assert callable(module["load"])


@pytest.mark.parametrize(
    "needs_more",
    [
        "ratings = open('../data/u.data').read()",
        "model = fit(loader)",
        "try:\n    x = unknown\nfinally:\n    y = 1",
        "if ratings:\n    x = 1",
    ],
)
def test_an_assignment_that_needs_what_is_not_there_is_left_out(needs_more: str) -> None:
    module = names_of(needs_more, "def one():\n    return 1")
    assert module["one"]() == 1


def test_the_later_definition_counts() -> None:
    module = names_of(
        "def one():\n    return 0", "def two():\n    return one() * 2", "def one():\n    return 1"
    )
    assert module["two"]() == 2


def test_cells_that_were_run_in_another_order_than_they_need() -> None:
    """Somebody ran the subclass first, saw a NameError, ran what it needs, and went on."""
    module = names_of(
        "class B(A):\n    x = 1", "class A(Base):\n    y = 2", "class Base:\n    z = 3"
    )
    assert (module["B"].x, module["B"].y, module["B"].z) == (1, 2, 3)


def test_a_parent_that_is_run_again_is_the_parent_of_its_subclass() -> None:
    module = names_of("class A:\n    x = 1", "class B(A):\n    pass", "class A:\n    x = 2")
    assert module["B"].x == 2


def test_a_definition_that_wraps_an_earlier_one_keeps_it() -> None:
    module = names_of("def f():\n    return 1", "before = f\ndef f():\n    return before() + 1")
    assert module["f"]() == 2


def test_names_from_two_star_imports() -> None:
    module = names_of("from math import *", "from string import *", "half = pi / 2")
    assert module["digits"] == "0123456789"
    assert module["half"] == pytest.approx(1.5708, abs=1e-4)


def test_future_imports_come_first() -> None:
    module = names_of("import math", "from __future__ import annotations\ndef f(x: Unknown): ...")
    assert module["f"].__annotations__ == {"x": "Unknown"}


@pytest.mark.parametrize(
    "source", ["def f(:\n    pass", "def f():\n    nonlocal x", "f = (1,\n", "def f():\n\0pass"]
)
def test_a_cell_that_is_no_python_takes_only_its_own_names_along(source: str) -> None:
    module = names_of("def one():\n    return 1", source, "%time x = 1")
    assert module["one"]() == 1
    with pytest.raises(SyntaxError, match=r"in cell \[2\]"):
        module["f"]()


def test_a_broken_attempt_does_not_take_an_earlier_or_later_version_away() -> None:
    good, broken = "def f():\n    return 1", "def f(:\n    return 2"
    assert names_of(good, broken)["f"]() == 1
    assert names_of(broken, good)["f"]() == 1


def test_statements_that_share_a_line() -> None:
    module = names_of("import math; import string", "def f(): return 1\nx = 1; y = 2")
    assert (module["f"](), module["x"], module["y"]) == (1, 1, 2)
    assert module["string"].digits


def test_a_line_of_the_module_is_found_in_its_cell() -> None:
    text = module_text([Cell(3, "import math"), Cell(7, "\n\ndef f():\n    return 1\n    # end")])
    lines = text.splitlines(keepends=True)
    line = lines.index("    return 1\n") + 1
    assert place_in_cell(lines, line) == ("[7]", 4)
    assert place_in_cell(["x = 1\n"], 1) is None


# Files


def notebook(**changes: object) -> bytes:
    cell = {"cell_type": "code", "execution_count": 4, "source": ["x = 1\n", "y = 2"]}
    return json.dumps({"cells": [{"cell_type": "markdown"}, cell | changes]}).encode()


def test_cells_are_numbered_as_jupyter_shows_them() -> None:
    assert cells_of(notebook()) == [Cell(4, "x = 1\ny = 2")]
    assert cells_of(notebook(source="x = 1")) == [Cell(4, "x = 1")]
    assert cells_of(b"\xef\xbb\xbf" + notebook(execution_count=None))[0].number == 1
    assert cells_of(notebook(execution_count=True))[0].number == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged"),
        (b"import torch\n", "damaged"),
        (b"\xff\xfe{}", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[]", "no cells"),
        (b'{"cells": 3}', "no cells"),
        (b'{"worksheets": [{"cells": []}]}', "old format 3"),
        (notebook(source=3), "code cell 1 has no text"),
        (notebook(source=["x", 1]), "code cell 1 has no text"),
    ],
)
def test_what_is_no_notebook_is_named(content: bytes, says: str) -> None:
    with pytest.raises(NotANotebook, match=says):
        cells_of(content)
