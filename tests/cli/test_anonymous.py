"""`course grade --anonymous`: nobody's id or name is anywhere but in the key."""

import csv
import dataclasses
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from grading.batch import pseudonyms
from grading.batch.adjustments import Rules
from grading.batch.platforms import HandIn
from grading.batch.pseudonyms import Row
from grading.batch.records import read_all
from grading.batch.redaction import WORD, Redaction
from grading.batch.times import LIST, Sent
from grading.cli import app, given, similar
from grading.cli.grade_class import Request, run
from grading.errors import UsageError
from grading.manifest import Course
from tests.cli.test_grade_class import Terminal, refused, small, temporary, terminal, told
from tests.courses import SUMS_PY, WORDS_PY, put

__all__ = ["small", "temporary", "terminal"]  # fixtures

pytestmark = pytest.mark.slow

ROSTER = """\
student,name,section,group,deadline
anna.berg,Anna Berg,A,,
bencho,Ben Cho,A,owls,
cole77,Cara Cole,B,owls,2026-12-24T00:00:00Z
20239999,Dora Dahl,B,,
"""
POLICY = """\
deadline = 2026-12-01T12:00:00Z # Anna Berg asked for more
[late]
percent_per_day = 10
[extensions]
"anna.berg" = 2026-12-09T12:00:00Z
"""
TIMES = "student_id,time\nanna.berg,2026-12-03T12:00:00Z\nowls,2026-12-03T12:00:00Z\n"
BETRAYED = ("anna", "berg", "ben", "cho", "bencho", "cara", "cole", "cole77", "dora", "dahl")


@dataclasses.dataclass(frozen=True)
class Anonymous:
    out: Path
    folder: Path
    printed: list[str]


