"""Evidence: what passes between a check and a probe, and all that must not pass."""

import json
import math
import random
import struct
from collections import OrderedDict
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from grading.checks import evidence
from grading.checks.evidence import Array, MalformedEvidence, Unknown, attempt, decode, encode
from grading.checks.evidence import frame as frame_evidence


def there_and_back(value: Any) -> Any:
    return decode(encode(value))


ARRAY = {"$": "array", "was": "ndarray", "dtype": "int64", "shape": [2]}
CONTENT = np.array([1, 2]).tobytes()


def message(document: bytes, content: bytes = b"") -> bytes:
    """A message of this JSON document and these raw bytes."""
    return struct.pack("<I", len(document)) + document + content


def array_message(content: bytes = CONTENT, **changes: Any) -> bytes:
    """An encoded array [1, 2] of int64 with some of its entries or bytes changed."""
    return message(json.dumps({**ARRAY, **changes}).encode(), content)


# What arrives as it was

PLAIN = [
    *(None, True, False, 0, -7, 2**1000, 0.1, -0.0, 1e-308, math.nan, math.inf, -math.inf),
    *("", "naïve – ∞ 🎬", "\ud800"),
    *([], {}, [[], [[]]], {"a": {"b": [1, {"c": None}]}}, {"": 0}, list(range(50))),
]
BECOMES = [
    ((1, (2, 3)), [1, [2, 3]]),
    (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    (np.float64(0.1), 0.1),
    (np.float32(0.5), 0.5),
    (np.float16(0.5), 0.5),
    (np.float32("nan"), math.nan),
    (np.int64(-3), -3),
    (np.uint8(200), 200),
    (np.bool_(True), True),
    (np.str_("x"), "x"),
]


@pytest.mark.parametrize(("value", "expected"), [*zip(PLAIN, PLAIN, strict=True), *BECOMES])
def test_plain_data_arrives_as_it_was_and_scalars_of_numpy_as_those_of_python(
    value: Any, expected: Any
) -> None:
    assert repr(there_and_back(value)) == repr(expected)
    assert repr(there_and_back({"deep": [value]})) == repr({"deep": [expected]})


@pytest.mark.parametrize("dtype", evidence.DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (0, 4), (2, 3), (2, 1, 3)])
def test_arrays_and_tensors_of_each_dtype_arrive_bit_by_bit(
    dtype: str, shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    array = np.asarray(rng.integers(0, 2, shape) if dtype == "bool" else rng.normal(0, 9, shape))
    array = np.asarray(np.abs(array).astype(dtype))
    for value, was in ((array, "ndarray"), (torch.from_numpy(array.copy()), "Tensor")):
        back = there_and_back(value)
        assert isinstance(back, np.ndarray)
        assert getattr(back, "was", "ndarray") == was
        assert back.dtype == array.dtype
        assert back.shape == array.shape
        assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.array([math.nan, math.inf, -math.inf, -0.0]),
        np.arange(12.0).reshape(3, 4).T,
        np.arange(12.0).reshape(3, 4)[::2, ::-1],
        torch.arange(6.0).reshape(2, 3).T,
        *(np.arange(6).reshape(2, 3).astype(dtype)[::-1] for dtype in (">f8", "<f8", ">i4")),
    ],
)
def test_arrays_of_any_value_order_and_byte_order_arrive(array: np.ndarray) -> None:
    assert repr(there_and_back(array).tolist()) == repr(array.tolist())


def test_a_tensor_with_gradients_and_a_parameter_arrive_as_tensors() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    for value in (weight, weight * 2):
        assert value.requires_grad
        back = there_and_back(value)
        assert back.was == "Tensor"
        assert np.array_equal(back, value.detach().numpy())


def test_plain_arrays_stay_plain_and_slices_remember_what_they_were() -> None:
    back = there_and_back(np.arange(3.0))
    assert type(back) is np.ndarray
    assert type(np.mean(back)) is np.float64
    row = there_and_back(torch.arange(6).reshape(2, 3))[0]
    assert isinstance(row, Array)
    assert row.was == there_and_back(row).was == "Tensor"


