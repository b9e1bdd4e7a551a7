"""What becomes of a notebook's cells when they are read as a module."""

import ast
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from grading.checks.limits import TimeIsUp
from grading.checks.notebook import (
    Cell,
    NotANotebook,
    cells_of,
    execute,
    place_in_cell,
    source_of,
    why_missing,
)
from grading.checks.student import Student, StudentError

PATH = Path("part1.ipynb")


def module_of(*sources: str, seconds: float = 5.0) -> ModuleType:
    """The module of these cells."""
    module = ModuleType("module")
    cells = [Cell(number, source) for number, source in enumerate(sources, start=1)]
    execute(source_of(cells), PATH, module, seconds)
    return module


def names_of(*sources: str) -> dict:
    """What the module of these cells holds."""
    return vars(module_of(*sources))


def error_of(module: ModuleType, use: Callable[[], object]) -> BaseException:
    """What is told of the use of a name that is not there."""
    with pytest.raises((NameError, AttributeError)) as raised:
        use()
    return why_missing(raised.value, module)


@pytest.mark.parametrize(
    "left_out",
    [
        # only tried out
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
        "def load(path):\n    return open(path).read()\nload('u.data')[:10]",
        # in need of what is not there
        "ratings = open('../data/u.data').read()",
        "model = fit(loader)",
        "try:\n    x = unknown\nfinally:\n    y = 1",
        "if ratings:\n    x = 1",
    ],
)
def test_what_was_tried_out_or_needs_what_is_not_there_is_left_out(left_out: str) -> None:
    module = names_of(
        "def add(a, b):\n    return a + b", left_out, "def sub(a, b):\n    return a - b"
    )
    assert (module["add"](1, 2), module["sub"](1, 2)) == (3, -1)


def test_an_import_that_fails_costs_those_who_use_it_and_says_so() -> None:
    module = module_of(
        "import no_such_package as nsp\nfrom no_such_package import thing",
        "def one():\n    return 1",
        "def plot():\n    return nsp.plot(thing)",
        "@nsp.fast\ndef fast():\n    return 1",
    )
    assert module.one() == 1
    for use in (module.plot, lambda: module.fast, lambda: module.thing, lambda: module.nsp):
        error = error_of(module, use)
        assert str(error) == "No module named 'no_such_package'"


def test_a_definition_that_needs_what_was_left_out_costs_itself_and_says_so() -> None:
    module = module_of(
        "with open('u.data') as file:\n    lines = list(file)",
        "def show(n=len(lines)):\n    return n",
        "class Table:\n    n_rows = len(lines)",
        "class Wide(Table):\n    pass",
        "def one():\n    return 1",
    )
    assert module.one() == 1
    for name in ("show", "Table", "Wide"):
        error = error_of(module, lambda name=name: getattr(module, name))
        assert str(error) == "name 'lines' is not defined"


def test_a_function_that_uses_an_assignment_that_failed_says_why_that_failed() -> None:
    module = module_of("rows = open('nowhere')", "def n_rows():\n    return len(rows)")
    assert isinstance(error_of(module, module.n_rows), FileNotFoundError)


def n_rows(module: ModuleType) -> int:
    """n_rows()"""
    return module.n_rows()


@pytest.mark.parametrize(
    "below", ["def n_rows():\n    return len(rows)", "def n_rows(n=len(rows)):\n    return n"]
)
def test_a_student_is_told_the_cell_and_line_that_failed(tmp_path: Path, below: str) -> None:
    cells = [
        {"cell_type": "code", "execution_count": number, "source": source}
        for number, source in ((3, "import math\nrows = open('nowhere')"), (4, below))
    ]
    path = tmp_path / "part1.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    with pytest.raises(StudentError) as raised:
        Student(path, seed=0).run(n_rows)
    error = raised.value
    assert error.error.startswith("FileNotFoundError: [Errno 2]")
    assert (error.cell, error.line, error.source) == ("[3]", 2, "rows = open('nowhere')")
    assert not error.loading


def test_a_name_that_was_never_defined_is_just_missing() -> None:
    module = module_of("def f():\n    return unknown")
    assert str(error_of(module, module.f)) == "name 'unknown' is not defined"


