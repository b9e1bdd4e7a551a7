"""The audit: are wrong submissions caught where and as they say, and right ones passed?"""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from authoring import audit
from authoring.audit import Audit, Submission, Verdict, judge, passes, submissions
from authoring.mutants import Mutant
from grading.feedback.results import Outcome
from grading.forks import CAN_FORK
from grading.manifest import Course, ManifestError
from tests.courses import ROOT, write_sums

Found = dict[str, str]  # task → state


def checks_that_find(found: Found) -> Any:
    """Checks that come out as told, without running."""
    outcomes = [
        Outcome(
            task,
            1,
            f"Requirement of {task}.",
            state,  # type: ignore[arg-type]
            number=1,
            seconds=0.5,
            problem="wrong shape",
            looks_like="rows for columns" if state == "wrong" else None,
        )
        for task, state in found.items()
    ]
    return SimpleNamespace(run=lambda *_, **__: outcomes)


def wrong(says: str = "rows for columns", *fails: str) -> Submission:
    return Submission("wrong", 1, Path("wrong.py"), fails or ("1.2",), says)


RIGHT = Submission("right", 1, Path("right.py"))


def complaints(course: Course, submission: Submission, found: Found) -> tuple[str, ...]:
    return judge(course, submission, 1, checks_that_find(found)).complaints


def test_a_wrong_submission_that_fails_as_it_says_is_fine(tiny: Course) -> None:
    verdict = judge(tiny, wrong(), 1, checks_that_find({"1.1": "passed", "1.2": "wrong"}))
    assert verdict.complaints == ()
    assert verdict.failed == {"1.2 Requirement of 1.2."}
    assert verdict.slowest == 0.5


def test_a_wrong_submission_that_passes_is_reported(tiny: Course) -> None:
    said = complaints(tiny, wrong(), {"1.1": "passed", "1.2": "passed"})
    assert "1.2 passes and must fail" in said


def test_a_wrong_submission_that_fails_elsewhere_is_reported(tiny: Course) -> None:
    found = {"1.1": "wrong", "1.2": "wrong"}
    assert complaints(tiny, wrong(), found) == ("1.1 add: wrong shape, but it must pass",)
    assert complaints(tiny, wrong("rows for columns", "1.1", "1.2"), found) == ()


def test_a_wrong_submission_whose_message_lacks_the_words_is_reported(tiny: Course) -> None:
    found = {"1.1": "passed", "1.2": "wrong"}
    (complaint,) = complaints(tiny, wrong("over the batch"), found)
    assert complaint.startswith("the message lacks 'over the batch':")
    assert "looks like" in complaint or "rows for columns" in complaint, "what it says instead"


def test_words_that_stand_in_the_message_of_another_task_do_not_count(tiny: Course) -> None:
    found = {"1.1": "wrong", "1.2": "not_started"}
    assert any("the message lacks" in said for said in complaints(tiny, wrong(), found))


def test_a_task_that_the_checks_do_not_know_cannot_be_what_fails(tiny: Course) -> None:
    said = complaints(tiny, wrong("rows for columns", "1.2", "9.9"), {"1.2": "wrong"})
    assert "9.9 must fail, but nothing checks it" in said


def test_a_right_submission_that_fails_is_reported(tiny: Course) -> None:
    assert complaints(tiny, RIGHT, {"1.1": "passed", "1.2": "passed"}) == ()
    found = {"1.1": "passed", "1.2": "crashed"}
    assert complaints(tiny, RIGHT, found) == ("1.2 subtract: wrong shape, but it must pass",)


def mutant(name: str = "mutant.py") -> Submission:
    fault = Mutant(1, "1.2", "before", "after", "source")
    return Submission("mutant", 1, Path(name), mutant=fault)


def test_a_mutant_that_passes_survives(tiny: Course) -> None:
    assert complaints(tiny, mutant(), {"1.1": "passed", "1.2": "wrong"}) == ()
    assert complaints(tiny, mutant(), {"1.1": "passed", "1.2": "passed"}) == ("survives",)


