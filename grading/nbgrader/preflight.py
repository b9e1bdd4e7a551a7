"""What was handed in, before `nbgrader autograde`: one submission must not stop the batch, and no
student gets a zero only because a cell was deleted or a file has another name.

A submission is repaired, or set aside where that takes a human. Before a file is changed or moved,
it is kept as it was in `set-aside/<student>/<assignment>/original/`, beside the submissions.
"""

import importlib.util
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nbgrader.utils import parse_utc

from grading.backup import write_whole
from grading.batch.names import is_junk, listed, shown
from grading.batch.records import file_name
from grading.nbgrader.form import NotRepairableError, first_line
from grading.nbgrader.repair import Release, read_release, repair

SET_ASIDE = "set-aside"
ORIGINAL = "original"
WHY = "why.txt"
TIMESTAMP = "timestamp.txt"
COURSE_MODULES = {"data", "exercises", "grading", "sitecustomize", "solutions", "usercustomize"}
IN_GLOBS = set("[]*?")
MAX_ENTRIES = 2000

State = Literal["fine", "repaired", "set aside", "no submission"]


class PreflightError(Exception):
    """The folders are not what they should be; the message names them and the fix."""


@dataclass(frozen=True)
class Verdict:
    """What became of one submission.

    Attributes:
        assignment: None where the whole folder of a student is meant.
        sentences: what was repaired, or why it was set aside.
        notes: what a teacher should look at; nothing was done about it.
        earlier: it was set aside in an earlier run.
    """

    student: str
    assignment: str | None
    state: State
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    earlier: bool = False

    @property
    def name(self) -> str:
        student = shown(self.student)
        return student if self.assignment is None else f"{student}, {shown(self.assignment)}"


@dataclass
class _Plan:
    """What to do with one submission.

    Attributes:
        folder: where nbgrader looks for it, which may not be there yet.
        unknown: there is no such assignment.
        contents: what to write, by path.
        sources: the file that a content was made from, where it has another name.
        away: what to move away, links included.
        rename: the folder under its wrong name.
        loose: the notebooks that lie beside the place where the folder should be.
        refusal: why it has to be set aside; nothing else is done then.
    """

    student: str
    assignment: str
    folder: Path
    unknown: bool = False
    contents: dict[Path, bytes] = field(default_factory=dict)
    sources: dict[Path, Path] = field(default_factory=dict)
    away: list[Path] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rename: Path | None = None
    loose: list[Path] = field(default_factory=list)
    refusal: str | None = None


@dataclass(frozen=True)
class _Assignment:
    """A released assignment: its notebooks, and its other files by their path in it."""

    name: str
    notebooks: dict[str, Release]
    files: dict[Path, bytes]


def preflight(
    submitted: Path, release: Path | None = None, *, check: bool = False
) -> list[Verdict]:
    """Look at all submissions, and repair them or set them aside unless only to `check`.

    Args:
        submitted: nbgrader's folder with one folder for each student.
        release: nbgrader's folder of what students got; default: `release` beside `submitted`.

    Returns:
        a verdict for each submission, by student, and for those that were set aside earlier.

    Raises:
        PreflightError: there are no submissions, or no release to compare them with.
        OSError: what has to be kept cannot be written.
    """
    if not submitted.is_dir():
        raise PreflightError(f"there is no folder {submitted}")
    assignments = _assignments(release or submitted.parent / "release")
    aside = submitted.parent / SET_ASIDE
    verdicts = []
    for entry in sorted(submitted.iterdir()):
        if is_junk(entry.name):
            continue
        refusal = _bad_student(entry)
        if refusal is not None:
            if not check:
                _set_aside([entry], aside / file_name(entry.name), refusal)
            verdicts.append(Verdict(entry.name, None, "set aside", (refusal,)))
        elif not entry.is_dir():
            note = f"{shown(entry.name)} is not a folder, so nbgrader does not see it."
            verdicts.append(Verdict(entry.name, None, "no submission", (), (note,)))
        else:
            verdicts += [_done(plan, aside, check) for plan in _plans(entry, assignments)]
    return verdicts + list(_earlier(submitted, aside, verdicts))


