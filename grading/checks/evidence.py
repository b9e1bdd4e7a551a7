"""Evidence: the plain data that passes between a check and a probe.

A check judges what a probe saw beside the student's code. Between the two lies one encoding,
the same in one process as across a pipe: None, bool, int, float, str, lists, dicts with text
keys, and numeric arrays. Whatever else a student's code returns arrives as an `Unknown` that only
carries the name of its type. Nothing is pickled, and nothing here imports torch or pandas.
"""

import base64
import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = ("bool", "uint8", "int32", "int64", "float32", "float64")
MAX_BYTES = 16 << 20
MAX_DEPTH = 8
MAX_BITS = 1023  # of a whole number: a larger one does not fit into a float


class MalformedEvidence(ValueError):
    """The data does not follow the encoding; the message says where it departs from it."""


@dataclass(frozen=True)
class Unknown:
    """A value that is not plain data: all that is known of it is the name of its type."""

    type: str

    def __repr__(self) -> str:
        return f"<{self.type}>"


class Array(np.ndarray):
    """A numeric array that remembers what it was: "Tensor", "matrix", "Series" …"""

    was: str = "ndarray"

    def __array_finalize__(self, source: Any) -> None:
        self.was = getattr(source, "was", "ndarray")


def encode(value: Any) -> bytes:
    """Write plain data as JSON. Values that are not plain data become `Unknown`."""
    text = json.dumps(_to_json(value, MAX_DEPTH), allow_nan=False)
    return text.encode()


def decode(message: bytes) -> Any:
    """Read what `encode` wrote.

    Raises:
        MalformedEvidence: too large, too deep, or not of this encoding.
    """
    if len(message) > MAX_BYTES:
        raise MalformedEvidence(f"{len(message)} bytes are more than the {MAX_BYTES} allowed")
    try:
        text = message.decode("utf-8")
        document = json.loads(text, parse_constant=_refuse_constant)
    except MalformedEvidence:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedEvidence(f"not JSON: {error}") from None
    return _from_json(document, MAX_DEPTH)


def _to_json(value: Any, depth: int) -> Any:
    if depth < 0:
        return _tagged("unknown", "deeply nested data")
    if value is None or type(value) in (bool, str):
        return value
    if issubclass(type(value), (np.generic, float, int, str)):
        return _scalar(value)
    if isinstance(value, np.ndarray) or _is_from("torch", "Tensor", value):
        return _array(value)
    if isinstance(value, Mapping) and all(issubclass(type(key), str) for key in value):
        content = {str.__str__(key): _to_json(item, depth - 1) for key, item in value.items()}
        return _tagged("dict", content) if "$" in content else content
    if isinstance(value, list | tuple):
        return [_to_json(item, depth - 1) for item in value]
    if isinstance(value, Unknown):
        return _tagged("unknown", value.type)
    return _tagged("unknown", type(value).__name__)


def _scalar(value: Any) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    # The value itself, whatever a subclass makes of float(…), int(…) or str(…).
    match plain:
        case bool():
            return plain
        case int():
            number = int.__int__(plain)
            too_large = number.bit_length() > MAX_BITS
            return _tagged("unknown", "very large int") if too_large else number
        case float():
            plain = float.__float__(plain)
            return plain if math.isfinite(plain) else _tagged("float", repr(plain))
        case str():
            return str.__str__(plain)
    return _tagged("unknown", type(value).__name__)


def _array(value: Any) -> Any:
    was = getattr(value, "was", type(value).__name__)
    if not isinstance(value, np.ndarray):
        was = "Tensor" if was == "Parameter" else was
        try:
            value = value.detach().cpu().numpy()
        except (RuntimeError, TypeError):  # a dtype that numpy lacks, a sparse tensor …
            return _tagged("unknown", f"{was} of dtype {value.dtype}")
    value = np.asarray(value)  # what numpy holds, whatever a subclass says about it
    if value.dtype.name not in DTYPES:
        return _tagged("unknown", f"{was} of dtype {value.dtype.name}")
    return {
        "$": "array",
        "was": was,
        "dtype": value.dtype.name,
        "shape": list(value.shape),
        "data": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii"),
    }


