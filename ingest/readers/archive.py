"""Packed files (zip): each file inside is read as if it had been given alone."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from ingest.readers.file import check_packed
from vectorstore.errors import Unreadable

_UTF8 = 0x800
"""The flag that says a name is in UTF-8; names without it are in the code page of a Chinese Windows."""


def read(path: Path) -> str:
    """The text of the only file inside. Raises Unreadable when there are none or several."""
    from ingest.readers import read_text

    with tempfile.TemporaryDirectory() as folder:
        files = list(unpack(path, Path(folder)))
        if len(files) != 1:
            raise Unreadable("several_files" if files else "no_text", path=str(path), count=len(files))
        return read_text(files[0])


def unpack(path: Path, folder: Path) -> Iterator[Path]:
    """Writes the files inside into a folder, whatever path they claim. Packed files inside are refused."""
    check_packed(path)
    with zipfile.ZipFile(path) as packed:
        for number, member in enumerate(packed.infolist()):
            name = Path(_name(member).replace("\\", "/")).name
            if member.is_dir() or not name or name.startswith((".", "~$")) or "__MACOSX" in member.filename:
                continue
            if name.lower().endswith(".zip"):
                raise Unreadable("unknown_format", path=f"{path}/{name}", suffix=".zip")
            target = folder / str(number) / name
            target.parent.mkdir(parents=True)
            try:
                target.write_bytes(packed.read(member))
            except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
                raise Unreadable("damaged_file", path=f"{path}/{name}") from error
            yield target


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
