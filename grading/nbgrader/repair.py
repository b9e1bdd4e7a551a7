"""One submitted notebook: what would stop nbgrader, or take points from a student without a word,
is put right.

Nothing here touches a file. The text of a cell that a student wrote in never changes; what the
course brought (tests, setup, nbgrader's metadata) is as in the release again.
"""

import copy
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4.nbbase import new_code_cell
from nbgrader.nbgraderformat import SCHEMA_VERSION, MetadataValidator
from nbgrader.utils import compute_checksum

from grading.batch.names import listed
from grading.checks.notebook import DEFINED
from grading.nbgrader.form import (
    KEYS,
    LARGE,
    MB,
    NBFORMAT,
    NBFORMAT_MINOR,
    Faults,
    NotRepairableError,
    drop_outputs,
    first_line,
    form,
    give_ids,
    is_int,
    new_ids,
    read,
    short,
)

FLAGS = ("grade", "locked", "solution", "task")
NO_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

# How the sentences start; the cells that they are about follow.
KERNEL = "The kernel is the course's again"
MISSING = "Missing cells of the course are back"
MOVED = "Cells of the course stand again where the cells around them need them"
EDITED = "Changed cells of the course are as released again"
EDITED_SETUP = "Changed cells of the course are as released again, and what a student wrote follows"
EDITED_TEST = "Changed tests are as released again, below what a student wrote in them"
COPIED_LOCKED = "Copies of the course's cells are ordinary cells now"
COPIED_SOLUTION = "Of several copies the last that was written in counts, and the others stay"
STUB_COPY = "Untouched copies that would undo the written cell are gone"
LOST = "Cells that had lost nbgrader's metadata have it again"
SWAPPED = "Cells with the metadata of another cell have their own again"
FOREIGN = "Cells that this notebook does not have in the release are ordinary cells now"
DAMAGED = "Metadata that nbgrader cannot read is gone"
POINTS = "Points are as released again"
KIND = "What kind of cell it is, is as released again"
EXTRA = "Metadata that nbgrader does not know is gone"
OLD_METADATA = "Metadata of an old version of nbgrader is brought up to date"
NO_VERSION = f"The metadata's version is {SCHEMA_VERSION} again"


@dataclass(frozen=True)
class ReleaseCell:
    """A cell of the release that nbgrader looks at.

    Attributes:
        place: its position in the released notebook.
        meta: nbgrader's metadata.
        names: the functions and classes that a cell to write in defines at the top level.
    """

    place: int
    node: nbformat.NotebookNode
    meta: Mapping[str, Any]
    names: frozenset[str]

    @property
    def grade_id(self) -> str:
        return self.meta["grade_id"]

    @property
    def students(self) -> bool:
        """Whether the text of the cell is the student's."""
        return bool(self.meta["solution"] or self.meta.get("task"))

    @property
    def test(self) -> bool:
        return bool(self.meta["grade"] and not self.students)

    @property
    def setup(self) -> bool:
        """Whether it prepares what follows: locked code that earns no points."""
        return not (self.students or self.test) and self.node.cell_type == "code"


@dataclass(frozen=True)
class Release:
    """A released notebook.

    Attributes:
        cells: by grade id, in the order of the notebook.
        plain: the places of the other cells by their id and by their text.
    """

    name: str
    cells: dict[str, ReleaseCell]
    plain: dict[str, int]
    kernel: Mapping[str, Any]
    language: str

    def locked_by_text(self) -> dict[str, ReleaseCell]:
        """The cells whose text is the course's and unique among them."""
        found: dict[str, list[ReleaseCell]] = {}
        for cell in self.cells.values():
            if not cell.students:
                found.setdefault(_plain_text(cell.node.source), []).append(cell)
        return {text: cells[0] for text, cells in found.items() if len(cells) == 1 and text}


@dataclass(frozen=True)
class Repaired:
    """What became of a notebook.

    Attributes:
        text: what to save; None where the file can stay as it is.
        sentences: what was put right.
        notes: what a teacher should know, and nothing was done about.
    """

    text: str | None
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(eq=False)
class _Cell:
    """A cell of the submission, the cell of the release that it is, and whose id it bears."""

    node: nbformat.NotebookNode
    claim: ReleaseCell | None = None
    role: ReleaseCell | None = None

    @property
    def text(self) -> str:
        return _plain_text(self.node.source)

    def defines(self, names: frozenset[str]) -> bool:
        """Whether it is code that defines one of the names."""
        is_code = self.node.cell_type == "code"
        return is_code and not names.isdisjoint(DEFINED.findall(self.node.source))


