"""A result that takes long to compute, kept in a file as long as code and data stay the same."""

import hashlib
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch

from grading.backup import write_whole

KEPT = 8  # files; with each change of one's own code there is another one


def fingerprint(paths: Iterable[Path]) -> str:
    """A hash of the files' contents and of torch's version."""
    sums = [torch.__version__, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()[:16]


def stored(folder: Path, key: str, compute: Callable[[], Any]) -> Any:
    """What `compute` returned for this key: from the file in `folder`, or computed and written.

    It consists of tensors, numbers, texts, lists and dicts. A file that cannot be read is replaced;
    of older files the latest are kept.
    """
    path = folder / f"{key}.pt"
    try:
        return torch.load(path, weights_only=True)
    except Exception:  # there is none, or it is damaged: torch raises many classes of errors
        result = compute()
    file = io.BytesIO()
    torch.save(result, file)
    write_whole(path, file.getvalue())
    latest = sorted(folder.glob("*.pt"), key=lambda file: file.stat().st_mtime, reverse=True)
    for other in latest[KEPT:]:
        other.unlink(missing_ok=True)
    return result
