"""Scans and pictures: optical recognition on the CPU, with models that come inside the library."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.readers.limits import widen_memory
from ingest.readers.reading import Reading
from vectorstore.errors import Unreadable

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1500
"""Pixels a page is reduced to before lines are looked for: on larger ones a leading 一、 was missed."""
_HAN = r"[\u3400-\u9fff]"
_STROKE = re.compile(r"[一丨|—\-_.·、，）)]")
_NEXT_CLAUSE = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、．]")
_HALF = str.maketrans({"(": "（", ")": "）", ";": "；", ":": "：", ",": "，"})


def read_image(path: Path) -> Reading:
    """The lines of a picture from top to bottom. Raises Unreadable when it is no picture or too large."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable("too_many_pixels", path=path.name, limit=MAX_PIXELS // 1_000_000)
            pages = []
            for frame in range(getattr(image, "n_frames", 1)):
                image.seek(frame)
                pages.append("\n".join(read_picture(ImageOps.exif_transpose(image).convert("RGB"))))
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels", path=path.name, limit=MAX_PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    return Reading("".join(f"{page}\n\f" for page in pages))


def read_picture(image: Any) -> list[str]:
    """The lines that stand on a picture; pieces at one height are one line."""
    import numpy as np

    found = recogniser()(np.asarray(image)[:, :, ::-1])
    if found.boxes is None:
        return []
    pieces = [
        (box[:, 1].mean(), box[:, 0].min(), np.ptp(box[:, 1]), text)
        for box, text in zip(found.boxes, found.txts, strict=True)
    ]
    lines: list[list[tuple[float, str]]] = []
    height = 0.0
    for middle, left, size, text in sorted(pieces):
        if lines and middle - height < size / 2:
            lines[-1].append((left, text))
        else:
            lines.append([(left, text)])
            height = middle
    return _closed([_mended("".join(text for _, text in sorted(line))) for line in lines])


def _closed(lines: list[str]) -> list[str]:
    """Lines without lone strokes, and with the closing bracket that recognition drops at the end of a clause."""
    kept = [line for line in lines if not _STROKE.fullmatch(line)]
    opened = 0
    for at, line in enumerate(kept):
        opened = max(opened + line.count("（") - line.count("）"), 0)
        if opened == 1 and (at + 1 == len(kept) or _NEXT_CLAUSE.match(kept[at + 1])):
            kept[at] = line + "）"
            opened = 0
    return kept


def _mended(line: str) -> str:
    """A line with full-width signs beside Chinese characters, as it was printed."""
    return re.sub(rf"(?<={_HAN})[(),;:]|[(),;:](?={_HAN})", lambda m: m[0].translate(_HALF), line)


@lru_cache(maxsize=1)
def recogniser() -> Any:
    """The recogniser, its models loaded once. Raises Unreadable when the extra `ocr` is not installed."""
    widen_memory()
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise Unreadable("needs_ocr") from error
    longest = {"Det.limit_type": "max", "Det.limit_side_len": LONGEST_SIDE}
    return RapidOCR(params={"Global.log_level": "error", **longest})