def report(verdicts: list[Verdict], *, check: bool = False) -> Iterator[str]:
    """The lines to print: one for each student about whom there is something to say."""
    headings = {
        "set aside": "Would be set aside" if check else "SET ASIDE",
        "repaired": "Would be repaired" if check else "Repaired",
    }
    headings["set aside"] += ", not graded; nbgrader would export 0 points that nobody earned"
    for state, heading in headings.items():
        told = [one for one in verdicts if one.state == state]
        if told:
            yield f"{heading}:"
        for one in told:
            yield f"  {one.name}: {'(earlier) ' * one.earlier}{' '.join(one.sentences)}"
    noted = [one for one in verdicts if one.notes]
    if noted:
        yield "To look at:"
    for one in noted:
        yield f"  {one.name}: {' '.join(one.notes)}"
    yield _summary(verdicts, check)


def _summary(verdicts: list[Verdict], check: bool) -> str:
    total = sum(one.state != "no submission" for one in verdicts)
    words: dict[State, str] = {
        "fine": "fine",
        "repaired": "to repair" if check else "repaired",
        "set aside": "to set aside" if check else "set aside",
    }
    counts = {word: sum(one.state == state for one in verdicts) for state, word in words.items()}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    changed = any(one.sentences and not one.earlier for one in verdicts)
    return (
        f"{total} submission{'s' * (total != 1)}"
        + (f": {told}" if told else "")
        + ("" if changed else "; nothing to change")
    )


# The release


def _assignments(folder: Path) -> dict[str, _Assignment]:
    advice = "write it with: nbgrader generate_assignment"
    if not folder.is_dir():
        raise PreflightError(f"there is no folder {folder} to compare with; {advice}")
    found = {}
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir() or is_junk(entry.name):
            continue
        notebooks = sorted(entry.glob("*.ipynb"))
        try:
            releases = {path.name: read_release(path) for path in notebooks}
        except ValueError as error:
            raise PreflightError(f"{error}; {advice}") from error
        files = {
            path.relative_to(entry): path.read_bytes()
            for path in sorted(entry.rglob("*"))
            if path.is_file() and path.suffix != ".ipynb"
        }
        if releases:
            found[entry.name] = _Assignment(entry.name, releases, files)
    if not found:
        raise PreflightError(f"there is no assignment in {folder}; {advice}")
    return found


# One student


def _bad_student(entry: Path) -> str | None:
    """Why nbgrader cannot work with the folder of a student; None if it can."""
    name = entry.name
    if entry.is_symlink():
        return f"{shown(name)} is a link, which is not followed."
    if not entry.is_dir():
        return None
    if not os.access(entry, os.R_OK | os.X_OK):
        return "The folder cannot be read."
    if not name.isprintable():
        return f'The name of the folder "{shown(name)}" stops nbgrader; give it a plain name.'
    if IN_GLOBS & set(name):
        return f'nbgrader does not find the folder "{name}", as its name holds [ ] * or ?.'
    return None


