"""Redaction: which names and ids are found in texts and settings."""

import time
import tomllib
from pathlib import Path

import pytest

from grading.batch import pseudonyms, redaction
from grading.batch.adjustments import Adjustments, Comment, Override
from grading.batch.policy import Policy, load
from grading.batch.pseudonyms import Key, Row
from grading.batch.redaction import Redaction
from grading.manifest import Course
from tests.batch.test_pseudonyms import KEY
from tests.records import record, task

WORDS = Redaction(KEY, {"student-001": ("student-001", "student-002", "group-001")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna.berg@uni.edu.zip is no archive", "student-001.zip is no archive"),
        ("anna_berg_hw2/ANNA/model.py", "[name]_[name]_hw2/[name]/model.py"),
        ("AnnaBergFinal.py, annaBerg2, hanna", "[name]Final.py, [name]2, hanna"),
        ("annaberg.py, berganna-2.py, hannaberg", "[name].py, [name]-2.py, hannaberg"),
        ("Anna Berg and ben cho", "student-001 and student-002"),
        ("bc7-final/bc77", "student-002-final/bc77"),
        ("team/hannah", "group-001/hannah"),
        ("20231234/20231234", "20231234/20231234"),  # not of this group, and a number like others
    ],
)
def test_ids_and_names_are_taken_out_of_what_is_said_about_files(text: str, expected: str) -> None:
    assert WORDS.about_files("student-001", text) == expected


def test_a_long_number_is_taken_out_where_it_is_the_students_own() -> None:
    assert WORDS.about_files("student-003", "20231234/417.py") == "student-003/417.py"


def test_a_name_that_several_have_is_nobodys_pseudonym_but_ones_own() -> None:
    rows = [Row(f"student-00{n}", f"id{n}", "", name) for n, name in enumerate(["Ann Lee"] * 2, 1)]
    words = Redaction(Key((*rows, Row("student-003", "ann"))), {})
    assert words.about_files("student-003", "Ann Lee") == "[name]"
    assert words.about_files("student-002", "Ann Lee/ann/lee") == "student-002/[name]/[name]"
    assert words.about_files("student-003", "ann") == "student-003"
    assert words.line("id1, Ann Lee") == "student-001, [name]"


def test_an_accent_may_be_a_character_of_its_own() -> None:
    words = Redaction(Key((Row("student-001", "jp", "", "José Paz"),)), {})
    assert words.about_files("student-001", "jose\u0301_paz.py") == "[name]_[name].py"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("İlker Yılmaz", "İlker/ILKER/yilmaz/YILMAZ.py", "[name]/[name]/[name]/[name].py"),
        ("José García", "jose_garcia.py", "[name]_[name].py"),
        ("Jörg Müller", "mueller.py, joerg, Muller", "[name].py, [name], [name]"),
        ("Søren Głód", "soren/soeren/glod", "[name]/[name]/[name]"),
        ("Anna-Lena Voß", "Annalena.py, vossanna", "[name].py, [name]"),
        ("Νίκος Παπάς", "ΝΊΚΟΣ/νικος", "[name]/[name]"),
        ("李小明", "李小明的作业.py", "student-001的作业.py"),
    ],
)
def test_a_name_is_found_as_it_is_written_in_names_of_files(
    name: str, text: str, expected: str
) -> None:
    words = Redaction(Key((Row("student-001", "id1", "", name),)), {})
    assert words.about_files("student-001", text) == expected


def test_a_name_without_its_accents_is_first_that_of_who_is_called_so() -> None:
    rows = [Row(f"student-00{n}", f"id{n}", "", f"Jo M{u}ller") for n, u in ((1, "ü"), (2, "ue"))]
    words = Redaction(Key((*rows, Row("student-003", "id3", "", "Ann Gül"))), {})
    assert words.line("Jo Mueller, Jo Muller, Ann Gul") == "student-002, student-001, student-003"


def test_a_class_of_thousands_is_no_matter_of_minutes() -> None:
    rows = tuple(Row(f"student-{n}", f"user{n}x", "", f"Given{n} Family") for n in range(5000))
    words = Redaction(Key(rows), {})
    begun = time.monotonic()
    for n in range(100):
        words.message(f"student-{n}", f"user7x says: {'returned [0.31, 0.24, -0.07] ' * 100}")
    assert time.monotonic() - begun < 5


def test_in_code_pythons_own_words_are_no_names() -> None:
    assert WORDS.message("student-004", "max(numbers): max_ott") == "max(numbers): max_ott"
    assert WORDS.message("student-003", "Hello from Max, max") == "Hello from [name], max"
    assert WORDS.code("Max = max(1, 2)") == "xxx = max(1, 2)"
    assert WORDS.about_files("student-004", "max/model.py") == "student-004/model.py"


def test_a_record_loses_the_names_in_every_text() -> None:
    one = record(
        "student-001",
        (task(message="3.2 forward: Ben Cho\n    printed  anna"),),
        reason="berg.zip",
        warnings=("bc7.txt: ignored",),
    )
    hidden = WORDS.record(one)
    assert hidden.anonymous
    assert hidden.tasks[0].message == "3.2 forward: student-002\n    printed  [name]"
    assert (hidden.reason, hidden.warnings) == ("[name].zip", ("student-002.txt: ignored",))
    assert WORDS.record(hidden) == hidden


def test_a_program_keeps_its_length_and_still_is_one() -> None:
    source = "# Anna Berg\ndef anna_sum(a):\n    return max(a)\n"
    assert WORDS.code(source) == "# xxxxxxxxx\ndef xxxx_sum(a):\n    return max(a)\n"


# Settings


POLICY = """\
deadline = 2026-12-01T23:59:00+01:00 # Anna was ill
count_bonus = true
[late]
percent_per_day = 12.5
[extensions]
max = 2026-12-05T23:59:00+01:00
"anna.berg@uni.edu" = 2026-12-06T23:59:00Z
"""


def test_a_policy_is_stored_with_pseudonyms_and_without_its_comments(
    small: Course, tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text(POLICY)
    given = load(tmp_path / "policy.toml", small)
    text = redaction.toml(POLICY, WORDS)
    (tmp_path / "policy.toml").write_text(text)
    stored = load(tmp_path / "policy.toml", small)
    assert isinstance(stored, Policy)
    assert stored == pseudonyms.renamed(given, KEY.of)
    assert pseudonyms.renamed(stored, KEY.id_of) == given
    assert "Anna" not in text


def test_adjustments_are_stored_with_pseudonyms_in_texts_too() -> None:
    text = '[[override]]\nstudent = "max"\ntask = "1.1"\npoints = 2\nreason = "Ask Ben Cho"\n'
    assert tomllib.loads(redaction.toml(text, WORDS)) == {
        "override": [
            {"student": "student-004", "task": "1.1", "points": 2, "reason": "Ask student-002"}
        ]
    }
    given = Adjustments(
        (Override("max", "1.1", None, 2, "Ask Ben Cho"),), (Comment("bc7", None, "Hi, Ben"),)
    )
    assert pseudonyms.renamed_adjustments(given, KEY.of, WORDS.line) == Adjustments(
        (Override("student-004", "1.1", None, 2, "Ask student-002"),),
        (Comment("student-002", None, "Hi, [name]"),),
    )
