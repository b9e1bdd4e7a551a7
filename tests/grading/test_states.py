"""One table of how each state of a check is shown."""

from typing import get_args

from grading.states import REPORTED, SHOWN, State


def test_every_state_is_shown_under_a_word_of_its_own() -> None:
    assert set(SHOWN) == set(get_args(State))
    assert len({shown.word for shown in SHOWN.values()}) == len(SHOWN)


def test_a_process_with_student_code_can_never_report_that_a_check_passed() -> None:
    assert not {"passed", "malformed", "broken"} & set(REPORTED)