def test_what_arrives_can_be_changed_without_changing_what_was_sent() -> None:
    array, tensor = np.zeros(2), torch.zeros(2)
    back = there_and_back({"array": array, "tensor": tensor})
    back["array"] += 1
    back["tensor"] += 1
    assert array.sum() == 0
    assert tensor.sum() == 0


def test_random_nested_data_arrives_as_it_was() -> None:
    rng = random.Random(0)

    def draw(depth: int) -> Any:
        kind = rng.randrange(8 if depth else 5)
        if kind == 0:
            return rng.choice([None, True, False])
        if kind == 1:
            return rng.randint(-(2**70), 2**70)
        if kind == 2:
            return rng.choice([rng.gauss(0, 1), math.inf, -math.inf, 1e300])
        if kind in (3, 4):
            return "".join(rng.choice('a"\\\n$é∞') for _ in range(rng.randrange(6)))
        if kind == 5:
            return [draw(depth - 1) for _ in range(rng.randrange(4))]
        keys = (rng.choice(["$", "value", "a", "", "was", "é"]) for _ in range(rng.randrange(4)))
        return {key: draw(depth - 1) for key in keys}

    for _ in range(500):
        value = draw(6)
        assert there_and_back(value) == value


# What a student's data must not become


@pytest.mark.parametrize(
    "forged",
    [
        {"$": "float", "value": "nan"},
        {"$": "unknown", "value": "Tensor"},
        {"$": "dict", "value": {"a": 1}},
        {"$": "anything"},
        {"$": None, "a": 1},
        ARRAY,
    ],
)
def test_a_dict_with_the_key_of_tags_arrives_as_that_dict(forged: dict) -> None:
    assert there_and_back(forged) == forged
    assert there_and_back([{"deep": forged}]) == [{"deep": forged}]


def test_a_key_that_hides_what_it_is_does_not_forge_a_tag() -> None:
    class Hidden(str):
        def __hash__(self) -> int:
            return 0

        def __eq__(self, other: object) -> bool:
            return False

        def __str__(self) -> str:
            return self

    back = there_and_back({Hidden("$"): "float", "value": "nan"})
    assert back == {"$": "float", "value": "nan"}


def lying(value: Any, claim: Any) -> Any:
    """The value in a class that claims to equal everything and to be something else."""
    kind = type(value)
    claims = {f"__{kind.__name__}__": lambda self: claim, "__eq__": lambda self, other: True}
    return type("Lying", (kind,), {**claims, "__hash__": kind.__hash__})(value)


class LyingArray(np.ndarray):
    shape = property(lambda self: (9, 9))  # type: ignore[assignment]
    dtype = property(lambda self: np.dtype("float64"))  # type: ignore[assignment]

    def tobytes(self, order: Any = None) -> bytes:
        return b""


@pytest.mark.parametrize(("value", "claim"), [(2.5, 5.0), (2, 5), ("two", "five")])
def test_a_value_that_claims_to_equal_everything_arrives_as_what_it_is(
    value: Any, claim: Any
) -> None:
    back = there_and_back(lying(value, claim))
    assert type(back) is type(value)
    assert back == value
    assert back != claim


def test_an_array_that_lies_about_itself_arrives_as_what_numpy_holds() -> None:
    back = there_and_back(np.array([1, 2]).view(LyingArray))
    assert back.was == "LyingArray"
    assert type(back) is Array
    assert back.shape == (2,)
    assert back.dtype == np.int64
    assert back.tolist() == [1, 2]


