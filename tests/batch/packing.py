"""Archives as students, and attackers, pack them."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping

Member = tuple[tarfile.TarInfo, bytes]


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def patched(content: bytes, name: str, offset: int, form: str, value: int) -> bytes:
    """With `value` in the entry of member `name` in a zip archive's list of members."""
    data = bytearray(content)
    at = data.rindex(name.encode()) - 46  # the entry's fixed fields stand before the name
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into(form, data, at + offset, value)
    return bytes(data)


def tarred(*members: Member, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def member(name: str, content: bytes = b"", **changed: object) -> Member:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in changed.items():
        setattr(info, key, value)
    return info, content
