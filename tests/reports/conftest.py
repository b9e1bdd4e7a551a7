"""Pages taken apart, and a class of any size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from grading.batch.records import Record
from tests.records import record, task

VOID = {"meta", "link", "input", "br", "rect", "line", "path"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, tag: str | None = None, **attributes: str) -> Iterator["Element"]:
        """The elements below, in order; `class_` finds one class among several."""
        for one in self.inside:
            if isinstance(one, str):
                continue
            if tag in (None, one.tag) and all(one.has(*item) for item in attributes.items()):
                yield one
            yield from one.all(tag, **attributes)

    def has(self, name: str, value: str) -> bool:
        if name == "class_":
            return value in self.attributes.get("class", "").split()
        return self.attributes.get(name) == value

    def one(self, tag: str | None = None, **attributes: str) -> "Element":
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parse(html: str) -> Element:
    """The page as a tree; fails where an element is not closed."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is not closed"
    return builder.open[0]


@pytest.fixture
def class_of() -> Callable[[int], list[Record]]:
    """A class of so many, with something of everything."""

    def make(n: int) -> list[Record]:
        states = ["passed", "wrong", "crashed", "not_started", "blocked", "timeout", "passed"]
        looks = ["summed over the batch", "summed over everything", None]
        return [
            record(
                f"student{i:03}",
                tuple(
                    task(
                        f"{1 + number // 4}.{1 + number % 4}",
                        states[(i * number) % 7],
                        looks_like=looks[i % 3] if states[(i * number) % 7] == "wrong" else None,
                    )
                    for number in range(24)
                ),
                seconds=float(i),
            )
            for i in range(n)
        ]

    return make
