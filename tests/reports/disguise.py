"""Python texts written in another way: by copiers, who disguise them, and by honest students."""

import ast
import random
import re

COMMENT = "# my own solution\n"


class _Renaming(ast.NodeTransformer):
    """New names for all that a module defines itself, except for what the course asks for."""

    def __init__(self, tree: ast.Module, asked_for: set[str]) -> None:
        defined = {
            name.id
            for name in ast.walk(tree)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                defined.add(node.name)
            elif isinstance(node, ast.arg):
                defined.add(node.arg)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                defined.add(node.attr)
        free = sorted(name for name in defined - asked_for - {"self"} if not name.startswith("__"))
        self.names = {name: f"thing_{number}" for number, name in enumerate(free)}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.names.get(node.arg, node.arg)
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            node.attr = self.names.get(node.attr, node.attr)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)


def renamed(source: str, asked_for: set[str]) -> str:
    """With other names for variables, arguments, attributes, helper functions and classes."""
    tree = ast.parse(source)
    return ast.unparse(_Renaming(tree, asked_for).visit(tree)) + "\n"


def reordered(source: str) -> str:
    """With functions and classes, and the methods in these, in the opposite order."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            places = [
                at
                for at, one in enumerate(node.body)
                if isinstance(one, ast.FunctionDef | ast.ClassDef)
            ]
            for place, moved in zip(
                places, [node.body[at] for at in reversed(places)], strict=True
            ):
                node.body[place] = moved
    return ast.unparse(tree) + "\n"


def reformatted(source: str) -> str:
    """With one argument per line and a comma after the last, without docstrings and with a comment
    on each statement, as after a formatter and a tired night."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and len(node.body) > 1
            and ast.get_docstring(node)
        ):
            del node.body[0]
    text = re.sub(r"(?m)^( *)(\S)", rf"\1{COMMENT}\1\2", ast.unparse(tree))
    return re.sub(r"(?m)(\w)\(([^()\n\"']+(?:, [^()\n\"'*]+)+)\)", _one_per_line, text) + "\n"


def _one_per_line(call: re.Match[str]) -> str:
    arguments = call[2].split(", ")
    return f"{call[1]}(\n" + "".join(f"        {one},\n" for one in arguments) + "    )"


def disguised(source: str, asked_for: set[str]) -> str:
    return reformatted(reordered(renamed(source, asked_for)))


class _Variation(ast.NodeTransformer):
    def __init__(self, rng: random.Random, chance: float) -> None:
        self.rng, self.chance = rng, chance

    def chosen(self) -> bool:
        return self.rng.random() < self.chance

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.chosen():
            node.left, node.right = node.right, node.left
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if node.keywords and self.chosen():
            node.args += [keyword.value for keyword in node.keywords]
            node.keywords = []
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if node.value is None or not self.chosen():
            return node
        return [_assigned("result", node.value), ast.Return(ast.Name("result"))]

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        call = node.value
        if not (isinstance(call, ast.Call) and call.args and self.chosen()):
            return node
        step = _assigned("step", call.args[0])
        call.args[0] = ast.Name("step")
        return [step, node]


def _assigned(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(name)], value, lineno=0)


def varied(source: str, seed: int, chance: float) -> str:
    """As another student would write it who thinks the same: terms in the opposite order, values by
    position and not by keyword, steps with a name, each chosen with this chance."""
    tree = _Variation(random.Random(seed), chance).visit(ast.parse(source))
    return ast.unparse(tree) + "\n"
