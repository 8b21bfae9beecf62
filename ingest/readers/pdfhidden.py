"""Words of a PDF page that nobody sees: drawn invisibly, in white on nothing, or too small."""

from __future__ import annotations

from ctypes import c_uint, c_ushort
from typing import Any

_INVISIBLE, _SMALL, _WHITE = 3, 1.0, 250
_COVERS = 0.5
"""A picture of so much of the page makes it a scan; the words under it are its recognised text."""


def hidden_words(page: Any) -> str:
    """The hidden words of a page of pypdfium2."""
    from pypdfium2 import raw

    texts, painted = [], []
    width, height = page.get_size()
    for thing in page.get_objects():
        if thing.type == raw.FPDF_PAGEOBJ_TEXT:
            texts.append(thing)
        elif thing.type == raw.FPDF_PAGEOBJ_IMAGE and _area(thing.get_bounds()) > _COVERS * width * height:
            return ""
        elif thing.type != raw.FPDF_PAGEOBJ_IMAGE and not _is_white(thing):
            painted.append(thing.get_bounds())
    unseen = [t for t in texts if _is_unseen(t, painted)]
    words = page.get_textpage() if unseen else None
    return "".join(_said(t, words) for t in unseen)


def _is_unseen(thing: Any, painted: list[tuple[float, float, float, float]]) -> bool:
    from pypdfium2 import raw

    left, bottom, right, top = thing.get_bounds()
    if raw.FPDFTextObj_GetTextRenderMode(thing.raw) == _INVISIBLE or top - bottom < _SMALL:
        return bool(right > left)
    return _is_white(thing) and not any(
        x0 <= left + 1 and y0 <= bottom + 1 and right - 1 <= x1 and top - 1 <= y1 for x0, y0, x1, y1 in painted
    )


def _is_white(thing: Any) -> bool:
    from pypdfium2 import raw

    parts = [c_uint() for _ in range(4)]
    known = raw.FPDFPageObj_GetFillColor(thing.raw, *parts)
    return bool(known) and all(part.value >= _WHITE for part in parts[:3])


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _said(thing: Any, words: Any) -> str:
    from pypdfium2 import raw

    length = raw.FPDFTextObj_GetText(thing.raw, words.raw, None, 0)
    buffer = (c_ushort * (length // 2))()
    raw.FPDFTextObj_GetText(thing.raw, words.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
