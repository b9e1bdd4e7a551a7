"""Python texts written in another way: by copiers, who disguise them, and by honest students."""

import ast
import random
import re

COMMENT = "# my own solution\n"


def renamed(source: str, asked_for: set[str]) -> str:
    """With other names for variables, arguments, attributes, helper functions and classes, except
    for what the course asks for."""
    defined = {"self"}
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                defined.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                defined.add(name)
    free = sorted(name for name in defined - asked_for - {"self"} if not name.startswith("__"))
    names = {name: f"thing_{number}" for number, name in enumerate(free)}
    # an attribute of anything but self is that of a library
    return re.sub(
        r"(?<!\.)\b\w+|(?<=\bself\.)\w+", lambda word: names.get(word[0], word[0]), source
    )


def reordered(source: str) -> str:
    """With functions and classes, and the methods in these, in the opposite order."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            kinds = (ast.FunctionDef, ast.ClassDef)
            moved = [one for one in node.body if isinstance(one, kinds)]
            node.body = [moved.pop() if isinstance(one, kinds) else one for one in node.body]
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