@pytest.fixture(scope="module")
def anonymous(terminal: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Anonymous:
    """A class whose files, code and messages are full of names."""
    base = tmp_path_factory.mktemp("anonymous")
    folder, out = base / "submissions", base / "grades"
    shout = 'raise ValueError("Anna Berg, and bencho as well")'
    mine = {"part1/sums.py": SUMS_PY.replace("return first + second", shout)}
    put(folder / "anna.berg" / "anna_berg_hw", {**mine, "Anna.txt": "", "cole77.txt": ""})
    put(folder / "owls", {"part1/sums.py": f"# Ben Cho\n{SUMS_PY}", "part2/words.py": WORDS_PY})
    put(folder, {"20239999.zip": "no archive of Dora"})
    put(base, {"roster.csv": ROSTER, "policy.toml": POLICY, "times.csv": TIMES})
    options = [f"--roster={base / 'roster.csv'}", f"--policy={base / 'policy.toml'}"]
    options += [f"--submitted={base / 'times.csv'}", "--anonymous", "--seed=5"]
    _, printed = terminal.run(folder, "--out", out, *options)
    return Anonymous(out, folder, printed)


@pytest.fixture
def graded(anonymous: Anonymous, tmp_path: Path) -> Path:
    return shutil.copytree(anonymous.out, tmp_path / "grades")


@pytest.fixture
def key(anonymous: Anonymous) -> pseudonyms.Key:
    found = pseudonyms.kept_in(anonymous.out)
    assert found is not None
    return found


def texts(out: Path, printed: list[str]) -> Iterator[tuple[str, str]]:
    yield "terminal", "\n".join(printed)
    for path in out.rglob("*"):
        if path.is_file() and path.name != "key.csv":
            yield str(path.relative_to(out)), f"{path.name} {path.read_text()}"


def test_no_name_and_no_id_is_in_any_file_but_the_key(
    anonymous: Anonymous, small: Course, graded: Path
) -> None:
    similar.run(small, graded, None, 0.5)
    found = dict(texts(graded, anonymous.printed))
    assert {"grades.csv", "index.html", "similarity.html", "records/student-001.json"} <= {*found}
    for name, text in found.items():
        words = set(WORD.findall(text.lower()))
        assert words.isdisjoint(BETRAYED), (name, words & {*BETRAYED})
        assert "20239999" not in text and "owls" not in text, name
    assert (anonymous.out / "key.csv").stat().st_mode & 0o777 == 0o600


def test_grades_are_those_of_the_students(anonymous: Anonymous, key: pseudonyms.Key) -> None:
    with (anonymous.out / "grades.csv").open(newline="") as lines:
        rows = {key.id_of(row["student_id"]): row for row in csv.DictReader(lines)}
    assert rows.keys() == {"anna.berg", "bencho", "cole77", "20239999"}
    assert {one: (row["late_days"], row["final_percent"]) for one, row in rows.items()} == {
        "anna.berg": ("0", "0.0"),
        "bencho": ("2", "80.0"),
        "cole77": ("0", "100.0"),
        "20239999": ("0", "0.0"),
    }
    assert rows["bencho"]["group"] == rows["cole77"]["group"] == "group-001"
    (text,) = {record.tasks[0].message for record in _of(anonymous.out, key, "anna.berg")}
    assert f"{key.of('anna.berg')}, and {key.of('bencho')} as well" in text


def _of(out: Path, key: pseudonyms.Key, student: str) -> list:
    return [one for one in read_all(out / "records") if one.student_id == key.of(student)]


def test_later_runs_stay_anonymous_and_who_is_new_gets_a_new_number(
    small: Course, anonymous: Anonymous, graded: Path, key: pseudonyms.Key, tmp_path: Path
) -> None:
    asked = Request(anonymous.folder, graded, jobs=1)
    before = (graded / "grades.csv").read_text()
    assert "0 to grade, 3 as before" in told(small, asked)
    assert (graded / "grades.csv").read_text() == before
    put(tmp_path, {"roster.csv": f"{ROSTER}abel,Abel Arp,A,,\n"})
    printed = told(small, dataclasses.replace(asked, roster=tmp_path / "roster.csv"))
    assert "1 of 5 students handed in nothing: student-005" in printed
    later = pseudonyms.kept_in(graded)
    assert later is not None
    assert later.rows[: len(key.rows)] == key.rows
    assert later.of("abel") == "student-005"


def test_one_student_is_graded_by_id_or_by_pseudonym(
    small: Course, anonymous: Anonymous, graded: Path, key: pseudonyms.Key
) -> None:
    for name in ("cole77", key.of("cole77")):
        asked = Request(anonymous.folder, graded, jobs=1, only=(name,))
        assert "0 to grade, 1 as before" in told(small, asked)


def test_exports_to_a_platform_have_the_ids_again(
    small: Course,
    graded: Path,
    key: pseudonyms.Key,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(small.root)
    ids = ("anna.berg", "bencho", "cole77", "20239999")
    lines = ["Username,Grade,Feedback comments", *(f"{one},," for one in ids)]
    put(tmp_path, {"sheet.csv": "\n".join(lines) + "\n"})
    files = [str(graded), str(tmp_path / "sheet.csv"), "--out", str(tmp_path / "filled.csv")]
    assert CliRunner().invoke(app, ["export", "moodle", *files]).exit_code == 0
    with (tmp_path / "filled.csv").open(newline="") as filled:
        grades = {row["Username"]: row["Grade"] for row in csv.DictReader(filled)}
    assert grades == {"anna.berg": "0", "bencho": "80", "cole77": "100", "20239999": ""}

    (graded / "key.csv").rename(tmp_path / "key.csv")
    result = CliRunner().invoke(app, ["export", "moodle", *files])
    assert result.exit_code == 1
    assert f"{graded / 'key.csv'} does not say who is student-001" in result.output
    junit = ["export", "junit", str(graded), "--out", str(tmp_path / "junit.xml")]
    assert CliRunner().invoke(app, junit).exit_code == 0
    assert f'name="{key.of("bencho")}"' in (tmp_path / "junit.xml").read_text()


def test_ids_and_pseudonyms_do_not_mix(
    small: Course, anonymous: Anonymous, graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (graded / "key.csv").unlink()
    monkeypatch.chdir(small.root)
    said = refused(anonymous.folder, "--out", graded)
    assert said.endswith(f"{graded} is anonymous, and {graded / 'key.csv'} is missing: put it back")
    with pytest.raises(UsageError, match=r"key\.csv is missing: put it back"):
        similar.run(small, graded, anonymous.folder, None)
    assert not (graded / "similarity.html").exists()
    for path in graded.glob("records/*.json"):
        path.write_text(path.read_text().replace('"anonymous": true', '"anonymous": false'))
    with pytest.raises(UsageError, match=r"has grades with ids: name another folder"):
        run(
            small,
            Request(anonymous.folder, graded, 1, anonymous=True),
            Console(file=open(os.devnull, "w")),  # noqa: SIM115
        )


def test_one_entry_by_id_and_one_by_pseudonym_are_about_the_same(
    small: Course, anonymous: Anonymous, graded: Path, key: pseudonyms.Key, tmp_path: Path
) -> None:
    entry = '[[override]]\nstudent = "{}"\ntask = "1.1"\npoints = 1\nreason = "Why"\n'
    names = ("bencho", key.of("bencho"))
    put(tmp_path, {"by_hand.toml": "".join(entry.format(name) for name in names)})
    asked = Request(anonymous.folder, graded, jobs=1, adjustments=tmp_path / "by_hand.toml")
    with pytest.raises(UsageError, match=r"override 2 .*: override 1 .* is about the same"):
        told(small, asked)
    assert not (graded / "adjustments.toml").exists()


def test_times_are_stored_for_each_submission_and_for_who_has_not_handed_in(
    small: Course, tmp_path: Path
) -> None:
    times = {f"{name}_17": f"2026-12-0{n}T12:00:00+00:00" for n, name in enumerate("abd", 1)}
    listed = times | {"cara": times["a_17"]}
    in_file = {name.replace("d_17", "Participant 17"): at for name, at in listed.items()}
    lines = ["student_id,time", *map(",".join, in_file.items()), f"zoe,{times['a_17']}"]
    put(tmp_path, {"times.csv": "\n".join(lines)})
    rows = [Row("student-001", name) for name in ("anna", "a_17", "b_17")]
    key = pseudonyms.Key((*rows, Row("student-002", "cara"), Row("student-003", "d_17")))
    delivered = [HandIn(name, (), sent=Sent(LIST, at)) for name, at in times.items()]
    words = Redaction(key, {})
    about = given.Class(delivered, [], {}, Rules(), [], {}, key, words)
    asked = Request(tmp_path, tmp_path, jobs=1, submitted=tmp_path / "times.csv")
    given.keep_times(asked, about)
    later = [HandIn(name, ()) for name in listed]
    again = dataclasses.replace(asked, submitted=None)
    found, _, _ = given.by_student(small, again, later, {}, key)
    assert {one.student_id: one.sent and one.sent.at for one in found} == listed
    stored = (tmp_path / given.TIMES).read_text()
    assert not re.search("_17|Participant|zoe", stored), "of nobody by name, nor of strangers"


def test_of_a_group_the_work_is_compared_that_is_graded(
    small: Course, graded: Path, key: pseudonyms.Key, tmp_path: Path
) -> None:
    lines = [f"def f_{n}(a, b):\n    return a[{n}] * b + {n} - a.sum()\n" for n in range(20)]
    for student, text in (("anna.berg", lines), ("bencho", lines), ("cole77", ["x = 1"])):
        put(tmp_path / "class" / student, {"part1/sums.py": "\n".join(text)})
    os.utime(tmp_path / "class" / "bencho" / "part1" / "sums.py", (0, 0))
    late = f"{key.of('bencho')},2026-12-03T12:00:00Z\n{key.of('cole77')},2026-12-02T12:00:00Z\n"
    put(graded, {given.TIMES: f"student_id,time\n{late}"})
    similar.run(small, graded, tmp_path / "class", None)
    assert key.of("bencho") in (graded / "similarity.csv").read_text()


def test_similar_work_is_found_without_a_name_and_not_inside_a_group(
    small: Course, graded: Path, key: pseudonyms.Key, tmp_path: Path
) -> None:
    lines = [f"def anna_{n}(a, b):\n    return a[{n}] * b + {n} - a.sum()\n" for n in range(20)]
    for student in ("anna.berg", "bencho", "cole77"):
        put(tmp_path / "class" / student, {"part1/sums.py": "\n".join(lines)})
    similar.run(small, graded, tmp_path / "class", None)
    with (graded / "similarity.csv").open(newline="") as found:
        ((row),) = csv.DictReader(found)
    group = f"{key.of('bencho')} + {key.of('cole77')}"
    assert {row["first"], row["second"]} == {key.of("anna.berg"), group}
    page = (graded / "similarity.html").read_text()
    assert "anna" not in page.lower()
    assert "def xxxx_1(a, b):" in page.replace("<mark>", "").replace("</mark>", "")