def _tagged(tag: str, value: Any) -> dict[str, Any]:
    return {"$": tag, "value": value}


def _from_json(value: Any, depth: int) -> Any:
    if depth < -1:
        raise MalformedEvidence(f"nested more than {MAX_DEPTH} levels deep")
    if type(value) is int and value.bit_length() > MAX_BITS:
        raise MalformedEvidence(f"a whole number of {value.bit_length()} bits")
    if isinstance(value, list):
        return [_from_json(item, depth - 1) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$": "array"}:
            return _read_array(value)
        case {"$": "float", "value": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"$": "unknown", "value": str(name)}:
            return Unknown(name[:200])
        case {"$": "dict", "value": dict(content)}:
            return {key: _from_json(item, depth - 1) for key, item in content.items()}
        case {"$": tag}:
            raise MalformedEvidence(f"unknown tag {tag!r:.40}")
    return {key: _from_json(item, depth - 1) for key, item in value.items()}


def _read_array(value: dict[str, Any]) -> np.ndarray:
    match value:
        case {"was": str(was), "dtype": str(dtype), "shape": list(shape), "data": str(data)}:
            pass
        case _:
            raise MalformedEvidence("an array lacks was, dtype, shape or data")
    if dtype not in DTYPES:
        raise MalformedEvidence(f"an array of dtype {dtype:.40}")
    if len(shape) > MAX_DEPTH or not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise MalformedEvidence(f"an array of shape {shape!r:.80}")
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise MalformedEvidence(f"an array whose data is not base64: {error}") from None
    if len(content) != math.prod(shape) * np.dtype(dtype).itemsize:
        raise MalformedEvidence(f"{len(content)} bytes for an array {shape!r:.80} of {dtype}")
    if dtype == "bool" and not set(content) <= {0, 1}:
        raise MalformedEvidence("an array of bool with bytes other than 0 and 1")
    try:
        plain = np.frombuffer(content, dtype).reshape(shape).copy()
    except ValueError as error:  # such as 0 rows of more columns than fit into memory
        raise MalformedEvidence(f"an array of shape {shape!r:.80}: {error}") from None
    if was == "ndarray":  # a subclass would change what numpy returns: 0-d arrays for scalars
        return plain
    array = plain.view(Array)
    array.was = was[:200]
    return array


def _refuse_constant(name: str) -> None:
    raise MalformedEvidence(f"{name} outside a tag")


def _is_from(package: str, class_name: str, value: Any) -> bool:
    """Whether `value` is an instance of `package.class_name`, without importing the package."""
    module = sys.modules.get(package)
    return module is not None and isinstance(value, getattr(module, class_name))


# What probes use to turn a student's objects into evidence


def attempt(function: Callable, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Call a function that should raise: {"raised", "is_a", "message"} or {"returned"}.

    `is_a` names the error's class and its bases. A stub's NotImplementedError is no answer and
    passes through.
    """
    try:
        returned = function(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception as error:
        names = [base.__name__ for base in type(error).__mro__]
        return {"raised": names[0], "is_a": names, "message": str(error)}
    return {"returned": returned}


def frame(value: Any) -> Any:
    """A pandas DataFrame as {"columns", "dtypes", "index", "values"}; other values as they are.

    Numeric columns and indices are arrays; others are lists.
    """
    if not _is_from("pandas", "DataFrame", value):
        return value
    return {
        "columns": [str(column) for column in value.columns],
        "dtypes": {str(name): str(dtype) for name, dtype in value.dtypes.items()},
        "index": _column(value.index),
        "values": {str(name): _column(column) for name, column in value.items()},
    }


def _column(column: Any) -> Any:
    values = column.to_numpy()
    return values if values.dtype.name in DTYPES else list(values)
