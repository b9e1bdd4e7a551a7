"""A notebook as a module: what its cells define, without what was only tried out.

Kept are imports, functions, classes and assignments. Not kept are calls, loops, magics and what was
displayed: a module that runs them each time it is imported would train a model for one look at a
number. An assignment that fails is left out, as it needs what was not kept or is not there, such as
a file of data. Where something is defined twice, the later cell counts.
"""

import ast
import builtins
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN = re.compile(r"# ── cell \[(?P<cell>\d+)\], line (?P<line>\d+)$")
NO_PYTHON = re.compile(r"%%(?!time\b|timeit\b|capture\b|prun\b)\w")  # magics with another language
MAGIC = re.compile(r"(?m)^(?P<indent>[ \t]*)(?:[%!].*|[\w.]+\?{1,2}[ \t]*)$")
DEFINED = re.compile(r"(?m)^(?:(?:async )?def |class )?([A-Za-z_]\w*)(?= *[(:=])")
KEPT_WHOLE = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
GUARDED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try)
FUTURE = "__future__"


class NotANotebook(Exception):
    """The file does not hold a notebook; the message says what it holds."""


@dataclass(frozen=True)
class Cell:
    """A code cell; `number` stands beside it in Jupyter, or counts the cells never run."""

    number: int
    source: str


@dataclass(frozen=True)
class _Statement:
    """A statement of a cell that becomes one of the module.

    Attributes:
        needs: the names that must be there when it is executed.
        guarded: an error in it is ignored.
    """

    text: str
    defines: frozenset[str]
    needs: frozenset[str]
    guarded: bool


def module_text(cells: Sequence[Cell]) -> str:
    """The cells as the text of a module, with a comment above each statement: where it is from."""
    statements: list[_Statement] = []
    broken: dict[str, str] = {}
    for cell in cells:
        try:
            found = list(_statements(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            # ValueError: null bytes; MemoryError: nested deeper than the parser goes
            broken |= dict.fromkeys(DEFINED.findall(cell.source), _fault(cell, error))
            continue
        needs: set[str] = set()  # from earlier cells
        defines: set[str] = set()
        for statement in found:
            needs |= statement.needs - defines
            defines |= statement.defines
            statements = [old for old in statements if not _replaces(statement, old, needs)]
            statements.append(statement)
        broken = {name: fault for name, fault in broken.items() if name not in defines}
    there = {name for statement in statements for name in statement.defines}
    texts = [statement.text for statement in _in_order(statements)]
    texts += [_stand_in(name, fault) for name, fault in broken.items() if name not in there]
    return "\n".join(texts) + "\n"


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


def place_in_cell(lines: Sequence[str], line: int) -> tuple[str, int] | None:
    """For a line of a module's text, from 1: the cell, such as "[7]", and the line in it."""
    for above in range(min(line, len(lines)) - 1, 0, -1):
        begin = BEGIN.match(lines[above - 1].rstrip())
        if begin is not None:
            return f"[{begin['cell']}]", int(begin["line"]) + line - above - 1
    return None


def is_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb"


def _statements(cell: Cell) -> Iterator[_Statement]:
    """The statements of a cell that are kept."""
    source = "" if NO_PYTHON.match(cell.source.lstrip()) else cell.source.replace("\r\n", "\n")
    try:
        tree = ast.parse(source)
    except SyntaxError:
        source = MAGIC.sub(r"\g<indent>pass", source)
        tree = ast.parse(source)
    lines = source.split("\n")
    for node in tree.body:
        whole = isinstance(node, KEPT_WHOLE) and not _is_of_the_course(node)
        if whole:
            compile(ast.Module([node], []), "cell", "exec")  # finds more faults than the parser
        elif not isinstance(node, GUARDED) or not _compiles(node):
            continue
        first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", ()))])
        text = "\n".join(lines[first - 1 : node.end_lineno]) if whole else _guarded(node)
        if whole and (node.col_offset or _shares_its_line(tree, node)):
            text = ast.unparse(node)
        defines, needs = _names(node)
        begin = f"# ── cell [{cell.number}], line {first}"
        yield _Statement(f"{begin}\n{text}", defines, needs, not whole)


def _is_of_the_course(node: ast.stmt) -> bool:
    """Whether it imports what is for the notebook only: `from grading.notebook import check`."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "grading"


def _compiles(node: ast.stmt) -> bool:
    """Not so for `await` or `return` outside a function."""
    try:
        compile(ast.Module([node], []), "cell", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _guarded(node: ast.stmt) -> str:
    body = ast.unparse(node).replace("\n", "\n    ")
    return f"try:\n    {body}\nexcept Exception:\n    pass"


def _shares_its_line(tree: ast.Module, node: ast.stmt) -> bool:
    return any(other.lineno == node.end_lineno for other in tree.body if other is not node)


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a statement defines, and those that it needs when it is executed: what stands
    in the body of a function is looked up later."""
    defines: set[str] = set()
    needs: set[str] = set()
    waiting: list[tuple[ast.AST, bool]] = [(node, True)]
    while waiting:
        one, outside = waiting.pop()
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if outside:
                    defines.add(one.name)
                now = [*one.decorator_list, one.args, *([one.returns] if one.returns else [])]
                waiting += [(child, outside) for child in now]
                continue
            case ast.Lambda():
                waiting.append((one.args, outside))
                continue
            case ast.ClassDef():
                if outside:
                    defines.add(one.name)
                waiting += [(child, outside) for child in (*one.decorator_list, *one.bases)]
                waiting += [(child, outside) for child in one.keywords]
                waiting += [(child, False) for child in one.body]
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                if outside:  # a star stands for names that nobody knows here
                    star = ast.unparse(one)
                    defines |= {
                        star if name.name == "*" else name.asname or name.name.split(".")[0]
                        for name in names
                    }
                if isinstance(one, ast.ImportFrom) and one.module == FUTURE:
                    defines.add(FUTURE)
            case ast.comprehension():
                waiting += [(one.target, False), (one.iter, outside)]
                waiting += [(condition, outside) for condition in one.ifs]
                continue
            case ast.Name(id=name, ctx=ast.Load()):
                needs.add(name)
            case ast.Name(id=name):
                if outside:
                    defines.add(name)
        waiting += [(child, outside) for child in ast.iter_child_nodes(one)]
    return frozenset(defines), frozenset(needs)


def _replaces(new: _Statement, old: _Statement, needs: set[str]) -> bool:
    """Whether nothing of an earlier statement is left once a new one was executed, in a cell that
    needs these names from earlier ones."""
    return bool(old.defines) and old.defines <= new.defines and not old.defines & needs


def _in_order(statements: Sequence[_Statement]) -> Iterator[_Statement]:
    """In the given order, but none before what it needs: cells may have been run in any order."""
    done: set[str] = set(dir(builtins))
    waiting = sorted(statements, key=lambda statement: FUTURE not in statement.defines)

    def emit(statement: _Statement) -> Iterator[_Statement]:
        waiting.remove(statement)
        for name in sorted(statement.needs - done):
            first = next((one for one in waiting if name in one.defines), None)
            if first is not None and name not in done:
                yield from emit(first)
        done.update(statement.defines)
        yield statement

    while waiting:
        yield from emit(waiting[0])


def _fault(cell: Cell, error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"in cell [{cell.number}], line {error.lineno}: {error.msg}"
    return f"in cell [{cell.number}]: {error}"


def _stand_in(name: str, fault: str) -> str:
    """What stands for a definition in a cell that is no Python: the others can still be checked."""
    return f"class {name}:\n    def __init__(self, *_, **__):\n        raise SyntaxError({fault!r})"
