"""The form of a submitted notebook: from bytes to a notebook of version 4 of the notebook format,
with the right types in the right places. What it means to nbgrader is not looked at here.
"""

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeGuard

import nbformat

from grading.batch.names import listed, printable

MB = 1_000_000
MOST_TO_READ = 200 * MB
LARGE = 10 * MB  # above it a notebook loses its outputs
DEEPEST = 32  # levels of lists and objects in metadata and outputs; plots have about ten

NBFORMAT, NBFORMAT_MINOR = 4, 5
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source", "attachments"},
    "raw": {"cell_type", "id", "metadata", "source", "attachments"},
}
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

# How the sentences start; what they are about follows.
ENCODING = "Saved as UTF-8 without a byte order mark"
OLD_NOTEBOOK = "Brought to version 4 of the notebook format"
STRUCTURE = "Brought into the form that the notebook format asks for"
DEEP = "Metadata or outputs that are nested too deeply are gone"
IDS = "Cells whose id was missing, taken or impossible have a new one"
OUTPUTS = "Outputs are gone, as nbgrader runs all cells anew"


class NotRepairableError(Exception):
    """Why a notebook cannot be graded: the end of a sentence that starts with its name."""


@dataclass
class Faults:
    """What was put right: by kind the cells, in the order in which they were found."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, name: str = "") -> None:
        names = self.found.setdefault(kind, [])
        if name and name not in names:
            names.append(name)

    def sentences(self) -> tuple[str, ...]:
        return tuple(_sentence(kind, names) for kind, names in self.found.items())


def read(content: bytes, faults: Faults) -> dict[str, Any]:
    """A notebook of version 4 as plain data, of which only the version and the list are sure.

    Raises:
        NotRepairableError: there is no such notebook in the bytes.
    """
    if len(content) > MOST_TO_READ:
        raise NotRepairableError(f"has {len(content) // MB} MB, which is too much to read")
    text = _text(content, faults)
    if not text.strip():
        raise NotRepairableError("is empty")
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise NotRepairableError(f"is not JSON ({error})") from error
    if not isinstance(plain, dict):
        raise NotRepairableError("is JSON, but not a notebook")
    version = plain.get("nbformat")
    if "cells" not in plain and is_int(version) and 1 <= version < NBFORMAT:
        faults.add(OLD_NOTEBOOK)
        return _upgraded_notebook(text, version)
    if not isinstance(plain.get("cells"), list):
        raise NotRepairableError("has no list of cells")
    minor = plain.get("nbformat_minor")
    known = version == NBFORMAT and is_int(minor) and 0 <= minor <= NBFORMAT_MINOR
    if not (is_int(version) and known):
        faults.add(STRUCTURE, "the version of the notebook format")
        plain |= {"nbformat": NBFORMAT, "nbformat_minor": NBFORMAT_MINOR}
    return plain


def _text(content: bytes, faults: Faults) -> str:
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding)
        if encoding != "utf-8":
            faults.add(ENCODING)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")  # what Windows programs write
        except UnicodeDecodeError:
            raise NotRepairableError("is not text in any encoding that is known here") from None
        faults.add(f"{ENCODING}; it was read as Windows-1252, so look at its accented letters")
    return text.lstrip("\ufeff")


def _upgraded_notebook(text: str, version: int) -> dict[str, Any]:
    try:
        nb = nbformat.reads(text, as_version=NBFORMAT, capture_validation_error={})
        return json.loads(json.dumps(nb))
    except RecursionError:
        raise
    except Exception as error:  # it reads what it expects, without looking first
        raise NotRepairableError(
            f"is of version {version} of the notebook format and cannot be upgraded ({error!r:.80})"
        ) from error


def form(plain: dict[str, Any], ours: Container[str], faults: Faults) -> None:
    """Give everything in a notebook of version 4 the type that the format asks for.

    Args:
        ours: the grade ids of cells whose text is the course's, so that a wrong one is no loss.

    Raises:
        NotRepairableError: a cell, or the text of one that is a student's, is something else.
    """
    for key in plain.keys() - {"cells", "metadata", "nbformat", "nbformat_minor"}:
        del plain[key]
        faults.add(STRUCTURE, "the notebook")
    metadata = plain.get("metadata")
    if not isinstance(metadata, dict) or _too_deep(metadata) or not encodes(metadata):
        plain["metadata"] = {}
        faults.add(STRUCTURE, "the notebook")
    if plain["nbformat_minor"] < NBFORMAT_MINOR and any(
        isinstance(cell, dict) and "id" in cell for cell in plain["cells"]
    ):
        plain["nbformat_minor"] = NBFORMAT_MINOR
        faults.add(STRUCTURE, "the version of the notebook format")
    for number, cell in enumerate(plain["cells"], 1):
        if not isinstance(cell, dict):
            raise NotRepairableError(f"has something else than a cell in place {number}")
        _form_cell(cell, f"cell {number}", ours, faults)
    try:
        nbformat.validate(
            {**plain, "cells": []}, version=NBFORMAT, version_minor=plain["nbformat_minor"]
        )
    except Exception:  # jsonschema's or nbformat's own
        plain["metadata"] = {}
        faults.add(STRUCTURE, "the notebook's metadata")


def _form_cell(cell: dict[str, Any], name: str, ours: Container[str], faults: Faults) -> None:
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
        faults.add(STRUCTURE, name)
    elif _too_deep(metadata):
        metadata = {key: value for key, value in metadata.items() if not _too_deep([value])}
        faults.add(DEEP, name)
    if not encodes(metadata):
        metadata = {key: value for key, value in metadata.items() if encodes([key, value])}
        faults.add(STRUCTURE, name)
    cell["metadata"] = metadata
    if not isinstance(cell.get("cell_type"), str) or cell["cell_type"] not in KEYS:
        cell["cell_type"] = "code" if "outputs" in cell else "markdown"
        faults.add(STRUCTURE, name)
    cell["source"] = _source(cell, name, ours, faults)
    for key in cell.keys() - KEYS[cell["cell_type"]]:
        del cell[key]
        faults.add(STRUCTURE, name)
    if cell["cell_type"] == "code":
        count = cell.get("execution_count", "missing")
        if not (count is None or (is_int(count) and count >= 0)):
            cell["execution_count"] = None
            faults.add(STRUCTURE, name)
        if not _outputs_are_good(cell.get("outputs")):
            deep = isinstance(cell.get("outputs"), list) and _too_deep(cell["outputs"])
            faults.add(DEEP if deep else OUTPUTS, name)
            cell["outputs"] = []
    if not _is_valid(cell):
        # what is left are metadata such as tags, and pictures in a text cell
        cell["metadata"] = {key: value for key, value in metadata.items() if key == "nbgrader"}
        faults.add(STRUCTURE, name)
        if not _is_valid(cell):
            cell.pop("attachments", None)


def _source(cell: dict[str, Any], name: str, ours: Container[str], faults: Faults) -> str:
    source = cell.get("source")
    if isinstance(source, str):
        return source
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    meta = cell["metadata"].get("nbgrader")
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    if source is not None and not (isinstance(grade_id, str) and grade_id in ours):
        raise NotRepairableError(f"has something else than text in {name}")
    faults.add(STRUCTURE, name)
    return ""


def _outputs_are_good(outputs: Any) -> bool:
    if not isinstance(outputs, list) or _too_deep(outputs) or not encodes(outputs):
        return False
    return all(_is_valid(output, ref="output") for output in outputs)


def _is_valid(node: Any, ref: str | None = None) -> bool:
    """Whether a cell or an output is as the notebook format asks; ids are looked at elsewhere."""
    if ref is None:
        node = {**node, "id": "any"}
        ref = f"{node['cell_type']}_cell"
    try:
        nbformat.validate(
            nbformat.from_dict(node), ref=ref, version=NBFORMAT, version_minor=NBFORMAT_MINOR
        )
    except Exception:  # jsonschema's or nbformat's own
        return False
    return True


def drop_outputs(plain: dict[str, Any], faults: Faults) -> None:
    for cell in plain["cells"]:
        if cell.get("outputs"):
            cell["outputs"] = []
            faults.add(OUTPUTS)


def give_ids(nb: nbformat.NotebookNode, faults: Faults) -> None:
    """Give every cell an id of its own. The first of two keeps it."""
    taken: set[str] = set()
    for number, cell in enumerate(nb.cells, 1):
        id_ = cell.get("id")
        if not (isinstance(id_, str) and CELL_ID.fullmatch(id_)) or id_ in taken:
            others = {other.get("id") for other in nb.cells if isinstance(other.get("id"), str)}
            id_ = next(new for new in new_ids(number, cell.source) if new not in taken | others)
            cell["id"] = id_
            faults.add(IDS, f"cell {number}")
        taken.add(id_)


def new_ids(number: int, source: str) -> Iterator[str]:
    """Ids to try for a cell, the same in each run."""
    for attempt in range(1_000_000):
        yield sha256(f"{number} {attempt} {source}".encode(errors="replace")).hexdigest()[:12]


# Small things


def encodes(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        if not below:
            return False
        level = below
    return True


def is_int(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def short(value: Any, most: int = 40) -> str:
    """Something from outside in a form that can be printed in one line."""
    if value is None:
        return "none"
    text = value if isinstance(value, str) else repr(value)
    text = printable(text[: 2 * most])
    return text if len(text) <= most else f"{text[: most - 1]}…"


def first_line(error: Exception) -> str:
    return short((str(error).splitlines() or [type(error).__name__])[0], 100)


def _sentence(kind: str, names: list[str]) -> str:
    if not names:
        return f"{kind}."
    return f"{kind}: {listed(names)}."
