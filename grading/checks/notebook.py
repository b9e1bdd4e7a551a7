"""A notebook as a module: what its cells define, without what was only tried out.

Kept are imports, functions, classes and assignments, and the `if` and `try` around them. Not kept
are calls, loops, magics and what was displayed: a module that runs them each time it is imported
would train a model for one look at a number.

What is kept is executed in the order of the cells, and does what it does in a module. Two faults
cost less: a statement that fails costs only what it defines, as it may need what was not kept or
what is not there, such as a file of data; and so does an assignment that takes long. One that lacks
a name is executed once the name is there, as cells may have been run in any order.
"""

import __future__

import ast
import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from grading.checks.limits import TimeIsUp, time_left, time_limit

BEGIN = re.compile(r"# ── cell \[(?P<cell>\d+)\], line (?P<line>\d+)$")
# magics with another language
NO_PYTHON = re.compile(r"%%(?!(?:capture|debug|memit|mprun|prun|time|timeit)\b)\w")
MAGIC = re.compile(r"[ \t]*(?:[%!?].*|[\w., \t]+=[ \t]*[%!].*|[\w.]+\?{1,2}[ \t]*)$")
MOST_MAGICS = 200  # lines of one cell
DEFINED = re.compile(r"(?m)^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try)
OF_THE_COURSE = {"grading", "exercises"}  # its packages: the cells stand in place of its modules
PATIENCE, LITTLE_PATIENCE = 1.0, 0.3  # seconds for an assignment; for those after one that was late


class NotANotebook(Exception):
    """The file does not hold a notebook; the message says what it holds."""


@dataclass(frozen=True)
class Cell:
    """A code cell; `number` stands beside it in Jupyter, or counts the cells never run."""

    number: int
    source: str


@dataclass(frozen=True)
class Fault:
    """Why a cell is no Python, and where; `line` is counted in the cell."""

    kind: type[SyntaxError]
    message: str
    cell: int
    line: int | None
    text: str

    def error(self, path: Path) -> SyntaxError:
        """As Python would raise it for the file at `path`; its `cell` is such as "[7]"."""
        error = self.kind(self.message, (str(path), self.line, None, self.text))
        error.__dict__["cell"] = f"[{self.cell}]"
        return error


@dataclass(frozen=True)
class Source:
    """What is kept of a notebook.

    Attributes:
        text: the statements as the text of a module, each below a comment: where it is from.
        broken: names that only cells define that are no Python, and what is wrong there.
    """

    text: str
    broken: tuple[tuple[str, Fault], ...]


# From a file to cells


def is_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb"


def cells_of(content: bytes) -> list[Cell]:
    """The code cells of a notebook file, in order.

    Raises:
        NotANotebook: it is none, or one of a format from before 2014.
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
    there: set[str] = set()
    broken: dict[str, Fault] = {}
    for cell in cells:
        try:
            kept = list(_kept(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            # ValueError: null bytes; MemoryError: nested deeper than the parser goes
            broken |= dict.fromkeys(DEFINED.findall(cell.source), _fault(cell, error))
        else:
            texts += [text for _, text in kept]
            there.update(name for node, _ in kept for name in _defined(node))
    faults = tuple((name, broken[name]) for name in broken if name not in there)
    return Source("\n".join(texts) + "\n", faults)


def place_in_cell(lines: Sequence[str], line: int) -> tuple[str, int] | None:
    """For a line of a module's text, from 1: the cell, such as "[7]", and the line in it."""
    for above in range(min(line, len(lines)) - 1, 0, -1):
        begin = BEGIN.match(lines[above - 1].rstrip())
        if begin is not None:
            return f"[{begin['cell']}]", int(begin["line"]) + line - above - 1
    return None


def _kept(cell: Cell) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of a cell that are kept, each with its text below a comment."""
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
        yield node, f"{begin}\n{text}"


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
    """Not so for `await` or `return` outside a function."""
    try:
        compile(ast.Module([node], []), "cell", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _defined(node: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    found: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        match one := waiting.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {name.asname or name.name.split(".")[0] for name in names} - {"*"}
            case ast.Lambda() | ast.comprehension():
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case _:
                waiting += ast.iter_child_nodes(one)
    return found


def _fault(cell: Cell, error: Exception) -> Fault:
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()
        return Fault(type(error), error.msg, cell.number, error.lineno, text)
    return Fault(SyntaxError, str(error), cell.number, None, "")


# From the source to the names of a module


def execute(source: Source, path: Path, names: dict[str, Any]) -> None:
    """Execute what is kept of the notebook at `path` in the namespace of a module.

    Raises:
        TimeIsUp: the time of the caller is over.
        SystemExit: a cell defines something by leaving Python.
    """
    for name, fault in source.broken:
        names[name] = _stand_in(name, fault.error(path))
    tree = ast.parse(source.text)
    run = _Run(path, names, _flags(tree))
    for node in tree.body:
        run.execute(node)
    run.give_up()


class _Run:
    """The execution of a notebook's statements, one by one."""

    def __init__(self, path: Path, names: dict[str, Any], flags: int) -> None:
        self.path = path
        self.names = names
        self.flags = flags
        self.patience = PATIENCE
        self.waiting: dict[str, list[tuple[ast.stmt, NameError]]] = {}  # by the name they lack

    def execute(self, node: ast.stmt) -> None:
        """Execute a statement, and those that waited for what it defines."""
        ready = deque([node])
        while ready:
            node = ready.popleft()
            error = self._error_of(node)
            if type(error) is NameError:
                self.waiting.setdefault(error.name or "", []).append((node, error))
                continue
            if error is not None:
                self._stand_in_for(node, error)
            ready += self._ready_after(node)

    def give_up(self) -> None:
        """Let stand-ins tell what the statements lack that still wait."""
        while self.waiting:
            for node, error in self.waiting.pop(next(iter(self.waiting))):
                self._stand_in_for(node, error)
                for waiting in self._ready_after(node):
                    self.execute(waiting)

    def _ready_after(self, node: ast.stmt) -> list[ast.stmt]:
        """The statements that waited for a name that this one has defined."""
        names = _defined(node) & self.waiting.keys() & self.names.keys()
        return [waiting for name in names for waiting, _ in self.waiting.pop(name)]

    def _error_of(self, node: ast.stmt) -> Exception | None:
        code = compile(ast.Module([node], []), str(self.path), "exec", self.flags, True)
        try:
            if isinstance(node, ASSIGNMENTS):
                self._assign(code)
            else:
                exec(code, self.names)
        except Exception as error:
            return error
        return None

    def _assign(self, code: CodeType) -> None:
        """Execute an assignment, or leave it out where it takes long; a caller's time goes on."""
        with time_limit(min(self.patience, time_left() / 4)) as limit:
            try:
                exec(code, self.names)
            except TimeIsUp as error:
                if error.limit is not limit:
                    raise
                self.patience = LITTLE_PATIENCE

    def _stand_in_for(self, node: ast.stmt, error: Exception) -> None:
        if isinstance(node, DEFINITIONS):
            for name in _defined(node):
                self.names.setdefault(name, _stand_in(name, error))


def _flags(tree: ast.Module) -> int:
    """What the imports from `__future__` switch on, for all statements."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for name in node.names:
                flags |= getattr(__future__, name.name).compiler_flag
    return flags


class _StandIn(type):
    """For a class, a function or a module that is not there: who uses it is told why."""

    error: Exception
    place: TracebackType | None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise cls.error.with_traceback(cls.place)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):  # whether it has them is asked of anything
            raise AttributeError(name)
        raise cls.error.with_traceback(cls.place)


def _stand_in(name: str, error: Exception) -> _StandIn:
    return _StandIn(name, (), {"error": error, "place": error.__traceback__})
