"""Judging: in which order, with which words, and what counts as equal."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from grading.checks import CheckFailed, expect, require, task
from grading.checks.evidence import Unknown, attempt, decode, encode
from grading.checks.show import MOST_CHARACTERS, show


def failure(value: Any, expected: Any, **options: Any) -> CheckFailed:
    """How `expect(value).equals(expected)` fails, the value having passed as evidence."""
    with pytest.raises(CheckFailed) as raised:
        expect(decode(encode(value)), "the result").equals(expected, **options)
    return raised.value


def passes(value: Any, expected: Any, **options: Any) -> None:
    expect(decode(encode(value)), "the result").equals(expected, **options)


# The order: type, shape, dtype, finite, values


@pytest.mark.parametrize(
    ("value", "problem", "returned"),
    [
        (None, "wrong type", "None: is there a return?"),
        ([1.0, 2.0], "wrong type", "a list: [1, 2]"),
        (1.5, "wrong type", "a float: 1.5"),
        (object(), "wrong type", "an object"),
        (np.array([7]), "wrong shape", "shape [1]"),
        (np.array([[7, 7]]), "wrong shape", "shape [1, 2]"),
        (np.array([7, 7]), "wrong dtype", "dtype int64"),
        (np.array([7.0, math.nan]), "nan in the result", "[7, nan]"),
        (np.array([-math.inf, 7]), "-inf in the result", "[-inf, 7]"),
        (np.array([7.0, 2.0]), "wrong values (shape and dtype are right)", "[7, 2]"),
    ],
)
def test_the_first_fault_alone_is_told(value: Any, problem: str, returned: str) -> None:
    error = failure(value, np.array([1.0, 2.0]))
    assert error.problem == problem
    assert ("returned", returned) in error.rows
    assert [label for label, _ in error.rows][:2] == ["returned", "expected"]
    assert problem in str(error)
    assert returned in str(error)


def test_a_tensor_is_as_good_as_an_array_unless_the_check_asks() -> None:
    passes(torch.tensor([1.0, 2.0]), np.array([1.0, 2.0]))
    tensor = decode(encode(torch.tensor([1.0])))
    expect(tensor, "x").is_a("Tensor")
    with pytest.raises(CheckFailed, match="wrong type") as raised:
        expect(tensor, "x").is_a("ndarray", "float")
    assert raised.value.rows == [
        ("returned", "a Tensor of shape [1]"),
        ("expected", "x as a ndarray or a float"),
    ]


def test_expectations_chain_and_stop_at_the_first_that_fails() -> None:
    value = decode(encode(np.zeros((2, 3), dtype="float32")))
    expect(value, "x").is_a("ndarray").has_shape(2, 3).has_dtype("float32").is_finite()
    with pytest.raises(CheckFailed, match="wrong shape") as raised:
        expect(value, "x").has_shape(3, 2).has_dtype("int64")
    assert raised.value.rows[1] == ("expected", "shape [3, 2] for x")
    with pytest.raises(CheckFailed, match="wrong dtype") as raised:
        expect(value, "x").has_dtype("int32", "int64")
    assert raised.value.rows[1] == ("expected", "dtype int32 or int64 for x")


@pytest.mark.parametrize("value", [None, "text", [1.0], Unknown("Model")])
def test_what_holds_no_numbers_is_not_finite_but_of_the_wrong_type(value: Any) -> None:
    with pytest.raises(CheckFailed) as raised:
        expect(value, "x").is_finite()
    assert raised.value.problem == "wrong type"


# What counts as equal


def test_values_within_the_tolerance_are_equal_and_just_beyond_are_not() -> None:
    expected = np.array([0.0, 1000.0])
    passes(np.array([9e-6, 1000.0]), expected)
    passes(np.array([0.0, 1000.009]), expected)
    assert failure(np.array([3e-5, 1000.0]), expected).problem.startswith("wrong values")
    passes(np.array([3e-5, 1000.0]), expected, tolerance=1e-4)
    error = failure(np.array([1.0, 1000.0]), expected, tolerance=1e-4)
    assert dict(error.rows)["expected"] == "[0, 1000]   (tolerance 0.0001)"


def test_a_float_is_equal_within_the_tolerance_and_may_be_whole() -> None:
    passes(2.0, 2.0)
    passes(2, 2.0)
    passes(2.00001, 2.0)
    passes(np.float32(0.1), 0.1)
    assert failure(2.1, 2.0).problem == "wrong value"
    assert dict(failure(2.1, 2.0).rows)["expected"] == "2   (tolerance 1e-05)"


def test_expected_numbers_of_numpy_count_as_those_of_python() -> None:
    passes(3, np.int64(3))
    passes(0.1, np.float32(0.1))
    passes(True, np.bool_(True))
    passes([0.5, 3], [np.float64(0.5), np.int64(3)])


def test_float32_and_float64_are_one_kind_and_so_are_the_whole_numbers() -> None:
    passes(np.array([1.0], dtype="float32"), np.array([1.0]))
    passes(np.array([1.0]), np.array([1.0], dtype="float32"))
    passes(np.array([1], dtype="int32"), np.array([1]))
    assert failure(np.array([1]), np.array([1.0])).problem == "wrong dtype"
    assert failure(np.array([1.0]), np.array([1])).problem == "wrong dtype"


def test_a_bool_is_no_number_and_a_number_no_bool() -> None:
    assert failure(True, 1).problem == "wrong type"
    assert failure(1, True).problem == "wrong type"
    assert failure(True, 1.0).problem == "wrong type"
    assert failure(np.array([True]), np.array([1])).problem == "wrong dtype"
    assert failure(np.array([1]), np.array([True])).problem == "wrong dtype"
    assert failure([1, 0], [True, False]).problem == "wrong value"
    passes(np.array([True, False]), np.array([True, False]))


def test_a_whole_number_is_not_a_float_where_one_counts() -> None:
    assert failure(3.0, 3).problem == "wrong type"
    assert failure(np.array(3), 3).problem == "wrong type"


def test_nan_equals_nan_only_where_it_is_expected() -> None:
    passes(math.nan, math.nan)
    passes(math.inf, math.inf)
    passes(np.array([1.0, math.nan]), np.array([1.0, math.nan]))
    passes([math.nan], [math.nan])
    assert failure(math.nan, 1.0).problem == "nan in the result"
    assert failure(1.0, math.nan).problem == "wrong value"
    error = failure(np.array([1.0, 0.0]), np.array([1.0, math.nan]))
    assert error.problem.startswith("wrong values")


def test_lists_and_dicts_are_compared_at_any_depth() -> None:
    passes({"a": [1, {"b": 0.30000001}]}, {"a": [1, {"b": 0.3}]})
    passes([1, 2], [1, 2])
    for wrong in ({"a": [2]}, {"a": [1, 1]}, {"b": [1]}, {}, {"a": [1], "b": 2}):
        assert failure(wrong, {"a": [1]}).problem == "wrong value"
    assert failure([1], {"a": 1}).problem == "wrong type"
    assert failure({"b": 1, "a": 2}, {"a": 2, "b": 1}).problem == "wrong value", "order counts"


def test_a_huge_whole_number_is_an_answer_like_any_other() -> None:
    assert failure(10**300, 1.0).problem == "wrong value"
    assert failure(10**400, 1.0).problem == "wrong type"


def test_the_first_difference_of_a_large_array_is_told() -> None:
    expected = np.arange(12.0).reshape(3, 4)
    wrong = expected.copy()
    wrong[1, 2] = wrong[2, 0] = -1
    rows = dict(failure(wrong, expected).rows)
    assert rows["differs"] == "2 of 12 values, first at [1, 2]: -1 instead of 6"
    assert rows["returned"] == "array [3, 4] that begins 0, 1, 2, 3, 4, …"


# looks like


def test_a_mistake_is_named_only_where_its_result_came_back() -> None:
    expected, mistake = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    looks_like = {"another": np.array([9.0, 9.0]), "turned around": mistake, "again": mistake}
    error = failure(mistake, expected, looks_like=looks_like)
    assert error.looks_like == "turned around", "the first that matches"
    assert str(error).endswith("looks like: turned around")
    assert failure(np.array([5.0, 5.0]), expected, looks_like=looks_like).looks_like is None
    passes(expected, expected, looks_like={"right": expected})


def test_a_mistake_of_another_type_or_shape_is_named_too() -> None:
    expected = np.array([1.0, 2.0])
    looks_like = {"summed": 3.0, "kept": np.array([[1.0], [2.0]]), "none": None}
    assert failure(3.0, expected, looks_like=looks_like).looks_like == "summed"
    assert failure(expected[:, None], expected, looks_like=looks_like).looks_like == "kept"
    assert failure(None, expected, looks_like=looks_like).looks_like == "none"
    assert failure([3.0], expected, looks_like=looks_like).looks_like is None


def test_a_mistake_may_be_known_by_its_signs_or_be_the_only_one() -> None:
    signs = {"never": False, "a value": [5], "always": np.bool_(True)}
    assert failure([1, 2], [2, 1], looks_like=signs).looks_like == "always"
    assert failure([5], [2, 1], looks_like=signs).looks_like == "a value"
    assert failure(False, True, looks_like={"said no": False}).looks_like == "said no", "a value"
    assert failure([1], [2], looks_like="the only mistake").looks_like == "the only mistake"
    error = failure([1], [2], problem="wrong order")
    assert error.problem == "wrong order"


def test_what_was_passed_in_must_be_unchanged() -> None:
    before = np.array([1.0, 2.0])
    expect(before.copy(), "the input").unchanged(before)
    with pytest.raises(CheckFailed) as raised:
        expect(before + 1, "the input").unchanged(before, looks_like="worked in place")
    assert raised.value.problem == "the input was changed"
    assert raised.value.rows == [("returned", "[2, 3]"), ("expected", "[1, 2]")]
    assert raised.value.looks_like == "worked in place"
    with pytest.raises(CheckFailed, match="both were changed"):
        expect(None, "the input").unchanged(before, "both were changed")


def test_require_names_the_first_mistake_whose_signs_are_there() -> None:
    require(True, "fine", looks_like={"never": True})
    with pytest.raises(CheckFailed) as raised:
        require(False, "bad", returned=[1, 2], expected="two", looks_like={"a": 0, "b": 1, "c": 1})
    assert raised.value.looks_like == "b"
    assert raised.value.rows == [("returned", "[1, 2]"), ("expected", "two")]
    with pytest.raises(CheckFailed) as raised:
        require(False, "bad")
    assert raised.value.rows == []


# raises


def refuse(n: Any) -> Any:
    if n == 0:
        raise ValueError("n must be at least 1, got 0")
    if n == 10:
        raise KeyError(10)
    return n


def raised_by(n: Any) -> Any:
    return expect(decode(encode(attempt(refuse, n))), "n = 0")


def test_an_error_of_the_class_or_of_a_base_that_names_the_value_passes() -> None:
    raised_by(0).raises("ValueError", naming=0)
    raised_by(0).raises("Exception")
    raised_by(10).raises("KeyError", naming=10)


@pytest.mark.parametrize(
    ("n", "error", "naming", "problem"),
    [
        (3, "ValueError", None, "no error where one is needed"),
        (0, "KeyError", None, "wrong kind of error"),
        (0, "ValueError", 5, "an error that does not name the value"),
        (10, "KeyError", 1, "an error that does not name the value"),
        (10, "KeyError", 0, "an error that does not name the value"),
    ],
)
def test_no_error_another_error_and_one_without_the_value_fail(
    n: int, error: str, naming: Any, problem: str
) -> None:
    with pytest.raises(CheckFailed) as failed:
        raised_by(n).raises(error, naming=naming)
    assert failed.value.problem == problem


def test_what_was_returned_instead_of_an_error_is_shown_and_named() -> None:
    with pytest.raises(CheckFailed) as failed:
        raised_by(3).raises("ValueError", looks_like={"let through": True})
    assert failed.value.rows == [("returned", "3"), ("expected", "ValueError for n = 0")]
    assert failed.value.looks_like == "let through"


@pytest.mark.parametrize(
    ("message", "naming", "is_named"),
    [
        ("got -3", -3, True),
        ("user 3.", 3, True),
        ("k=0, not", 0, True),
        ("at least 10", 0, False),
        ("0.5", 0, False),
        ("1.5 stars", 5, False),
        ("0.5 is no share", 0.5, True),
        ("12", 1, False),
        ("user_id 42 is unknown", 42, True),
    ],
)
def test_a_value_is_named_where_it_is_not_part_of_another_number(
    message: str, naming: Any, is_named: bool
) -> None:
    seen = {"raised": "ValueError", "is_a": ["ValueError"], "message": message}
    if is_named:
        expect(seen, "x").raises("ValueError", naming=naming)
        return
    with pytest.raises(CheckFailed):
        expect(seen, "x").raises("ValueError", naming=naming)


# What a student sees of a value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456789, "0.12346"),
        (1234567.891, "1234567.9"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (3, "3"),
        (True, "True"),
        (None, "None"),
        ("a'b", '"a\'b"'),
        (np.float32(0.5), "0.5"),
        (np.array(2.5), "2.5"),
        (np.array([]), "[]"),
        (np.zeros((0, 3)), "[]"),
        (np.array([True, False]), "[True, False]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (list(range(6)), "[0, 1, 2, 3, 4, … 6 in all]"),
        ((1, 2), "[1, 2]"),
        (set(), "{}"),
        ({3, 1, 2}, "{1, 2, 3}"),
        ({"a": 1.0}, "{'a': 1}"),
        (Unknown("Model"), "<Model>"),
        ([[1, 2, 3], [4, 5, 6]], "[[1, 2, 3], [4, 5, … 3 in all]]"),
        ([[1, 2]] * 4, "[[1, 2], [1, 2], [1, … 2 in all], … 4 in all]"),
        (np.arange(6), "[0, 1, 2, 3, 4, … 6 in all]"),
    ],
)
def test_a_value_is_shown_in_one_short_line(value: Any, text: str) -> None:
    assert show(value) == text


def test_at_most_five_values_are_shown_of_anything() -> None:
    many = [7777] * 100
    for value in (
        many,
        [many] * 9,
        {f"k{i}": 7777 for i in range(9)},
        np.array(many),
        np.array([many] * 9),
        {"a": {"b": many, "c": many}},
        set(range(77770, 77779)),
        [(7777, 7777, 7777)] * 3,
    ):
        assert 1 <= show(value).count("7777") <= 5, show(value)
    error = failure(np.array([many] * 3), np.zeros((3, 100), dtype=int))
    assert dict(error.rows)["returned"].count("7777") <= 5


def test_long_text_is_cut() -> None:
    assert len(show("x" * 1000)) <= MOST_CHARACTERS + 3
    assert show("x" * 1000).endswith("…'")


def test_a_check_is_worth_at_least_a_point() -> None:
    assert task("1.1", points=2).kwargs == {"id": "1.1", "points": 2}
    with pytest.raises(ValueError, match="at least 1 point, got 0"):
        task("1.1", points=0)
