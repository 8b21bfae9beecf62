"""Pictures and scanned pages: OCR on the CPU with models that come inside the library's package (extra `ocr`)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from vectorstore.errors import Unreadable

_LEAST_SURE = 0.5
"""Words recognised with less confidence are left out: they are stains and seals."""


def read(path: Path) -> str:
    """The text of a picture. Raises Unreadable when it is no picture or OCR is not installed."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            frames = getattr(picture, "n_frames", 1)
            pages = []
            for frame in range(frames):
                picture.seek(frame)
                pages.append("\n".join(recognise(picture.convert("RGB"), path)))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Unreadable("damaged_file", path=str(path)) from error
    return "\n\f".join(pages)


def recognise(picture: Any, path: Path) -> list[str]:
    """The printed lines on a picture, from top to bottom. Raises Unreadable when OCR is not installed."""
    import numpy

    try:
        engine = _engine()
    except ImportError as error:
        raise Unreadable("needs_ocr", path=str(path)) from error
    found = engine(numpy.asarray(picture.convert("RGB"))[:, :, ::-1])
    if found.boxes is None:
        return []
    words = [
        _Word(box, text)
        for box, text, sure in zip(found.boxes, found.txts, found.scores, strict=True)
        if sure >= _LEAST_SURE
    ]
    return [re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", line) for line in _in_lines(words)]


class _Word:
    """A run of recognised text with its place."""

    def __init__(self, box: Any, text: str) -> None:
        self.text = text
        self.left = float(min(point[0] for point in box))
        self.top = float(min(point[1] for point in box))
        self.bottom = float(max(point[1] for point in box))

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return (self.top + self.bottom) / 2


def _in_lines(words: list[_Word]) -> list[str]:
    """Words whose middles lie within one another's height stand on one line."""
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda w: w.middle):
        if lines and lines[-1][0].top <= word.middle <= lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [" ".join(w.text for w in sorted(line, key=lambda w: w.left)) for line in lines]


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 2})