def test_a_definition_that_fails_leaves_the_one_before() -> None:
    module = names_of("def f():\n    return 1", "def f(n=len(lines)):\n    return n")
    assert module["f"]() == 1


def test_modules_whose_place_the_notebook_takes_are_not_imported() -> None:
    module = names_of(
        "def load_ratings():\n    return 1",
        "from exercises.part2.dataset import load_ratings\nload_ratings()",
    )
    assert module["load_ratings"]() == 1


def test_an_assignment_that_takes_long_is_left_out() -> None:
    started = time.monotonic()
    module = module_of(
        "import time",
        "STARS = 5",
        *["history = time.sleep(60)"] * 3,
        "HALF = STARS / 2",
        "def last():\n    return history[-1]",
        seconds=1.0,
    )
    assert time.monotonic() - started < 20
    assert (module.STARS, module.HALF) == (5, 2.5)
    assert isinstance(error_of(module, module.last), TimeIsUp)


def test_a_long_notebook_is_read_in_time_however_many_of_its_statements_fail() -> None:
    started = time.process_time()
    module = module_of(*(f"WEIGHTS_{n} = [\n    unknown_{n},\n]" for n in range(1000)))
    assert len(vars(module)["__lost__"]) == 1000
    assert time.process_time() - started < 5


def test_a_definition_that_takes_long_costs_the_part_as_in_a_module() -> None:
    with pytest.raises(TimeIsUp):
        module_of("import time", "def f(x=time.sleep(60)):\n    return x", seconds=0.1)


AS_A_MODULE = {
    "all that is kept": (
        "import math\nHALF = 1 / 2\nPair = tuple[int, int]\ndef area(r):\n"
        "    return HALF * math.tau * r**2\n@staticmethod\ndef two():\n    return 2\n"
        "class Circle:\n    def area(self):\n        return area(1)\ntwice = lambda x: 2 * x\n"
        "value = (Circle().area(), twice(two()))"
    ),
    "statements that share a line": (
        "import math; import string\ndef f(): return 1\nx = 1; y = 2\n"
        "value = (f(), x, y, string.digits)"
    ),
    "a condition": "EPS = 0.0\nif True:\n    EPS = 1e-12\nvalue = EPS",
    "a condition that does not hold": "EPS = 0.5\nif False:\n    EPS = 1e-12\nvalue = EPS",
    "more of a list": "STARS = [1, 2]\n\nSTARS += [3]\nvalue = STARS",
    "a name used for itself": "value = 'a|b'\nvalue = value.split('|')",
    "a function wrapped": "def f():\n    return 1\nf = str(f())\nvalue = f",
    "an annotation alone": "value = 1\nvalue: int",
    "a name used between": "c = [1]\na = list(c)\nc = [2]\nvalue = a + list(c)",
    "a key of an older table": "d = {}\nd['a'] = 1\nold = d\nd = {}\nvalue = (old, d)",
    "parts of a package": "import xml.dom.minidom\nimport xml.sax\nvalue = xml.dom.__name__",
    "the later definition": "def f():\n    return 0\ndef f():\n    return 1\nvalue = f()",
    "a child of the first parent": (
        "class A:\n    x = 1\nclass B(A):\n    pass\nclass A:\n    x = 2\nvalue = B.x"
    ),
    "functions of one name": (
        "import functools\n@functools.singledispatch\ndef f(x):\n    return 0\n@f.register\n"
        "def _(x: int):\n    return 1\n@f.register\ndef _(x: str):\n    return 2\n"
        "value = (f(1), f('a'), f(None))"
    ),
    "a text over lines": 'value = """a\n  b\n%c\n"""',
    "a name of a comprehension": "rows = [n for n in range(3)]\nn = len(rows)\nvalue = n",
    "a name of two": "d = {u: i for i, u in enumerate('abc')}\nu = d['b']\nvalue = u",
    "a name of a class": "class A:\n    k = 2\n    m = k + 1\nk = A.m\nvalue = k",
    "a name of an error": (
        "try:\n    import math\nexcept ImportError as e:\n    raise e\ne = math.exp(0)\nvalue = e"
    ),
    "a star before a name": (
        "from math import *\nx = sqrt(4)\ndef sqrt(y):\n    return y + 100\nvalue = x"
    ),
    "two stars": "from math import *\nfrom string import *\nvalue = (pi / 2, digits)",
    "an earlier version wrapped": (
        "def f():\n    return 1\nbefore = f\ndef f():\n    return before() + 1\nvalue = f()"
    ),
    "a name that is asked for": "x = k + 1 if 'k' in globals() else 0\nk = 5\nvalue = x",
    "a name that may be missing": "try:\n    B\nexcept NameError:\n    y = 1\nB = 2\nvalue = y",
    "a remainder over lines": "value = (7\n% 4)",
}


