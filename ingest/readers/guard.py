"""What is refused before a reader opens it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from vectorstore.errors import Unreadable

MAX_BYTES = 20_000_000
"""Larger files are refused; the notice has 33 KB, a long scan some MB."""

MAX_UNPACKED = 10 * MAX_BYTES
"""Bytes that everything inside a packed file (zip, docx, xlsx) may have together when unpacked."""

_OLE = b"\xd0\xcf\x11\xe0"
"""How old Office files begin, and encrypted new ones."""

_PACKED = {".docx", ".docm", ".xlsx", ".xlsm", ".zip"}


def check_file(path: Path) -> None:
    """Raises Unreadable when the file is missing, empty, too large, or a packed one that `check_packed` refuses."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable("too_large", path=path.name, limit=MAX_BYTES // 1_000_000)
        with path.open("rb") as file:
            start = file.read(64)
    except FileNotFoundError as error:
        raise Unreadable("no_such_file", path=str(path)) from error
    except OSError as error:
        raise Unreadable("unreadable", path=str(path), reason=error.strerror) from error
    if not start.strip():
        raise Unreadable("empty_file", path=path.name)
    if path.suffix.lower() in _PACKED:
        _check_packed(path, start)


def _check_packed(path: Path, start: bytes) -> None:
    """Raises Unreadable when a packed file is locked by a password, damaged, or would grow too large."""
    if start.startswith(_OLE):
        raise Unreadable("encrypted_file", path=path.name)
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted_file", path=path.name)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Unreadable("too_large", path=path.name, limit=MAX_UNPACKED // 1_000_000)
