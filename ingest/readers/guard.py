"""What is refused before a reader opens it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from vectorstore.errors import Unreadable

MAX_BYTES = 20_000_000
"""Larger files are refused; the notice has 33 KB, a long scan some MB."""

MAX_UNPACKED = 10 * MAX_BYTES
"""Bytes that everything inside a packed file (zip, docx, xlsx) may have together when unpacked."""

_OLE = b"\xd0\xcf\x11\xe0"
"""How old Office files begin, and encrypted new ones."""

_HEAD = 4096
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
    """Raises Unreadable when a packed file is locked by a password, damaged, would grow too large, or may do harm."""
    if start.startswith(_OLE):
        raise Unreadable("encrypted_file", path=path.name)
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            entities = path.suffix.lower() != ".zip" and any(_declares(packed, m) for m in members)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    except RuntimeError as error:  # what zipfile raises for a member with a password
        raise Unreadable("encrypted_file", path=path.name) from error
    if entities:
        raise Unreadable("has_entities", path=path.name)
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted_file", path=path.name)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise Unreadable("has_macros", path=path.name)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Unreadable("too_large", path=path.name, limit=MAX_UNPACKED // 1_000_000)


def _declares(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part of an Office file declares entities of its own: no office program writes such a thing."""
    if not member.filename.lower().endswith((".xml", ".rels")):
        return False
    with packed.open(member) as part:
        return b"<!DOCTYPE" in part.read(_HEAD)