# The release


def read_release(path: Path) -> Release:
    """Read a released notebook.

    Raises:
        OSError: the file cannot be read.
        ValueError: nbgrader would not accept it.
    """
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=NBFORMAT)
        _validator().validate_nb(nb)
    except OSError:
        raise
    except Exception as error:  # each of the validators has errors of its own
        raise ValueError(f"{path} is not a notebook of nbgrader's: {first_line(error)}") from error
    cells: dict[str, ReleaseCell] = {}
    plain: dict[str, int] = {}
    for place, node in enumerate(nb.cells):
        meta = node.metadata.get("nbgrader", {})
        if _has_flag(meta):
            students = meta["solution"] or meta.get("task")
            names = frozenset(DEFINED.findall(node.source)) if students else frozenset()
            cells[meta["grade_id"]] = ReleaseCell(place, node, meta, names)
        else:
            plain.update({key: place for key in (node.get("id"), _plain_text(node.source)) if key})
    kernel = nb.metadata.get("kernelspec") or NO_KERNEL
    return Release(path.stem, cells, plain, kernel, kernel.get("language", "python"))


# The submission


def repair(content: bytes, release: Release) -> Repaired:
    """Put a notebook right.

    Raises:
        NotRepairableError: it takes a human.
    """
    faults = Faults()
    try:
        nb, notes = _repaired(content, release, faults)
        text = nbformat.writes(nb, version=nbformat.NO_CONVERT) + "\n"
        text.encode("utf-8")
    except RecursionError:
        raise NotRepairableError("is nested too deeply to be read") from None
    except UnicodeEncodeError:
        raise NotRepairableError("holds half characters, which no file can hold") from None
    if len(text) > LARGE:
        raise NotRepairableError(f"has {len(text) // MB} MB even without its outputs")
    return Repaired(text if faults.found else None, faults.sentences(), tuple(notes))


def _repaired(
    content: bytes, release: Release, faults: Faults
) -> tuple[nbformat.NotebookNode, list[str]]:
    plain = read(content, faults)
    ours = {grade_id for grade_id, cell in release.cells.items() if not cell.students}
    form(plain, ours, faults)
    if len(content) > LARGE:
        drop_outputs(plain, faults)
    nb = nbformat.from_dict(plain)
    cells = [_Cell(node) for node in nb.cells]
    notes = _recognise(cells, release, faults)
    if not any(cell.role and cell.role.students for cell in cells) and any(
        cell.students for cell in release.cells.values()
    ):
        raise NotRepairableError(
            f"has none of the cells to write in that the released {release.name} has, "
            "so it may be another notebook"
        )
    followers = _put_back_texts(cells, faults)
    for cell, follower in followers:
        after = cell.role is not None and cell.role.setup
        cells.insert(cells.index(cell) + after, follower)
    _put_back_cells(cells, release, faults, with_ids=nb.nbformat_minor >= NBFORMAT_MINOR)
    nb.cells = [cell.node for cell in cells]
    _kernel(nb, release, faults)
    if nb.nbformat_minor >= NBFORMAT_MINOR:
        give_ids(nb, faults)
    try:
        nbformat.validate(nb)
        _validator().validate_nb(nb)
    except Exception as error:  # each of the validators has errors of its own
        raise NotRepairableError(f"is damaged: {first_line(error)}") from error
    return nb, notes


# Which cell of the release a cell is


def _recognise(cells: list[_Cell], release: Release, faults: Faults) -> list[str]:
    """Give each cell its role, and take nbgrader's metadata from those that have none.

    Returns:
        notes.
    """
    by_text = release.locked_by_text()
    for cell in cells:
        cell.claim = _claim(cell.node, release)
    claimed = {cell.claim.grade_id for cell in cells if cell.claim and cell.claim.students}
    gone: list[_Cell] = []
    for wanted in release.cells.values():
        if wanted.students:
            gone += _recognise_solution(wanted, cells, by_text, claimed, faults)
        else:
            _recognise_locked(wanted, cells, by_text, claimed, release, faults)
    cells[:] = [cell for cell in cells if cell not in gone]
    for cell in cells:
        if cell.role is None:
            _make_ordinary(cell, faults)
        else:
            _put_back_metadata(cell, cell.role, faults)
    return list(_notes(cells, release))


def _claim(cell: Mapping[str, Any], release: Release) -> ReleaseCell | None:
    """The cell of the release whose grade id a cell bears."""
    meta = cell["metadata"].get("nbgrader")
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    return release.cells.get(grade_id) if isinstance(grade_id, str) else None


