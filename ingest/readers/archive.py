"""zip: each file inside is read as if it had been given alone."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ingest.readers.apart import read_apart
from ingest.readers.guard import check_file
from vectorstore.errors import Unreadable

MAX_FILES = 500
_UTF8_NAME = 0x800


def read_text(path: Path) -> str:
    """The text of a file, or of the only file in a zip.

    Raises Unreadable for a file that cannot be read, and for a zip of several files.
    """
    if path.suffix.lower() != ".zip":
        return read_apart(path).text
    with tempfile.TemporaryDirectory() as folder:
        files = list(unpack(path, Path(folder)))
        if len(files) > 1:
            raise Unreadable("several_files", path=path.name, count=len(files))
        return read_apart(files[0][1]).text


def unpack(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Writes the files of a zip into a folder of ours, whatever path they claim; gives each with its name inside.

    Raises Unreadable when the zip is damaged, locked, empty, or would grow too large.
    """
    check_file(path)
    with zipfile.ZipFile(path) as packed:
        members = [m for m in packed.infolist() if _is_document(_name(m))]
        if len(members) > MAX_FILES:
            raise Unreadable("too_many_files", path=path.name, limit=MAX_FILES)
        if not members:
            raise Unreadable("no_text", path=path.name)
        for number, member in enumerate(members):
            name = _name(member)
            target = folder / str(number) / PurePosixPath(name).name
            target.parent.mkdir(parents=True)
            try:
                target.write_bytes(packed.read(member))
            except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
                raise Unreadable("damaged_file", path=f"{path.name}/{name}") from error
            yield name, target


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; one not marked as UTF-8 was most likely written by a Chinese Windows in GBK."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _is_document(name: str) -> bool:
    """Whether a name inside a zip is a file a person put there: no folder, no trace of an office program or a Mac."""
    return not name.endswith("/") and not PurePosixPath(name).name.startswith((".", "~")) and "__MACOSX" not in name
