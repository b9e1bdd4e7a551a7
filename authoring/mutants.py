"""Mutants: the solutions with one small fault each, to see whether the checks notice.

Faults come from Cosmic Ray's operators (arithmetic, comparisons, numbers, loops …), and from two
more: a statement left out, and a keyword argument left out. Only lines of a task's solution are
changed.
"""

import ast
import difflib
import itertools
import pickle
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from authoring.stubs import Region, regions
from grading.manifest import Course, Part

EQUIVALENT = Path("tests") / "equivalent_mutants.toml"


@dataclass(frozen=True)
class Mutant:
    """One faulty version of a part's solution. `before` and `after` are the lines that differ."""

    part: int
    task: str
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies a mutant even after lines have moved."""
        return self.task, self.before, self.after


def mutants(course: Course, part: Part) -> list[Mutant]:
    """Every distinct mutant of a part's solution, in the order of its lines."""
    source = (course.solutions / part.path).read_text(encoding="utf-8")
    places = regions(source, part.module)
    found: dict[tuple[str, str, str], Mutant] = {}
    for mutated in (*_cosmic_ray(source), *_left_out(source, places)):
        mutant = _mutant(part, source, mutated, places)
        if mutant is not None:
            found.setdefault(mutant.key, mutant)
    return list(found.values())


def equivalent(course: Course) -> dict[tuple[str, str, str], str]:
    """The mutants known to be equivalent to the solution: key → reason."""
    path = course.root / EQUIVALENT
    if not path.is_file():
        return {}
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {(entry["task"], entry["before"], entry["after"]): entry["why"] for entry in entries}


def _cosmic_ray(source: str) -> Iterator[str]:
    from cosmic_ray.ast import get_ast
    from cosmic_ray.mutating import MutationVisitor
    from cosmic_ray.plugins import get_operator, operator_names

    parsed = pickle.dumps(get_ast(source))  # to parse it again takes much longer
    tree = pickle.loads(parsed)
    for name in sorted(operator_names()):
        operator_class = get_operator(name)
        if operator_class.arguments():
            continue  # needs names of variables
        for occurrence in itertools.count():
            visitor = MutationVisitor(occurrence, operator_class())
            visitor.walk(tree)
            if not visitor.mutation_applied:
                break
            yield tree.get_code()
            tree = pickle.loads(parsed)


def _left_out(source: str, places: list[Region]) -> Iterator[str]:
    """Each simple statement replaced by `pass`, and each keyword argument dropped."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Raise):
            yield _cut(lines, node, "pass")
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    yield _without_keyword(lines, node, keyword)


def _without_keyword(lines: list[str], call: ast.Call, keyword: ast.keyword) -> str:
    rest = ast.Call(call.func, call.args, [other for other in call.keywords if other != keyword])
    return _cut(lines, call, ast.unparse(rest))


def _cut(lines: list[str], node: ast.expr | ast.stmt, text: str) -> str:
    """The source with `text` in place of `node`. Columns of `ast` count bytes."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    return "".join([*lines[:first], before + text + after, *lines[last + 1 :]])


def _mutant(part: Part, source: str, mutated: str, places: list[Region]) -> Mutant | None:
    """None if nothing changed, the change is outside a solution, or it is not valid Python."""
    old, new = source.splitlines(), mutated.splitlines()
    changes = [
        change
        for change in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    if not changes:
        return None
    first, last = changes[0][1], changes[-1][2]
    task = next((p.task for p in places if p.begin < first and last <= p.end), None)
    if task is None:
        return None
    try:
        ast.parse(mutated)
    except SyntaxError:
        return None
    after = new[changes[0][3] : changes[-1][4]]
    return Mutant(part.number, task, _one_line(old[first:last]), _one_line(after), mutated)


def _one_line(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