def test_an_object_that_claims_another_class_is_unknown() -> None:
    class Chameleon:
        __class__ = float  # type: ignore[assignment]

    assert there_and_back(Chameleon()) == Unknown("Chameleon")


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (object(), "object"),
        (b"bytes", "bytes"),
        (1j, "complex"),
        ({1, 2}, "set"),
        (len, "builtin_function_or_method"),
        ({1: 2}, "dict"),
        (iter([]), "list_iterator"),
        (torch.nn.Linear(1, 1), "Linear"),
        (pd.DataFrame(), "DataFrame"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (10**400, "very large int"),
        (np.array(["a"]), "ndarray of dtype str32"),
        (np.array([object()]), "ndarray of dtype object"),
        (np.zeros(1, "complex128"), "ndarray of dtype complex128"),
        (torch.zeros(1, dtype=torch.bfloat16), "Tensor of dtype torch.bfloat16"),
        (torch.zeros(1, dtype=torch.int16), "Tensor of dtype int16"),
        (torch.eye(2).to_sparse(), "Tensor of dtype torch.float32"),
    ],
)
def test_anything_else_arrives_as_unknown_with_the_name_of_its_type(
    value: Any, type_name: str
) -> None:
    back = there_and_back([value])
    assert back == [Unknown(type_name)]
    assert repr(back[0]) == f"<{type_name}>"
    assert there_and_back(back) == back, "also when sent on"


def test_data_that_is_nested_too_deeply_or_within_itself_ends_as_unknown() -> None:
    endless: list = []
    endless.append(endless)
    back = there_and_back(endless)
    for _ in range(evidence.MAX_DEPTH + 1):
        back = back[0]
    assert back == Unknown("deeply nested data")


# Messages that nobody honest writes