def _recognise_locked(
    wanted: ReleaseCell,
    cells: list[_Cell],
    by_text: Mapping[str, ReleaseCell],
    claimed: set[str],
    release: Release,
    faults: Faults,
) -> None:
    """By its text, whatever the metadata say, else by the grade id. Of several the first counts."""

    def is_solution(cell: _Cell) -> bool:
        return any(
            other.students and other.grade_id not in claimed and cell.defines(other.names)
            for other in release.cells.values()
        )

    def rank(cell: _Cell) -> int:
        is_text = by_text.get(cell.text) is wanted
        return 0 if is_text and cell.claim is wanted else 1 if cell.claim is wanted else 2

    candidates = [
        cell
        for cell in cells
        if cell.role is None
        and (
            by_text.get(cell.text) is wanted
            or (cell.claim is wanted and cell.text not in by_text and not is_solution(cell))
        )
    ]
    if not candidates:
        return
    best = min(candidates, key=rank)
    best.role = wanted
    if any(cell is not best and cell.claim is wanted for cell in candidates):
        faults.add(COPIED_LOCKED, wanted.grade_id)


def _recognise_solution(
    wanted: ReleaseCell,
    cells: list[_Cell],
    by_text: Mapping[str, ReleaseCell],
    claimed: set[str],
    faults: Faults,
) -> list[_Cell]:
    """By the grade id, else by the notebook's own id of the cell or by what it defines. Of several
    the last counts that was written in.

    Returns:
        untouched copies after it, which would define anew what it defines.
    """
    stub = _plain_text(wanted.node.source)
    free = [cell for cell in cells if cell.role is None and cell.text not in by_text]
    candidates = [cell for cell in free if cell.claim is wanted]
    if not candidates:
        candidates = [
            cell
            for cell in free
            if (cell.claim is None or not cell.claim.students)
            and (_has_id(cell, wanted) or cell.defines(wanted.names))
        ]
        candidates = [cell for cell in candidates if cell.defines(wanted.names)] or candidates
    if not candidates:
        return []
    written = [cell for cell in candidates if cell.text != stub]
    best = (written or candidates)[-1]
    best.role = wanted
    if not any(cell is not best and cell.claim is wanted for cell in candidates):
        return []
    stubs = [cell for cell in candidates[candidates.index(best) + 1 :] if cell.text == stub]
    if stubs:
        faults.add(STUB_COPY, wanted.grade_id)
    if len(candidates) - len(stubs) > 1:
        faults.add(COPIED_SOLUTION, wanted.grade_id)
    return stubs


def _has_id(cell: _Cell, wanted: ReleaseCell) -> bool:
    """Whether a cell has the released cell's id, which editors keep."""
    id_ = wanted.node.get("id")
    return id_ is not None and cell.node.get("id") == id_


def _make_ordinary(cell: _Cell, faults: Faults) -> None:
    meta = cell.node.metadata.get("nbgrader")
    if meta is None and "nbgrader" not in cell.node.metadata:
        return
    if cell.claim is None and isinstance(meta, dict) and not _has_flag(meta):
        try:
            _validator().validate_cell(cell.node)
        except Exception:  # each of the validators has errors of its own
            faults.add(DAMAGED, _name(cell.node))
        else:
            return  # nbgrader's own editor marks ordinary cells so
    elif cell.claim is None:
        faults.add(FOREIGN if isinstance(meta, dict) else DAMAGED, _name(cell.node))
    elif cell.claim.students:
        faults.add(COPIED_SOLUTION, cell.claim.grade_id)
    else:
        faults.add(COPIED_LOCKED, cell.claim.grade_id)
    for key in ("nbgrader", "deletable", "editable"):
        cell.node.metadata.pop(key, None)


def _notes(cells: list[_Cell], release: Release) -> Iterator[str]:
    """What looks as if a student meant something else."""
    roles = {cell.role.grade_id: cell for cell in cells if cell.role}
    for wanted in release.cells.values():
        if not (wanted.students and wanted.names):
            continue
        names = ", ".join(sorted(wanted.names))
        own = roles.get(wanted.grade_id)
        stub = _plain_text(wanted.node.source)
        others = [
            cell
            for cell in cells
            if cell is not own
            and cell.node.cell_type == "code"
            and not (cell.role and not cell.role.students)
            and cell.text != stub
            and cell.defines(wanted.names)
        ]
        if own is None and not others:
            yield f"The cell {wanted.grade_id} is gone, and no other defines {names}."
        elif own is not None and own.text == stub and others:
            yield f"The cell {wanted.grade_id} is untouched, but another cell defines {names}."


