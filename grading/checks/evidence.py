"""Evidence: the plain data that passes between a check and a probe.

A check judges what a probe observed next to the student's code. One encoding lies between the two,
the same within a process as across a pipe: None, bool, int, float, str, lists, dicts with text
keys, and numeric arrays. Whatever else a student's code returns arrives as an `Unknown` that only
carries the name of its type. Nothing is pickled, and nothing here imports torch or pandas.

A message is the length of a JSON document (4 bytes, little-endian), the document, and the raw
bytes of the arrays that it names, one after the other.
"""

import io
import json
import math
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = ("bool", "uint8", "int32", "int64", "float32", "float64")
# Honest messages have up to 110 kB, their documents 6 kB. More would only keep a check busy.
MAX_BYTES = 1 << 20  # of a message
MAX_JSON = 128 << 10  # of its document
MAX_DEPTH = 8
_LENGTH = struct.Struct("<I")
MAX_BITS = 1023  # of an integer: a larger one does not fit into a float


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
    """Write plain data as a message. Values that are not plain data become `Unknown`."""
    arrays: list[bytes] = []
    document = json.dumps(_to_json(value, MAX_DEPTH, arrays), allow_nan=False).encode()
    return b"".join([_LENGTH.pack(len(document)), document, *arrays])


def decode(message: bytes) -> Any:
    """Read what `encode` wrote.

    Raises:
        MalformedEvidence: too large, too deep, or not of this encoding.
    """
    if len(message) > MAX_BYTES:
        raise MalformedEvidence(f"{len(message)} bytes are more than the {MAX_BYTES} allowed")
    if len(message) < _LENGTH.size:
        raise MalformedEvidence("a message without a length")
    (length,) = _LENGTH.unpack_from(message)
    if length > MAX_JSON:
        raise MalformedEvidence(f"a document of {length} bytes; {MAX_JSON} are allowed")
    content = memoryview(message)[_LENGTH.size :]
    if length > len(content):
        raise MalformedEvidence(f"{len(content)} bytes for a document of {length}")
    try:
        text = bytes(content[:length]).decode("utf-8")
        document = json.loads(text, parse_constant=_refuse_constant)
    except MalformedEvidence:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedEvidence(f"not JSON: {error}") from None
    arrays = io.BytesIO(content[length:])
    value = _from_json(document, MAX_DEPTH, arrays)
    if rest := arrays.read():
        raise MalformedEvidence(f"{len(rest)} bytes that belong to no array")
    return value


def _to_json(value: Any, depth: int, arrays: list[bytes]) -> Any:
    if depth < 0:
        return _tagged("unknown", "deeply nested data")
    if value is None or type(value) in (bool, str):
        return value
    if issubclass(type(value), (np.generic, float, int, str)):
        return _scalar(value)
    if isinstance(value, np.ndarray) or _is_from("torch", "Tensor", value):
        return _array(value, arrays)
    if isinstance(value, Mapping) and all(issubclass(type(key), str) for key in value):
        items = ((str.__str__(key), item) for key, item in value.items())
        content = {key: _to_json(item, depth - 1, arrays) for key, item in items}
        return _tagged("dict", content) if "$" in content else content
    if isinstance(value, list | tuple):
        return [_to_json(item, depth - 1, arrays) for item in value]
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


def _array(value: Any, arrays: list[bytes]) -> Any:
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
    value = value.astype(value.dtype.newbyteorder("="), copy=False)
    arrays.append(value.tobytes())
    return {"$": "array", "was": was, "dtype": value.dtype.name, "shape": list(value.shape)}


def _tagged(tag: str, value: Any) -> dict[str, Any]:
    return {"$": tag, "value": value}


def _from_json(value: Any, depth: int, arrays: io.BytesIO) -> Any:
    if depth < -1:
        raise MalformedEvidence(f"nested more than {MAX_DEPTH} levels deep")
    if type(value) is int and value.bit_length() > MAX_BITS:
        raise MalformedEvidence(f"a whole number of {value.bit_length()} bits")
    if isinstance(value, list):
        return [_from_json(item, depth - 1, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$": "array"}:
            return _read_array(value, arrays)
        case {"$": "float", "value": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"$": "unknown", "value": str(name)}:
            return Unknown(name[:200])
        case {"$": "dict", "value": dict(content)}:
            return {key: _from_json(item, depth - 1, arrays) for key, item in content.items()}
        case {"$": tag}:
            raise MalformedEvidence(f"unknown tag {tag!r:.40}")
    return {key: _from_json(item, depth - 1, arrays) for key, item in value.items()}


def _read_array(value: dict[str, Any], arrays: io.BytesIO) -> np.ndarray:
    match value:
        case {"was": str(was), "dtype": str(dtype), "shape": list(shape)}:
            pass
        case _:
            raise MalformedEvidence("an array lacks was, dtype or shape")
    if dtype not in DTYPES:
        raise MalformedEvidence(f"an array of dtype {dtype:.40}")
    if len(shape) > MAX_DEPTH or not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise MalformedEvidence(f"an array of shape {shape!r:.80}")
    size = math.prod(shape) * np.dtype(dtype).itemsize
    content = arrays.read(min(size, MAX_BYTES))
    if dtype == "bool" and not set(content) <= {0, 1}:
        raise MalformedEvidence("an array of bool with bytes other than 0 and 1")
    try:
        plain = np.frombuffer(content, dtype).reshape(shape).copy()
    except ValueError as error:  # too few bytes, or 0 rows of more columns than fit into memory
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


# For probes: from a student's objects to evidence


def attempt(function: Callable, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Call a function that should raise: {"raised", "is_a", "message"} or {"returned"}.

    `is_a` names the error's class and its bases. A stub's NotImplementedError is not an answer
    and passes through.
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
    """A pandas DataFrame as {"columns", "dtypes", "index", "values"}; other values unchanged.

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