def _plans(student: Path, assignments: dict[str, _Assignment]) -> Iterator[_Plan]:
    """A plan for each assignment that a student handed in."""
    entries = {entry.name: entry for entry in sorted(student.iterdir())}
    seen: set[str] = set()
    for name, assignment in assignments.items():
        plan = _Plan(student.name, name, student / name)
        if name in entries:
            seen.add(name)
        else:
            folders = [
                entry
                for entry in entries.values()
                if _same_name(entry.name, name) and entry.is_dir() and not entry.is_symlink()
            ]
            plan.loose = [
                entry
                for entry in entries.values()
                if entry.suffix == ".ipynb" and _starts_with(entry.stem, name) and _is_file(entry)
            ]
            if len(folders) > 1:
                seen.update(folder.name for folder in folders)
                yield from _ambiguous(student, folders)
                continue
            if folders:
                seen.add(folders[0].name)
                plan.rename = folders[0]
                plan.sentences.append(f"The folder is called {name} now, not {folders[0].name}.")
                plan.loose = []
            elif plan.loose:
                seen.update(path.name for path in plan.loose)
            else:
                continue
        _look(plan, assignment)
        yield plan
    for name, entry in entries.items():
        if name not in seen and not is_junk(name) and (entry.is_dir() or entry.suffix == ".ipynb"):
            plan = _Plan(student.name, name, entry, unknown=True)
            plan.notes.append("There is no such assignment in the release, so nothing is graded.")
            yield plan


def _ambiguous(student: Path, folders: list[Path]) -> Iterator[_Plan]:
    names = listed([shown(folder.name) for folder in folders])
    for folder in folders:
        plan = _Plan(student.name, folder.name, folder)
        plan.refusal = f"{names} may all be the same assignment."
        yield plan


def _look(plan: _Plan, assignment: _Assignment) -> None:
    """Fill in a plan."""
    folder = plan.rename or plan.folder
    try:
        if folder.is_symlink():
            plan.refusal = "The folder is a link, which is not followed."
        elif folder.exists() and not folder.is_dir():
            plan.refusal = f"{plan.assignment} is a file, and no folder with a notebook in it."
        else:
            files = list(_entries(folder)) if folder.exists() else []
            _look_at_links(plan, folder, files)
            _look_at_notebooks(plan, folder, assignment, [*files, *plan.loose])
            _look_at_others(plan, folder, assignment, files)
    except NotRepairableError as error:
        plan.refusal = f"{error}."
    except OSError as error:
        plan.refusal = f"It cannot be read ({error.strerror or error})."
    except Exception as error:  # a fault here must not stop the others
        plan.refusal = f"Looking at it failed ({type(error).__name__}: {first_line(error)})."


def _entries(folder: Path) -> Iterator[Path]:
    """All that is in a folder at any depth, links not followed.

    Raises:
        NotRepairableError: there is too much.
        OSError: it cannot be listed.
    """
    count = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                count += 1
                if count > MAX_ENTRIES:
                    raise NotRepairableError(f"There are more than {MAX_ENTRIES} files in it")
                yield Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))


def _look_at_links(plan: _Plan, folder: Path, files: list[Path]) -> None:
    """nbgrader would copy what a link leads to, and stops at what is neither file nor folder."""
    odd = [
        path
        for path in files
        if not stat.S_ISREG(path.lstat().st_mode) and not stat.S_ISDIR(path.lstat().st_mode)
    ]
    if odd:
        plan.away += odd
        names = listed([_from(folder, path) for path in odd])
        plan.sentences.append(f"Neither files nor folders, so moved away: {names}.")