# What the course brought, as it was


def _put_back_metadata(cell: _Cell, wanted: ReleaseCell, faults: Faults) -> None:
    name = wanted.grade_id
    meta = cell.node.metadata.get("nbgrader")
    if cell.claim is wanted and isinstance(meta, dict):
        found = list(_differences(cell, meta, wanted))
    else:
        found = [(SWAPPED if isinstance(meta, dict) and _has_flag(meta) else LOST, name)]
    for kind, which in found:
        faults.add(kind, which)
    if found:
        cell.node.metadata["nbgrader"] = nbformat.from_dict(copy.deepcopy(dict(wanted.meta)))
    if cell.node.cell_type != wanted.node.cell_type:
        faults.add(KIND, f"{name} ({wanted.node.cell_type}, not {cell.node.cell_type})")
        _change_type(cell.node, wanted.node.cell_type)


def _differences(
    cell: _Cell, meta: dict[str, Any], wanted: ReleaseCell
) -> Iterator[tuple[str, str]]:
    """What the metadata of a cell say otherwise than the release: the kind of fault, and where."""
    name = wanted.grade_id
    version = meta.get("schema_version", 0)
    if is_int(version) and 0 <= version < SCHEMA_VERSION:
        yield OLD_METADATA, f"{name} ({version})"
        meta = _upgraded_metadata(cell.node)
    elif not is_int(version) or version != SCHEMA_VERSION:
        yield NO_VERSION, f"{name} ({short(version)})"
    unknown = meta.keys() - _validator().schema["properties"].keys()
    # nbgrader puts the right checksum in the place of a wrong one itself
    checksum = meta.get("checksum", wanted.meta.get("checksum", "0" * 32))
    if not (isinstance(checksum, str) and len(checksum) == 32):
        unknown.add("checksum")
    if unknown:
        yield EXTRA, f"{name} ({listed(sorted(map(short, unknown)))})"
    changed = [
        flag
        for flag in FLAGS
        if meta.get(flag, False if flag == "task" else None) is not wanted.meta.get(flag, False)
    ]
    if meta.get("cell_type", wanted.node.cell_type) != wanted.node.cell_type:
        changed.append("cell_type")
    if changed:
        yield KIND, f"{name} ({', '.join(changed)})"
    points, right = meta.get("points"), wanted.meta.get("points")
    if ("points" in meta) != ("points" in wanted.meta) or not _same_number(points, right):
        yield POINTS, f"{name} ({short(right)}, not {short(points)})"