NESTED = b"[" * 100_000
DOCUMENTS = {
    "no JSON": b"{",
    "not UTF-8": b'"\xff"',
    "another encoding": json.dumps([1]).encode("utf-16"),
    "two documents": b"1 2",
    "a pickle": b"cos\nsystem\n(S'true'\ntR.",
    "NaN without a tag": b"NaN",
    "Infinity without a tag": b"[Infinity]",
    "a huge number": b"9" * 4000,
    "more digits than Python reads": b"9" * 5000,
    "huge nesting": NESTED + b"]" * 100_000,
    "huge nesting, unclosed": NESTED,
    "nesting of dicts": b'{"a":' * 20 + b"1" + b"}" * 20,
    "nesting of tags": b'{"$":"dict","value":' * 20 + b"{}" + b"}" * 20,
    "an unknown tag": b'{"$": "object", "value": "os.system"}',
    "a tag that is no text": b'{"$": ["array"]}',
    "a float of another name": b'{"$": "float", "value": "1.5"}',
    "an unknown without a name": b'{"$": "unknown", "value": 3}',
    "a dict that is a list": b'{"$": "dict", "value": []}',
    "an array of nothing": b'{"$": "array"}',
}
MALFORMED = {
    **{name: message(document) for name, document in DOCUMENTS.items()},
    "nothing": b"",
    "half a length": b"\0\0",
    "JSON without a length": b"[1, 2]",
    "a length beyond the end": struct.pack("<I", 9) + b"1",
    "a length of 4 GB": struct.pack("<I", 2**32 - 1) + b"1",
    "bytes that belong to nothing": message(b"1", b"x"),
    "too few bytes": array_message(shape=[3]),
    "a size of more than 64 bits": array_message(shape=[1 << 20] * 4),
    "too many bytes": array_message(shape=[1]),
    "bytes of the array left out": array_message(b""),
    "another dtype": array_message(dtype="int32"),
    "object dtype": array_message(dtype="object"),
    "a dtype of many fields": array_message(dtype="i8,i8"),
    "a dtype that is none": array_message(dtype="no such dtype"),
    "a dtype that is a list": array_message(dtype=["int64"]),
    "a negative size": array_message(shape=[-1]),
    "two negative sizes": array_message(shape=[-1, -2]),
    "a size that is a bool": array_message(shape=[True, 2]),
    "a size that is a float": array_message(shape=[2.0]),
    "a size that is text": array_message(shape=["2"]),
    "a shape that is a number": array_message(shape=2),
    "a huge size": array_message(b"", shape=[2**40]),
    "nothing of huge rows": array_message(b"", shape=[0, 2**24, 2**24, 2**24]),
    "a hundred dimensions": array_message(shape=[1] * 99 + [2]),
    "a type that is no text": array_message(was=None),
    "a bool that is neither": array_message(b"\x01\x02", dtype="bool", shape=[2]),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_message_that_is_not_of_this_encoding_is_malformed(name: str) -> None:
    with pytest.raises(MalformedEvidence) as raised:
        decode(MALFORMED[name])
    assert 5 < len(str(raised.value)) < 300, "a short sentence, whatever the message holds"


def test_a_message_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MAX_BYTES", 100)
    monkeypatch.setattr(json, "loads", lambda *args, **kwargs: pytest.fail("it was read"))
    with pytest.raises(MalformedEvidence, match="106 bytes are more than the 100 allowed"):
        decode(message(b'"' + b"a" * 100 + b'"'))


def test_random_bytes_are_malformed_or_plain_and_nothing_else() -> None:
    rng = random.Random(0)
    valid = bytearray(encode({"a": np.arange(3), "b": [math.nan, object(), {"$": 1}], "c": "x"}))
    for _ in range(2000):
        message = bytearray(valid)
        for _ in range(rng.randrange(1, 5)):
            message[rng.randrange(len(message))] = rng.randrange(256)
        if rng.random() < 0.3:
            message = message[: rng.randrange(len(message))]
        if rng.random() < 0.2:
            message = bytearray(rng.randbytes(40))
        try:
            value = decode(bytes(message))
        except MalformedEvidence:
            continue
        encode(value)  # what is let through is plain data


def test_the_name_of_a_type_is_cut() -> None:
    unknown = {"$": "unknown", "value": "x" * 10_000}
    assert len(decode(message(json.dumps(unknown).encode())).type) == 200
    assert len(decode(array_message(was="x" * 10_000)).was) == 200


def test_decoding_runs_nothing_of_what_a_message_names(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr("builtins.eval", lambda *args: ran.append("eval"))
    monkeypatch.setattr("builtins.__import__", lambda *args, **kw: ran.append(args[0]))
    try:
        document = b'{"a": "__import__(\'os\')", "$x": {"$": "unknown", "value": "os.system"}}'
        value = decode(message(document))
    finally:
        monkeypatch.undo()
    assert value == {"a": "__import__('os')", "$x": Unknown("os.system")}
    assert ran == []


# What probes use


def test_a_frame_becomes_columns_dtypes_index_and_values() -> None:
    columns = {
        "user_id": np.array([3, 1]),
        "rating": np.array([4, 5], dtype="float32"),
        "title": ["Alien", None],
    }
    back = there_and_back(frame_evidence(pd.DataFrame(columns, index=[7, 2])))
    assert back["columns"] == ["user_id", "rating", "title"]
    assert back["dtypes"] | {"title": ""} == {"user_id": "int64", "rating": "float32", "title": ""}
    assert back["index"].tolist() == [7, 2]
    assert back["values"]["user_id"].tolist() == [3, 1]
    assert back["values"]["rating"].dtype == np.float32
    assert back["values"]["title"][0] == "Alien"
    assert there_and_back(frame_evidence(pd.DataFrame({"a": [1]}, index=["x"])))["index"] == ["x"]
    assert there_and_back(frame_evidence(pd.DataFrame()))["values"] == {}


def test_what_is_not_a_frame_stays_what_it_is() -> None:
    assert frame_evidence(3) == 3
    assert there_and_back(frame_evidence(pd.Series([1.0]))) == Unknown("Series")


def test_attempt_tells_an_error_with_its_bases_from_a_value() -> None:
    def refuse(n: int) -> int:
        if n < 1:
            raise KeyError(f"n is {n}")
        return n

    assert attempt(refuse, 1) == {"returned": 1}
    seen = there_and_back(attempt(refuse, n=0))
    assert seen["raised"] == "KeyError"
    assert seen["is_a"] == ["KeyError", "LookupError", "Exception", "BaseException", "object"]
    assert "n is 0" in seen["message"]


def test_attempt_does_not_take_a_stub_for_an_error_that_was_asked_for() -> None:
    def stub() -> None:
        raise NotImplementedError("TODO 1.1: …")

    with pytest.raises(NotImplementedError):
        attempt(stub)
