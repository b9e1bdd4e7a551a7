"""A notebook as a module.

Imports, definitions and assignments, and the `if` and `try` around them, are executed from top to
bottom as in one module. A statement that fails, or an assignment that takes too long, loses only
the names it defines. Everything else (calls, loops, magics) is left out: with it, each import would
train a model.
"""

import ast
import codeop
import json
import re
import symtable
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grading.checks.limits import TimeIsUp, time_limit

BEGIN = re.compile(r"# ── cell \[(?P<cell>\d+)\], line (?P<line>\d+)$")
# magics for another language
NO_PYTHON = re.compile(r"%%(?!(?:capture|debug|memit|mprun|prun|time|timeit)\b)\w")
MAGIC = re.compile(r"[ \t]*(?:[%!?].*|[\w., \t]+=[ \t]*[%!].*|[\w.]+\?{1,2}[ \t]*)$")
MOST_MAGICS = 200  # lines of one cell
DEFINED = re.compile(r"(?m)^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try)
OF_THE_COURSE = {"grading", "exercises"}  # its packages: the cells stand in place of its modules
LOST = "__lost__"  # in a module: the names that statements failed to define, and their errors
# The share of a module's loading time that an assignment may take; the least, once others were late
SHARE, LEAST_SHARE = 1 / 5, 1 / 50


class NotANotebook(Exception):
    """The file does not hold a notebook; the message says what it holds."""


@dataclass(frozen=True)
class Cell:
    """A code cell; `number` is shown beside it in Jupyter, or counts the cells if it never ran."""

    number: int
    source: str


@dataclass(frozen=True)
class Fault:
    """Why a cell is not valid Python, and where; `line` is counted within the cell."""

    kind: type[SyntaxError]
    message: str
    cell: int
    line: int | None
    text: str

    def error(self, path: Path) -> SyntaxError:
        """As Python would raise it for the file at `path`; its attribute `cell` reads "[7]"."""
        error = self.kind(self.message, (str(path), self.line, None, self.text))
        error.__dict__["cell"] = f"[{self.cell}]"
        return error


@dataclass(frozen=True)
class Source:
    """What is kept of a notebook.

    Attributes:
        text: the statements as the text of a module, each below a comment with its origin.
        broken: names defined by cells that are not Python, and what is wrong there.
    """

    text: str
    broken: tuple[tuple[str, Fault], ...]


# From a file to cells


def is_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb"


def cells_of(content: bytes) -> list[Cell]:
    """The code cells of a notebook file, in order.

    Raises:
        NotANotebook: it is not a notebook, or has the format from before 2014.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotANotebook(f"is damaged: no notebook can be read from it ({error})") from None
    if isinstance(document, dict) and "worksheets" in document:
        raise NotANotebook("has the old format 3: open it in Jupyter and save it again")
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise NotANotebook("holds no notebook: there are no cells in it")
    code = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    found = []
    for position, cell in enumerate(code, start=1):
        number, source = cell.get("execution_count"), cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise NotANotebook(f"is damaged: code cell {position} has no text")
        found.append(Cell(number if type(number) is int and number > 0 else position, source))
    return found


# From cells to the source of a module


def source_of(cells: Sequence[Cell]) -> Source:
    """What is kept of the cells."""
    texts: list[str] = []
    broken: dict[str, Fault] = {}
    for cell in cells:
        try:
            texts += list(_kept(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            # ValueError: null bytes; MemoryError: nested deeper than the parser goes
            broken |= dict.fromkeys(DEFINED.findall(cell.source), _fault(cell, error))
    return Source("\n".join(texts) + "\n", tuple(broken.items()))


def place_in_cell(lines: Sequence[str], line: int) -> tuple[str, int] | None:
    """For a line of a module's text, from 1: the cell, such as "[7]", and the line in it."""
    for above in range(min(line, len(lines)) - 1, 0, -1):
        begin = BEGIN.match(lines[above - 1].rstrip())
        if begin is not None:
            return f"[{begin['cell']}]", int(begin["line"]) + line - above - 1
    return None


def _kept(cell: Cell) -> Iterator[str]:
    """The statements of a cell that are kept, each below a comment that says where it is from."""
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    lines, tree = _parsed("" if NO_PYTHON.match(source.lstrip()) else source)
    begins = Counter(node.lineno for node in tree.body)
    for node in tree.body:
        if isinstance(node, DEFINITIONS) and not _is_of_the_course(node):
            compile(ast.Module([node], []), "cell", "exec")  # finds more faults than the parser
        elif not (isinstance(node, ASSIGNMENTS) and _compiles(node)):
            continue
        end = node.end_lineno or node.lineno
        first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", ()))])
        shares_a_line = node.col_offset > 0 or begins[end] > (end == node.lineno)
        text = ast.unparse(node) if shares_a_line else "\n".join(lines[first - 1 : end])
        begin = f"# ── cell [{cell.number}], line {first}"
        yield f"{begin}\n{text}"


def _parsed(source: str) -> tuple[list[str], ast.Module]:
    """The lines of a cell and their syntax, `pass` standing in for each magic, call of the shell
    and question for help; a line that could be one but is Python is left alone."""
    lines = source.split("\n")
    for _ in range(MOST_MAGICS):
        try:
            return lines, ast.parse("\n".join(lines))
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            if not (0 <= at < len(lines) and MAGIC.match(lines[at])):
                raise
            end = at
            while lines[end].endswith("\\") and end + 1 < len(lines):
                end += 1
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at : end + 1] = [f"{indent}pass", *[""] * (end - at)]
    return lines, ast.parse("\n".join(lines))


