"""What holds for every file before it is opened: that it is there, and that it is not too large."""

from __future__ import annotations

import zipfile
from pathlib import Path

from vectorstore.errors import Unreadable

MAX_BYTES = 20_000_000
"""Larger files are refused; the notice has 33 KB."""

_MAX_UNPACKED = 200_000_000
"""A packed file that would grow beyond this is refused before it is unpacked."""

_OLE = b"\xd0\xcf\x11\xe0"


def check_size(path: Path) -> None:
    """Raises Unreadable when the file is missing or larger than MAX_BYTES."""
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise Unreadable("no_such_file", path=str(path)) from error
    except OSError as error:
        raise Unreadable("unreadable", path=str(path), reason=error.strerror) from error
    if size > MAX_BYTES:
        raise Unreadable("too_large", path=str(path), limit=MAX_BYTES // 1_000_000)


def check_packed(path: Path) -> None:
    """Raises Unreadable when a zip (or docx, xlsx) is damaged, locked by a password or would grow too large."""
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise Unreadable("locked_file", path=str(path))
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("damaged_file", path=str(path)) from error
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("locked_file", path=str(path))
    if sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise Unreadable("too_large", path=str(path), limit=_MAX_UNPACKED // 1_000_000)