def _look_at_notebooks(
    plan: _Plan, folder: Path, assignment: _Assignment, files: list[Path]
) -> None:
    candidates = [
        path
        for path in files
        if path.suffix == ".ipynb"
        and _is_file(path)
        and not any(is_junk(part) for part in path.relative_to(folder.parent).parts[1:])
    ]
    named = {folder / name for name in assignment.notebooks}
    others = [path for path in candidates if path not in named]
    missing = []
    for name, release in assignment.notebooks.items():
        path = folder / name
        source = path
        if not _is_file(path) or path.stat().st_size == 0:
            own = others
            if len(assignment.notebooks) > 1:
                own = [other for other in others if _starts_with(other.stem, path.stem)]
            if len(own) > 1:
                names = listed([_from(folder, other) for other in own])
                raise NotRepairableError(f"{_absence(path)}, and it may be any of {names}")
            if not own:
                missing.append(_absence(path))
                continue
            [source] = own
            others = [other for other in others if other != source]
            plan.away.append(source)
            plan.sources[path] = source
            plan.sentences.append(f"{_absence(path)}; {_from(folder, source)} was taken for it.")
            if path.exists() and path not in plan.away and path not in source.parents:
                plan.away.append(path)
            elif path in source.parents:
                plan.away[-1] = path  # the whole folder with that name, and the notebook in it
        content = source.read_bytes()
        try:
            repaired = repair(content, release)
        except NotRepairableError as error:
            raise NotRepairableError(f"{shown(source.name)} {error}") from error
        plan.sentences += repaired.sentences
        plan.notes += repaired.notes
        if repaired.text is not None or source != path:
            plan.contents[path] = content if repaired.text is None else repaired.text.encode()
    if len(missing) == len(assignment.notebooks):
        raise NotRepairableError("; ".join(missing))
    if missing:
        plan.notes.append(f"{'; '.join(missing)}.")
    if others:
        names = listed([_from(folder, path) for path in others])
        plan.notes.append(f"Not graded, as they have another name: {names}.")


def _absence(path: Path) -> str:
    if path.is_symlink():
        return f"{path.name} is a link"
    if path.is_dir():
        return f"{path.name} is a folder"
    if path.exists():
        return f"{path.name} is empty" if _is_file(path) else f"{path.name} is not a file"
    return f"There is no {path.name}"


def _look_at_others(plan: _Plan, folder: Path, assignment: _Assignment, files: list[Path]) -> None:
    """Files that would be used in the place of the course's or of Python's own."""
    brought: list[str] = []
    hiding: list[Path] = []
    for path in files:
        if path in plan.away or not (_is_file(path) or path.is_dir()):
            continue
        inner = path.relative_to(folder)
        if inner in assignment.files and _is_file(path):
            if path.read_bytes() != assignment.files[inner]:
                brought.append(inner.as_posix())
                plan.contents[path] = assignment.files[inner]
        elif path.parent == folder and _hides_a_module(path):
            hiding.append(path)
    if brought:
        plan.sentences.append(f"Files of the course are as released again: {listed(brought)}.")
    if hiding:
        plan.away += hiding
        plan.sentences.append(
            "They would hide modules that the notebook needs, so moved away: "
            f"{listed([shown(path.name) for path in hiding])}."
        )
    stamp = folder / TIMESTAMP
    if stamp in files and stamp not in plan.away and not _is_timestamp(stamp):
        plan.away.append(stamp)
        plan.sentences.append(f"{TIMESTAMP} holds no time, so moved away; lateness is not known.")


def _hides_a_module(path: Path) -> bool:
    """Whether `import` would find a file or package here before the one that is meant."""
    name, _, rest = path.name.partition(".")
    if path.is_dir():
        if not (path / "__init__.py").exists():
            return False
    elif rest not in ("py", "pyc") and path.suffix not in (".so", ".pyd"):
        return False
    if name in COURSE_MODULES or name in sys.stdlib_module_names:
        return True
    try:
        return name.isidentifier() and importlib.util.find_spec(name) is not None
    except ValueError:  # a module without a specification, such as __main__
        return True


