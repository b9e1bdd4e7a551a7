"""What becomes of a notebook's cells when they are read as a module."""

import ast
import json
import time
from pathlib import Path

import pytest

from grading.checks.limits import TimeIsUp, time_limit
from grading.checks.notebook import (
    Cell,
    NotANotebook,
    cells_of,
    execute,
    place_in_cell,
    source_of,
)

PATH = Path("part1.ipynb")


def names_of(*sources: str) -> dict:
    """What the module of these cells holds."""
    source = source_of([Cell(number, source) for number, source in enumerate(sources, start=1)])
    module: dict = {"__name__": "module"}
    execute(source, PATH, module)
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


def test_an_import_that_fails_costs_those_who_use_it_and_says_so() -> None:
    module = names_of(
        "import no_such_package as nsp\nfrom no_such_package import thing",
        "def one():\n    return 1",
        "def plot():\n    return nsp.plot(thing)",
        "@nsp.fast\ndef fast():\n    return 1",
    )
    assert module["one"]() == 1
    for use in (module["plot"], module["fast"], module["thing"], lambda: module["nsp"].plot):
        with pytest.raises(ModuleNotFoundError, match="no_such_package"):
            use()


def test_a_definition_that_needs_what_was_left_aside_costs_itself_and_says_so() -> None:
    module = names_of(
        "with open('u.data') as file:\n    lines = list(file)",
        "def show(n=len(lines)):\n    return n",
        "class Table:\n    n_rows = len(lines)",
        "class Wide(Table):\n    pass",
        "def one():\n    return 1",
    )
    assert module["one"]() == 1
    for name in ("show", "Table", "Wide"):
        with pytest.raises(NameError, match="'lines' is not defined"):
            module[name]()


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
    module = names_of(
        "import time", "history = time.sleep(60)", "more = time.sleep(60)", "STARS = 5", "n = STARS"
    )
    assert time.monotonic() - started < 20
    assert "history" not in module
    assert (module["STARS"], module["n"]) == (5, 5)


SPIN = "def spin():\n    while True:\n        pass"
LATE = {
    "a sleep": "h = time.sleep(60)",
    "several": "a = time.sleep(60)\nb = time.sleep(60)\nc = time.sleep(60)",
    "a loop in C": "x = sum(range(10**8))",
    "what swallows the alarm": (
        "def g():\n    try:\n        time.sleep(60)\n    except:\n        time.sleep(60)\nx = g()"
    ),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
@pytest.mark.parametrize("seconds", [0.25, 1.0])
def test_the_time_of_the_caller_goes_on_meanwhile(late: str, seconds: float) -> None:
    started = time.monotonic()
    with pytest.raises(TimeIsUp) as raised, time_limit(seconds) as limit:
        names_of("import time", SPIN, late)["spin"]()
    assert raised.value.limit is limit
    assert time.monotonic() - started < 15


def test_little_time_is_not_used_up_by_what_takes_long() -> None:
    with time_limit(0.5):
        module = names_of("import time", *["x = time.sleep(60)"] * 3, "n = 1")
    assert module["n"] == 1


AS_A_MODULE = {
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


def test_a_long_notebook_is_read_in_time() -> None:
    """1,500 definitions, each of which needs the next."""
    sources = [f"def f{n}(x=f{n + 1}):\n    return {n}" for n in range(1500)]
    sources.append("def f1500():\n    return 1500")
    started = time.monotonic()
    assert names_of(*sources)["f0"]() == 0
    assert time.monotonic() - started < 10


def test_cells_that_were_run_in_another_order_than_they_need() -> None:
    """Somebody ran the subclass first, saw a NameError, ran what it needs, and went on."""
    module = names_of(
        "class B(A):\n    x = 1", "class A(Base):\n    y = 2", "class Base:\n    z = 3"
    )
    assert (module["B"].x, module["B"].y, module["B"].z) == (1, 2, 3)


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


BROKEN = {
    "def f(:\n    pass": ("invalid syntax", 1),
    "x = 1\ndef f():\n    nonlocal y": ("no binding for nonlocal 'y' found", 3),
    "def f():\nreturn 1": ("expected an indented block after function definition on line 1", 2),
    "def f():\n\0pass": ("source code string cannot contain null bytes", None),
    "class f:\n    x = (1,\n": ("'(' was never closed", 2),
}


@pytest.mark.parametrize(("source", "told"), BROKEN.items())
def test_a_cell_that_is_no_python_takes_only_its_own_names_along(
    source: str, told: tuple[str, int | None]
) -> None:
    module = names_of("def one():\n    return 1", source, "%time x = 1")
    assert module["one"]() == 1
    with pytest.raises(SyntaxError) as raised:
        module["f"]()
    assert (raised.value.msg, raised.value.lineno) == told
    assert raised.value.filename == str(PATH)
    assert vars(raised.value)["cell"] == "[2]"


@pytest.mark.parametrize(
    "source", ["try:\n  print(f(1)\nexcept:", "else: no", "if (x:\n  y", "with x²", "print(f(x)"]
)
def test_words_that_are_no_python_define_nothing(source: str) -> None:
    module = names_of("def one():\n    return str(1)", source)
    assert module["one"]() == "1"
    assert set(module) == {"__name__", "__builtins__", "one"}


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


def test_statements_that_share_a_line() -> None:
    module = names_of("import math; import string", "def f(): return 1\nx = 1; y = 2")
    assert (module["f"](), module["x"], module["y"]) == (1, 1, 2)
    assert module["string"].digits


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