@pytest.mark.parametrize("source", AS_A_MODULE.values(), ids=AS_A_MODULE)
@pytest.mark.parametrize("cells", ["one", "many"])
def test_what_is_kept_does_what_it_does_in_a_module(source: str, cells: str) -> None:
    module: dict = {}
    exec(source, module)
    lines, body = source.split("\n"), ast.parse(source).body
    begins = [min(n.lineno for n in (one, *getattr(one, "decorator_list", []))) for one in body]
    ends = [begin - 1 for begin in begins[1:]] + [len(lines)]
    found = ["\n".join(lines[b - 1 : e]) for b, e in zip(begins, ends, strict=True)]
    assert names_of(*([source] if cells == "one" else found))["value"] == module["value"]


def test_cells_are_executed_from_top_to_bottom() -> None:
    module = module_of("class B(A):\n    x = 1", "class A:\n    y = 2", "class C(A):\n    z = 3")
    assert (module.C.y, module.C.z) == (2, 3)
    assert str(error_of(module, lambda: module.B)) == "name 'A' is not defined"


def test_future_imports_come_first() -> None:
    module = names_of("import math", "from __future__ import annotations\ndef f(x: Unknown): ...")
    assert module["f"].__annotations__ == {"x": "Unknown"}


BROKEN = {
    "def f(:\n    pass": ("invalid syntax", 1),
    "x = 1\ndef f():\n    nonlocal y": ("no binding for nonlocal 'y' found", 3),
    "def f():\nreturn 1": ("expected an indented block after function definition on line 1", 2),
    "def f():\n\0pass": ("source code string cannot contain null bytes", None),
    "class f:\n    x = (1,\n": ("'(' was never closed", 2),
}


@pytest.mark.parametrize(("source", "told"), BROKEN.items())
def test_a_cell_that_is_not_python_costs_only_its_own_names(
    source: str, told: tuple[str, int | None]
) -> None:
    module = module_of("def one():\n    return 1", source, "%time x = 1")
    assert module.one() == 1
    error = error_of(module, lambda: module.f)
    assert isinstance(error, SyntaxError)
    assert (error.msg, error.lineno) == told
    assert error.filename == str(PATH)
    assert vars(error)["cell"] == "[2]"


@pytest.mark.parametrize(
    "source", ["try:\n  print(f(1)\nexcept:", "else: no", "if (x:\n  y", "with x²", "print(f(x)"]
)
def test_words_that_are_no_python_define_nothing(source: str) -> None:
    module = names_of("def one():\n    return str(1)", source)
    assert module["one"]() == "1"
    assert {name for name in module if not name.startswith("__")} == {"one"}


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "?str.split",
        "str.split??",
        "files = !ls",
        "first, rest = %sx ls",
        "!pip install nothing \\\n    --quiet \\\n    --no-deps",
        "!echo it's (",
        "    \n%time\n\n%who",
        "%%time",
    ],
)
def test_what_only_a_notebook_understands_is_left_aside(magic: str) -> None:
    module = names_of(f"{magic}\ndef f():\n    return (7\n    % 4)\n")
    assert module["f"]() == 3


def test_lines_are_counted_past_magics() -> None:
    source = source_of([Cell(1, "!pip install \\\n  x\ndef f():\n    return 1")])
    assert source.text.startswith("# ── cell [1], line 3\n")


def test_a_broken_attempt_does_not_take_an_earlier_or_later_version_away() -> None:
    good, broken = "def f():\n    return 1", "def f(:\n    return 2"
    assert names_of(good, broken)["f"]() == 1
    assert names_of(broken, good)["f"]() == 1


def test_a_line_of_the_module_is_found_in_its_cell() -> None:
    text = source_of(
        [Cell(3, "import math"), Cell(7, "\n\ndef f():\n    return 1\n    # end")]
    ).text
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