def _is_timestamp(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8").strip()
        return not text or parse_utc(text) is not None
    except (ValueError, OverflowError, AttributeError, TypeError):
        return False


# What is done


def _done(plan: _Plan, aside: Path, check: bool) -> Verdict:
    """Carry out a plan, unless only to check, and say what came of it."""
    place = aside / file_name(plan.student) / file_name(plan.assignment)
    if plan.refusal is not None:
        if not check:
            _set_aside(plan.loose or [plan.rename or plan.folder], place, plan.refusal)
        return Verdict(plan.student, plan.assignment, "set aside", (plan.refusal,))
    if plan.sentences and not check:
        _carry_out(plan, place)
    state: State = "no submission" if plan.unknown else "repaired" if plan.sentences else "fine"
    return Verdict(plan.student, plan.assignment, state, tuple(plan.sentences), tuple(plan.notes))


def _carry_out(plan: _Plan, place: Path) -> None:
    """Keep what will be changed, then change it."""
    folder = plan.rename or plan.folder
    changed = [path for path in plan.contents if _is_file(path) and path not in plan.away]
    kept = _free(place, [_inside(folder, path) for path in [*changed, *plan.away]])
    for path in changed:
        target = kept / _inside(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    times = {path: plan.sources.get(path, path).stat() for path in plan.contents}
    copies = {path: path.with_name(f".{path.name}.new") for path in plan.contents}
    for path, content in plan.contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        copies[path].write_bytes(content)
        os.utime(copies[path], (times[path].st_atime, times[path].st_mtime))
    # what is in the way of a new file goes first, what it was made from last
    away = [path for path in plan.away if not any(one in path.parents for one in plan.away)]
    for path in sorted(away, key=lambda path: path not in copies):
        if path not in copies:
            _replace_all(copies)
        target = kept / _inside(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    _replace_all(copies)
    if plan.rename is not None:
        plan.rename.rename(plan.folder)


def _replace_all(copies: dict[Path, Path]) -> None:
    for path, copy in copies.items():
        if copy.exists():
            copy.replace(path)


def _set_aside(paths: list[Path], place: Path, why: str) -> None:
    kept = _free(place, [Path(path.name) for path in paths])
    lines = [
        f"{why}\n",
        "\n",
        "Not graded: nbgrader would export 0 points that nobody earned.\n",
        *(
            f"It was {path}, and is now {kept.name}/{path.name} beside this file.\n"
            for path in paths
        ),
        "Mend it, put it back, and run `course preflight` again.\n",
    ]
    write_whole(place / WHY, "".join(lines).encode(errors="backslashreplace").decode())
    kept.mkdir(parents=True, exist_ok=True)
    for path in paths:
        path.rename(kept / path.name)


def _earlier(submitted: Path, aside: Path, verdicts: list[Verdict]) -> Iterator[Verdict]:
    """Those that were set aside in an earlier run and did not come back."""
    known = {(file_name(one.student), one.assignment) for one in verdicts}
    for why in sorted([*aside.glob(f"*/{WHY}"), *aside.glob(f"*/*/{WHY}")]):
        inner = why.parent.relative_to(aside)
        student, assignment = inner.parts[0], inner.parts[1] if len(inner.parts) > 1 else None
        back = (student, assignment) in known or (submitted / inner).exists()
        if not back:
            reason = (why.read_text(encoding="utf-8").splitlines() or [""])[0]
            yield Verdict(student, assignment, "set aside", (reason,), earlier=True)


def _free(place: Path, inner: list[Path]) -> Path:
    """A folder for originals in which none of these is yet."""
    number = 1
    while True:
        folder = place / (ORIGINAL if number == 1 else f"{ORIGINAL}-{number}")
        if not any(os.path.lexists(folder / path) for path in inner):
            return folder
        number += 1


# Small things


def _inside(folder: Path, path: Path) -> Path:
    """The path in its assignment; a notebook that lies outside of it has only its name."""
    return path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)


def _from(folder: Path, path: Path) -> str:
    inside = path.is_relative_to(folder)
    return shown(path.relative_to(folder).as_posix()) if inside else f"{shown(path.name)} outside"


def _is_file(path: Path) -> bool:
    return os.path.lexists(path) and stat.S_ISREG(path.lstat().st_mode)


def _same_name(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _starts_with(one: str, other: str) -> bool:
    """Whether a name is another with something after it; part12 is not part1."""
    rest = _letters(one).removeprefix(_letters(other))
    return (len(rest) < len(_letters(one)) and not rest[:1].isdecimal()) or _same_name(one, other)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
