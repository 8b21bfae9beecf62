"""Readers: a file becomes the plain text that the parser reads, or an error that says why not.

One module a format; its library is imported only when such a file is read. A form feed begins a new page, so
that citations keep page numbers; a row of a table is one line, `| cell | cell |`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ingest.readers.file import check_size
from vectorstore.errors import Unreadable

_MODULES = {
    "plain": (".txt", ".md", ".text", ""),
    "word": (".docx", ".docm"),
    "oldword": (".doc", ".wps"),
    "web": (".html", ".htm", ".xhtml"),
    "pdf": (".pdf",),
    "sheet": (".xlsx", ".xlsm"),
    "scan": (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"),
    "archive": (".zip",),
}
_MODULE_OF = {suffix: name for name, suffixes in _MODULES.items() for suffix in suffixes}


def read_text(path: Path) -> str:
    """The text of a file of any format above.

    Raises Unreadable when the file is missing, empty, too large, damaged, locked or of another format.
    """
    check_size(path)
    name = _MODULE_OF.get(path.suffix.lower())
    if name is None:
        raise Unreadable("unknown_format", path=str(path), suffix=path.suffix)
    if not path.stat().st_size:
        raise Unreadable("empty_file", path=str(path))
    text: str = import_module(f"ingest.readers.{name}").read(path)
    if not text.strip():
        raise Unreadable("no_text", path=str(path))
    return text
