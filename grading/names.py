"""Names that somebody else chose: which files to ignore, and how to print them and numbers."""

import difflib
from collections.abc import Callable, Iterable, Sequence

JUNK = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}  # and all that is hidden
INSTALLED = {"venv", "site-packages", "node_modules"}  # thousands of files that programs put there
MOST = 8  # names in one sentence
LONGEST = 100  # characters of one name


def is_junk(name: str) -> bool:
    """Whether systems and programs leave files of this name behind, and nobody hands them in."""
    return name in JUNK or name in INSTALLED or name.startswith(".")


def listed(names: Sequence[str]) -> str:
    """The names in one line, the first few of them if there are many."""
    if len(names) > MOST:
        return f"{', '.join(names[:MOST])} and {len(names) - MOST} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def plural(n: int, noun: str) -> str:
    """Such as "1 file" and "1,200 files"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def meant(
    unknown: str,
    known: Iterable[str],
    tell: Callable[[str], str] = str,
    form: str = "; did you mean {}?",
) -> str:
    """A question to follow a sentence or a name; "" if there is no similar name."""
    close = difflib.get_close_matches(unknown, list(known), n=1)
    return form.format(tell(close[0])) if close else ""


def shown(name: str) -> str:
    """A name in a form that can be printed in one line."""
    name = printable(name)
    return name if len(name) <= LONGEST else f"{name[:40]} … {name[-50:]}"


def printable(text: str) -> str:
    """The text with escapes for control characters and for bytes that are not UTF-8."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