def _upgraded_metadata(node: nbformat.NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell, as nbgrader itself upgrades them."""
    node = copy.deepcopy(node)
    try:
        _validator().upgrade_cell_metadata(node)
    except Exception:  # such as points that are no number
        return dict(node.metadata["nbgrader"])
    return dict(node.metadata.get("nbgrader", {}))


def _change_type(node: nbformat.NotebookNode, cell_type: str) -> None:
    node["cell_type"] = cell_type
    if cell_type == "code":
        node.update(outputs=[], execution_count=None)
    for key in node.keys() - KEYS[cell_type]:
        del node[key]


def _put_back_texts(cells: list[_Cell], faults: Faults) -> list[tuple[_Cell, _Cell]]:
    """Give the course's cells the released text.

    Returns:
        the cells that a student wrote in, each with an ordinary cell that holds what was written:
        an import or a definition of their own may stand there.
    """
    followers = []
    for cell in cells:
        wanted = cell.role
        if wanted is None or wanted.students or _checksum(cell.node) == _checksum(wanted.node):
            continue
        new_lines = set(cell.text.splitlines()) - set(wanted.node.source.splitlines())
        if any(line.strip() for line in new_lines):
            faults.add(EDITED_SETUP if wanted.setup else EDITED_TEST, wanted.grade_id)
            written = new_code_cell(cell.node.source)
            written.pop("id")
            if "id" in cell.node:
                written["id"] = next(new_ids(0, cell.node.source))
            followers.append((cell, _Cell(written)))
        else:
            faults.add(EDITED, wanted.grade_id)
        cell.node["source"] = wanted.node.source
        if wanted.node.cell_type == "code":
            cell.node.update(outputs=[], execution_count=None)
    return followers


def _checksum(node: nbformat.NotebookNode) -> str:
    try:
        return compute_checksum(node)
    except UnicodeEncodeError:
        return ""


def _put_back_cells(
    cells: list[_Cell], release: Release, faults: Faults, *, with_ids: bool
) -> None:
    """Insert what is missing and move what stands where it cannot work: a test before the cell
    that it tests, the setup after a cell that needs it."""
    present = {cell.role.grade_id: cell for cell in cells if cell.role}
    # tests first: one that stands too early is no reason to move the setup
    for wanted in sorted(release.cells.values(), key=lambda cell: cell.setup):
        if wanted.students and not wanted.meta["grade"]:
            continue
        cell = present.get(wanted.grade_id)
        if cell is None:
            node = copy.deepcopy(wanted.node)
            if not with_ids:
                node.pop("id", None)
            cell = _Cell(node, wanted, wanted)
            faults.add(MISSING, wanted.grade_id)
        elif _stands_well(cell, cells):
            continue
        else:
            cells.remove(cell)
            faults.add(MOVED, wanted.grade_id)
        cells.insert(_place(wanted, cells, release), cell)


def _stands_well(cell: _Cell, cells: list[_Cell]) -> bool:
    wanted = cell.role
    assert wanted is not None
    place = cells.index(cell)
    before, after = _around(wanted, cells)
    if wanted.test:
        return all(place > other for other in before)
    return not wanted.setup or all(place < other for other in after)


def _around(wanted: ReleaseCell, cells: list[_Cell]) -> tuple[list[int], list[int]]:
    """Where the cells are that a test comes after, and those that a setup comes before."""
    before, after = [], []
    for place, cell in enumerate(cells):
        role = cell.role
        if role is not None and role.place < wanted.place and role.students:
            before.append(place)
        if role is not None and role.place > wanted.place and (role.students or role.test):
            after.append(place)
    return before, after


def _place(wanted: ReleaseCell, cells: list[_Cell], release: Release) -> int:
    """Where to insert a cell: after the one that it follows in the release.

    A test comes also after the ordinary cells there, which may hold what the student's code needs.
    """
    places = [_release_place(cell, release) for cell in cells]
    before, after = _around(wanted, cells)
    earlier = [
        (place, index)
        for index, place in enumerate(places)
        if place is not None and place < wanted.place
    ]
    index = max(earlier)[1] + 1 if earlier else 0
    if not wanted.test:
        return min([index, *after]) if wanted.setup else index
    index = max([index, *(place + 1 for place in before)])
    while index < len(cells) and places[index] is None:
        index += 1
    return index


def _release_place(cell: _Cell, release: Release) -> int | None:
    """The place in the release of a cell that is the course's; None for a student's own."""
    if cell.role is not None:
        return cell.role.place
    id_ = cell.node.get("id")
    by_id = release.plain.get(id_) if isinstance(id_, str) else None
    return by_id if by_id is not None else release.plain.get(cell.text)


def _kernel(nb: nbformat.NotebookNode, release: Release, faults: Faults) -> None:
    kernel = nb.metadata.get("kernelspec")
    wanted = release.kernel
    if (
        not isinstance(kernel, dict)
        or kernel.get("name") != wanted.get("name")
        or kernel.get("language", release.language) != release.language
    ):
        name = kernel.get("name") if isinstance(kernel, dict) else None
        nb.metadata["kernelspec"] = nbformat.from_dict(copy.deepcopy(dict(wanted)))
        faults.add(KERNEL, f"{wanted.get('name')} (not {short(name)})")
    language = nb.metadata.get("language_info")
    if language is not None and (
        not isinstance(language, dict) or language.get("name") != release.language
    ):
        nb.metadata["language_info"] = nbformat.from_dict({"name": release.language})
        name = language.get("name") if isinstance(language, dict) else None
        faults.add(KERNEL, f"{release.language} (not {short(name)})")


# Small things


@cache
def _validator() -> MetadataValidator:
    """nbgrader's own, which is not to print: what it says is told here in other words."""
    validator = MetadataValidator()
    silent = logging.getLogger(f"{__name__}.silent")
    silent.disabled = True
    for one in (validator, validator.v1, validator.v2):
        one.log = silent
    return validator


def _plain_text(source: str) -> str:
    """A text by which cells are compared: editors differ in what they leave at the end."""
    return source.replace("\r\n", "\n").strip()


def _has_flag(meta: Mapping[str, Any]) -> bool:
    return any(meta.get(flag) for flag in FLAGS)


def _same_number(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _name(node: nbformat.NotebookNode) -> str:
    """What to call a cell: its grade id, else the start of its text."""
    meta = node.metadata.get("nbgrader")
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    if isinstance(grade_id, str) and grade_id:
        return short(grade_id)
    return f'"{short((_plain_text(node.source).splitlines() or [""])[0])}"'