@pytest.mark.skipif(not CAN_FORK, reason="a process that is started anew knows no stand-ins")
def test_a_mutant_that_ends_its_process_leaves_the_others_of_its_batch(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(course: Course, submission: Submission, *_: Any) -> Verdict:
        if submission.path.name == "ends.py":
            os._exit(0)
        return Verdict(submission, ("survives",))

    monkeypatch.setattr(audit, "judge", judge)
    work = audit._Judge(tiny, 1, checks_that_find({}))
    batch = [mutant("before.py"), mutant("ends.py"), mutant("after.py")]
    found = {v.submission.path.stem: v.complaints for v in audit._verdicts(work, [batch], 2)}
    assert found == {"before": ("survives",), "ends": (), "after": ("survives",)}


def test_a_check_that_another_draw_decides_is_reported(tiny: Course) -> None:
    def by_luck(part: Any, path: Path, seed: int, tasks: Any) -> list[Outcome]:
        states = {"1.1": "passed", "1.2": "wrong", "1.3": "wrong" if seed % 3 == 0 else "passed"}
        return [
            Outcome(task, 1, "Requirement.", state, number=1, seconds=0.5, problem="bad")  # type: ignore[arg-type]
            for task, state in states.items()
        ]

    checks: Any = SimpleNamespace(run=by_luck)
    submission = wrong("bad", "1.2", "1.3")
    said = ("fails with 2 of 5 seeds: 1.3 Requirement.",)
    assert judge(tiny, submission, 5, checks).complaints == said
    assert judge(tiny, submission, 1, checks).complaints == ()


@pytest.mark.parametrize("kind", ["wrong", "right"])
def test_an_audit_passes_only_if_all_submissions_are_as_they_state(kind: Any) -> None:
    submission = Submission(kind, 1, Path("one.py"))
    assert passes([Audit(1, (), [Verdict(submission)])])
    assert not passes([Audit(1, (), [Verdict(submission), Verdict(submission, ("bad",))])])


# Submissions on disk


def write(course: Course, name: str, text: str) -> Path:
    path = course.root / "tests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_submission_states_is_read_without_running_it(tiny: Course) -> None:
    path = write(tiny, "wrong/part1/a.py", '1 / 0\nFAILS = ["1.1", "1.2"]\nSAYS = "words"\n')
    right = write(tiny, "right/part1/b.py", "1 / 0\n")
    assert list(submissions(tiny, {1, 2})) == [
        Submission("wrong", 1, path, ("1.1", "1.2"), "words"),
        Submission("right", 1, right),
    ]


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("x = 1\n", "FAILS and SAYS"),
        ('FAILS = ["1.1"]\n', "SAYS"),
        ('FAILS = ["1.1"]\nSAYS = ""\n', "SAYS"),
        ('FAILS = []\nSAYS = "words"\n', "FAILS"),
    ],
)
def test_a_wrong_submission_must_state_what_fails_and_with_which_words(
    tiny: Course, text: str, lacks: str
) -> None:
    path = write(tiny, "wrong/part1/a.py", text)
    with pytest.raises(ManifestError) as raised:
        list(submissions(tiny, {1}))
    assert str(raised.value) == f"{path} does not state {lacks}"


# End to end

WRONG_PART_2 = '''\
"""Turned around."""

FAILS = ["2.1"]
SAYS = {says!r}


def divide(first, second):
    return {result}
'''
RIGHT_PART_2 = "import operator\n\ndivide = operator.truediv\n"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess:
    """`course audit 2 --no-mutants` on submissions of which three are not as they should be."""
    course = write_sums(tmp_path_factory.mktemp("audit"))
    for name, text in {
        "wrong/part2/caught.py": WRONG_PART_2.format(says="wrong value", result="second / first"),
        "wrong/part2/other_words.py": WRONG_PART_2.format(
            says="upside down", result="second / first"
        ),
        "wrong/part2/passes.py": WRONG_PART_2.format(says="wrong value", result="first / second"),
        "right/part2/passes.py": RIGHT_PART_2,
        "right/part2/fails.py": RIGHT_PART_2.replace("truediv", "floordiv"),
    }.items():
        write(course, name, text)
    command = [sys.executable, "-m", "grading", "audit", "2", "--no-mutants"]
    return subprocess.run(
        command,
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_each_submission_that_is_not_as_stated_is_reported(
    audited: subprocess.CompletedProcess,
) -> None:
    text = audited.stdout + audited.stderr
    assert audited.returncode == 1, text
    assert "Traceback" not in text
    assert "wrong/part2/other_words.py" in text
    assert "the message lacks 'upside down'" in text
    assert "wrong/part2/passes.py" in text
    assert "2.1 passes and must fail" in text
    assert "right/part2/fails.py" in text
    assert "but it must pass" in text
    assert "caught.py" not in text
    assert "right/part2/passes.py" not in text


def test_the_totals_of_a_part_are_told(audited: subprocess.CompletedProcess) -> None:
    assert "1 of 3" in audited.stdout
    assert "1 of 2" in audited.stdout
