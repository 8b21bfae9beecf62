"""Plain text and Markdown, in whatever encoding they come."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.reading import Reading
from vectorstore.errors import Unreadable

_READABLE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffefA-Za-z0-9\s,.;:!?()\[\]“”‘’—…·%/\-|#*①-⑳]")


def read_plain(path: Path) -> Reading:
    """The text of a file in UTF-8, UTF-16, GB18030 or Big5. Raises Unreadable when it is binary or in none."""
    return Reading(decode(path.read_bytes(), path.name))


def decode(raw: bytes, name: str) -> str:
    """Bytes as text; `name` is for the message. Raises Unreadable when they are binary or in no known encoding."""
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030", "big5"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable("binary_file", path=name)
        if plausible(text):
            return text
    raise Unreadable("bad_encoding" if b"\0" not in raw else "binary_file", path=name)


def plausible(text: str) -> bool:
    """Whether a text consists of what people write, and not of bytes read as characters."""
    sample = text[:20_000]
    return len(_READABLE.findall(sample)) > 0.9 * len(sample)
