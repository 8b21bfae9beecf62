"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.readers.guard import check_file
from ingest.readers.plain import read_plain
from ingest.readers.reading import Reading
from vectorstore.errors import Unreadable
from vectorstore.text import strip_control

Reader = Callable[[Path], Reading]


def _docx() -> Reader:
    from ingest.readers.word import read_docx

    return read_docx


def _old_office() -> Reader:
    from ingest.readers.office import read_converted

    return read_converted


def _pdf() -> Reader:
    from ingest.readers.pdf import read_pdf

    return read_pdf


def _html() -> Reader:
    from ingest.readers.html import read_html

    return read_html


def _xlsx() -> Reader:
    from ingest.readers.sheet import read_xlsx

    return read_xlsx


def _image() -> Reader:
    from ingest.readers.scan import read_image

    return read_image


PLAIN = (".txt", ".text", ".md", "")
"""Files that nothing has to be unpacked or decoded of but their characters."""

_READERS: dict[str, Callable[[], Reader]] = {
    **dict.fromkeys(PLAIN, lambda: read_plain),
    **dict.fromkeys((".docx", ".docm"), _docx),
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".xls"), _old_office),
    **dict.fromkeys((".html", ".htm"), _html),
    **dict.fromkeys((".xlsx", ".xlsm"), _xlsx),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"), _image),
    ".pdf": _pdf,
}
"""Each entry imports its library only when such a file comes."""

SUFFIXES = frozenset(_READERS) | {".zip"}


def read_one(path: Path) -> Reading:
    """The text of one file, read in this process.

    Raises Unreadable when the file is missing, empty, too large, encrypted, of a kind that cannot be read, or
    without any words.
    """
    check_file(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable("unknown_format", path=path.name, suffix=path.suffix)
    found = reader()(path)
    if not found.text.strip():
        raise Unreadable("no_text", path=path.name)
    lines = found.text.split("\n")
    text = "\n".join("\f".join(strip_control(part) for part in line.split("\f")) for line in lines)
    return replace(found, text=text)
