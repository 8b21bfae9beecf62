"""Plain text and Markdown in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import re
from pathlib import Path

from vectorstore.errors import Unreadable
from vectorstore.text import strip_control

_READABLE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffefA-Za-z0-9\s,.;:!?()\[\]“”‘’—…·%/|\-]")


def read(path: Path) -> str:
    """The text of the file. Raises Unreadable when it is empty, binary or in no such encoding."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable("unreadable", path=str(path), reason=error.strerror) from error
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
