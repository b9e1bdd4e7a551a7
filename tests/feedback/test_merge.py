"""A student's module and a new stub become one module, in which no work is lost."""

import pytest

from grading.feedback.merge import CannotMerge, Merged, merge

BASE = '''\
"""Numbers."""

import os


def add(a, b):
    raise NotImplementedError("TODO 1.1")


class Counter:
    start = 0

    def count(self):
        raise NotImplementedError("TODO 1.2")


def negate(a):
    raise NotImplementedError("TODO 1.3")
'''
ADD, COUNT, NEGATE = (f'raise NotImplementedError("TODO 1.{task}")' for task in (1, 2, 3))
SOLVED = BASE.replace(ADD, "return a + b").replace(COUNT, "return self.start")
MORE = """
    def again(self):
        raise NotImplementedError("TODO 1.4")
"""


def merged(mine: str, new: str) -> Merged:
    found = merge(BASE, mine, new)
    compile(found.text, "numbers.py", "exec")
    return found


def test_the_same_stub_changes_nothing() -> None:
    assert merged(SOLVED, BASE) == Merged(SOLVED, (), (), (), (), False)


def test_an_untouched_function_is_replaced_and_a_solved_one_stays() -> None:
    new = BASE.replace("TODO 1.1", "TODO 1.1: now").replace("TODO 1.3", "TODO 1.3: now")
    found = merged(SOLVED, new)
    assert found.text == SOLVED.replace("TODO 1.3", "TODO 1.3: now")
    assert (found.taken, found.kept) == (("negate",), ("add",))


def test_a_merged_module_is_merged_again_to_the_same() -> None:
    new = BASE.replace("TODO 1.1", "TODO 1.1: now").replace(
        "def negate", "def half(a): ...\n\n\ndef negate"
    )
    once = merged(SOLVED, new).text
    assert merged(once, new).text == once


def test_new_functions_and_methods_come_at_their_place() -> None:
    new = BASE.replace(
        "\n\n\ndef negate", f"\n{MORE}\n\ndef half(a):\n    return 1\n\n\ndef negate"
    )
    found = merged(SOLVED, new)
    order = ["def add", "class Counter", "def count", "def again", "def half", "def negate"]
    places = [found.text.index(one) for one in order]
    assert places == sorted(places)
    assert found.added == ("Counter.again", "half")


def test_imports_constants_and_helpers_of_both_are_there() -> None:
    mine = SOLVED.replace("import os\n", "import os\nimport math\n\nSCALE = 2\n").replace(
        "class Counter", "def helper(a):\n    return a\n\n\nclass Counter"
    )
    new = BASE.replace("import os\n", "import os\nimport math\nimport sys\n").replace(
        "class Counter", "def half(a):\n    return 1\n\n\nclass Counter"
    )
    text = merged(mine, new).text
    for line in ("import os", "import math", "import sys", "SCALE = 2", "    return a + b"):
        assert text.count(f"{line}\n") == 1, line
    assert (
        text.count("def helper(a):\n    return a\n")
        == text.count("def half(a):\n    return 1\n")
        == 1
    )


def test_where_both_changed_the_same_constant_the_students_stays_and_it_is_said() -> None:
    mine, new = (SOLVED.replace("start = 0", f"start = {one}") for one in (1, 2))
    found = merged(mine, new)
    assert found.around
    assert "start = 1" in found.text and "start = 2" not in found.text


def test_a_function_that_the_course_no_longer_has_goes_unless_it_was_worked_on() -> None:
    without_class = BASE[: BASE.index("class Counter")] + BASE[BASE.index("def negate") :]
    found = merged(SOLVED, without_class)
    assert found.dropped == ("Counter.count",)
    assert (
        "class Counter:\n    start = 0\n\n    def count(self):\n        return self.start"
        in found.text
    )
    without_negate = BASE[: BASE.index("\n\n\ndef negate")] + "\n"
    found = merged(SOLVED, without_negate)
    assert found.dropped == () and "negate" not in found.text


def test_a_function_that_the_student_removed_stays_away_and_a_new_stub_of_it_is_reported() -> None:
    mine = SOLVED[: SOLVED.index("\n\n\ndef negate")] + "\n"
    found = merged(mine, BASE.replace("TODO 1.3", "TODO 1.3: now"))
    assert found.text == mine
    assert found.kept == ("negate",)


def test_a_function_of_the_students_with_the_name_of_a_new_one_stays() -> None:
    mine = SOLVED + "\n\ndef half(a):\n    return a / 2\n"
    found = merged(mine, BASE + "\n\ndef half(a):\n    return 1\n")
    assert found.text.count("def half") == 1
    assert "return a / 2" in found.text and found.kept == ("half",)


def test_what_cannot_be_made_whole_is_refused() -> None:
    mine = SOLVED.replace(
        "class Counter:\n    start = 0\n\n    def count", "class Mine:\n    def count"
    )
    with pytest.raises(CannotMerge):
        merge(BASE, mine, BASE.replace("\n\n\ndef negate", f"\n{MORE}\n\ndef negate"))
    with pytest.raises(SyntaxError):
        merge(BASE, "def add(:", BASE)
