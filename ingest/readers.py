"""Readers: a file becomes text, or an error that says why not."""

from __future__ import annotations

import re
from pathlib import Path

from vectorstore.errors import Unreadable
from vectorstore.text import strip_control

MAX_BYTES = 20_000_000
"""Larger files are refused; the notice has 33 KB."""

TEXT_SUFFIXES = {".txt", ".md", ".text", ""}
_READABLE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffefA-Za-z0-9\s,.;:!?()\[\]“”‘’—…·%/\-]")


def read_text(path: Path) -> str:
    """The text of a plain file in UTF-8, UTF-16 or GB18030.

    Raises Unreadable when the file is missing, empty, too large, binary or in no such encoding.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable("too_large", path=str(path), limit=MAX_BYTES // 1_000_000)
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("no_such_file", path=str(path)) from error
    except OSError as error:
        raise Unreadable("unreadable", path=str(path), reason=error.strerror) from error
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise Unreadable("unknown_format", path=str(path), suffix=path.suffix)
    if not raw.strip():
        raise Unreadable("empty_file", path=str(path))
    return _decode(raw, path)


def _decode(raw: bytes, path: Path) -> str:
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable("binary_file", path=str(path))
        if _plausible(text):
            return "\n".join(strip_control(line) if "\f" not in line else line for line in text.split("\n"))
    raise Unreadable("bad_encoding" if b"\0" not in raw else "binary_file", path=str(path))


def _plausible(text: str) -> bool:
    sample = text[:20_000]
    return len(_READABLE.findall(sample)) > 0.9 * len(sample)