def _is_of_the_course(node: ast.stmt) -> bool:
    """Whether it imports what is for the notebook only, such as `check`, or a module whose place
    the notebook takes."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OF_THE_COURSE


def _compiles(node: ast.stmt) -> bool:
    """False for `await` or `return` outside a function."""
    try:
        compile(ast.Module([node], []), "cell", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _defined(statement: str) -> set[str]:
    """The names that a statement defines."""
    symbols = symtable.symtable(statement, "cell", "exec").get_symbols()
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}


def _fault(cell: Cell, error: Exception) -> Fault:
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()
        return Fault(type(error), error.msg, cell.number, error.lineno, text)
    return Fault(SyntaxError, str(error), cell.number, None, "")


# From the source to the names of a module


def execute(source: Source, path: Path, module: ModuleType, seconds: float) -> None:
    """Execute what is kept of the notebook at `path` in `module`.

    Args:
        seconds: the limit for each statement. An assignment has a `SHARE` of it, which is halved
            by each one that takes too long.

    Raises:
        TimeIsUp: an import or a definition takes too long.
        SystemExit: a definition in a cell exits Python.
    """
    lost: dict[str, BaseException] = {name: fault.error(path) for name, fault in source.broken}
    module.__dict__[LOST] = lost
    compiled = codeop.Compile()  # imports from __future__ count for the statements below
    share, lines = seconds * SHARE, source.text.split("\n")
    for node in ast.parse(source.text).body:
        code = compiled(ast.Module([node], []), str(path), "exec")  # type: ignore[arg-type]
        assigns = isinstance(node, ASSIGNMENTS)
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])  # each has its lines alone
        try:
            with time_limit(share if assigns else seconds):
                exec(code, module.__dict__)
        except TimeIsUp as error:
            if not assigns:
                raise
            share = max(share / 2, seconds * LEAST_SHARE)
            lost |= dict.fromkeys(_defined(text), error)
        except Exception as error:
            lost |= dict.fromkeys(_defined(text), why_missing(error, module))


def why_missing(error: BaseException, module: ModuleType | None) -> BaseException:
    """The original error, where a name is missing because a statement of the notebook failed."""
    if module is None or not (
        type(error) is NameError or (isinstance(error, AttributeError) and error.obj is module)
    ):
        return error
    lost: dict[str | None, BaseException] = vars(module).get(LOST, {})
    return lost.get(error.name, error)
