"""PDF: text and tables page by page, without headers, footers and page numbers; pages without text are scans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.readers.pdfhidden import hidden_words
from ingest.readers.reading import Reading
from ingest.readers.tables import close_up, row_line
from vectorstore.errors import Unreadable

MAX_PAGES = 1000
_PAGE_NUMBER = re.compile(r"^[\s—\-–－·第]*\d{1,4}[\s—\-–－·页]*(?:[/／共]\s*\d+\s*页?)?$")
_FEW = 10
"""A page with fewer characters than this and a picture on it is a scan."""
_FEW_SHOWN = 60
"""So many characters of what is hidden are shown to a person."""
_SCAN_DPI = 200
_Box = tuple[float, float, float, float]
_OFTEN = 3
"""A line at the edge of so many pages is a header or footer."""


@dataclass(slots=True)
class _Piece:
    """A line (`words`) or a table (`rows`) with its upper edge; `full` when the line reaches the right margin."""

    top: float
    words: str = ""
    rows: list[list[str]] | None = None
    full: bool = False


def read_pdf(path: Path) -> Reading:
    """The text of a PDF; each page ends with a form feed, a table goes on over page breaks.

    Raises Unreadable when it is encrypted, damaged or longer than MAX_PAGES.
    """
    import pdfplumber
    import pypdfium2
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with closing(pypdfium2.PdfDocument(path)) as glyphs:
            if len(glyphs) > MAX_PAGES:
                raise Unreadable("too_many_pages", path=path.name, limit=MAX_PAGES)
            with pdfplumber.open(path) as pdf:
                pages = [_page(page, glyphs[at]) for at, page in enumerate(pdf.pages)]
            hidden = "".join(hidden_words(glyphs[at]) for at in range(len(glyphs)))
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable("encrypted_file" if locked else "damaged_file", path=path.name) from error
    except (PDFException, PdfminerException) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    return Reading(_joined(_without_edges(pages)) + "\n\f", hidden[:_FEW_SHOWN].strip())


def _page(page: Any, glyphs: Any) -> list[_Piece]:
    if len(page.chars) < _FEW:
        page.objects["char"] = _characters(glyphs, page)
    if len(page.chars) < _FEW and page.images:
        from ingest.readers.limits import widen_memory
        from ingest.readers.scan import MAX_PIXELS, read_picture

        widen_memory()
        fine = min(_SCAN_DPI, 72 * (MAX_PIXELS / (page.width * page.height)) ** 0.5)
        lines = read_picture(page.to_image(resolution=fine).original.convert("RGB"))
        page.close()
        return [_Piece(float(at), line, full=True) for at, line in enumerate(lines)]
    tables = [t for t in page.find_tables() if len(t.rows) > 1 or len(t.cells) > 2]
    pieces = [_Piece(t.bbox[1], rows=_rows(page, t)) for t in tables]
    pieces += _lines(page, [t.bbox for t in tables])
    page.close()
    return sorted(pieces, key=lambda p: p.top)


def _characters(glyphs: Any, page: Any) -> list[dict[str, Any]]:
    """The characters of a page whose fonts pdfminer cannot decode (a character map of its own), by PDFium."""
    words = glyphs.get_textpage()
    out = []
    for at in range(words.count_chars()):
        text = words.get_text_range(at, 1)
        x0, low, x1, high = words.get_charbox(at, loose=True)
        if text.strip() and x1 > x0:
            top, bottom = page.height - high, page.height - low
            place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": page.initial_doctop + top}
            out.append(
                {"object_type": "char", "text": text, "upright": True, "size": high - low, "fontname": "", **place}
                | {"width": x1 - x0, "height": high - low, "y0": low, "y1": high, "page_number": page.page_number}
            )
    return out


def _lines(page: Any, boxes: list[_Box]) -> list[_Piece]:
    def outside(thing: Any) -> bool:
        if thing["object_type"] != "char":
            return False
        middle = (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= thing["x0"] <= x1 and top <= middle <= bottom for x0, top, x1, bottom in boxes)

    lines = page.filter(outside).extract_text_lines(return_chars=False, x_tolerance=4, y_tolerance=4)
    margin = max((line["x1"] for line in lines), default=0.0)
    return [_Piece(n["top"], n["text"], full=n["x1"] > margin - 2.2 * (n["bottom"] - n["top"])) for n in lines]


def _rows(page: Any, table: Any) -> list[list[str]]:
    """The cells of a table by place; a merged cell's words stand at every place it covers."""
    cells = table.cells
    middles_x = _middles({c[0] for c in cells} | {c[2] for c in cells})
    middles_y = _middles({c[1] for c in cells} | {c[3] for c in cells})
    words = _words_of(page, cells)

    def at(x: float, y: float) -> str:
        return next((words[c] for c in cells if c[0] < x < c[2] and c[1] < y < c[3]), "")

    return [[at(x, y) for x in middles_x] for y in middles_y]


def _words_of(page: Any, cells: Sequence[_Box]) -> dict[_Box, str]:
    """The words of each cell; a character belongs to the cell that holds its middle."""
    from pdfplumber.utils import extract_text

    held: dict[_Box, list[Any]] = {c: [] for c in cells}
    for char in page.chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        cell = next((c for c in cells if c[0] < x < c[2] and c[1] < y < c[3]), None)
        if cell is not None:
            held[cell].append(char)
    return {c: close_up(extract_text(chars, x_tolerance=4) if chars else "") for c, chars in held.items()}


def _middles(edges: set[float]) -> list[float]:
    """The middles between neighbouring edges; edges closer than three points are one."""
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > 3:
            kept.append(edge)
    return [(a + b) / 2 for a, b in pairwise(kept)]


def _without_edges(pages: list[list[_Piece]]) -> list[list[_Piece]]:
    """The pages without page numbers and without the lines that stand at the edge of many pages."""
    edges = Counter(
        _same(p.words) for page in pages for p in {id(p): p for p in page[:1] + page[-2:]}.values() if p.words
    )
    often = {words for words, count in edges.items() if words and count >= _OFTEN and count > len(pages) / 2}

    def kept(page: list[_Piece], at: int) -> bool:
        piece, edge = page[at], at < 2 or at >= len(page) - 2
        return not (edge and piece.words and (_PAGE_NUMBER.match(piece.words) or _same(piece.words) in often))

    return [[p for at, p in enumerate(page) if kept(page, at)] for page in pages]


def _same(words: str) -> str:
    return re.sub(r"\d+|\s", "", words) if len(words) > 4 else ""


def _joined(pages: Sequence[Sequence[_Piece]]) -> str:
    out: list[str] = []
    table: list[list[str]] = []
    for number, page in enumerate(pages):
        feed = "\f" if number else ""
        for at, piece in enumerate(page):
            if piece.rows is None:
                out.append(feed + piece.words + ("" if piece.full else "\n"))
                table = []
            elif table and at == 0:
                out.extend(_continued(table, piece.rows, out, feed))
            else:
                table = piece.rows
                out.extend(["", *(feed * (n == 0) + row_line(r) for n, r in enumerate(table)), ""])
            feed = ""
        if feed:
            out.append(feed)
    return "\n".join(out)


def _continued(table: list[list[str]], rows: list[list[str]], out: list[str], feed: str) -> Iterator[str]:
    """The rows of a table's part on a new page: without the repeated header, a row cut in two put together."""
    if len(rows[0]) != len(table[0]):
        yield from (feed * (n == 0) + row_line(r) for n, r in enumerate(rows))
        return
    while out and not out[-1]:
        out.pop()
    if [_squeeze(c) for c in rows[0]] == [_squeeze(c) for c in table[0]]:
        rows = rows[1:]
    elif not rows[0][0].strip() and table[-1][0].strip():
        whole = [a + b for a, b in zip(table[-1], rows[0], strict=True)]
        out[-1] = ("\f" if out[-1].startswith("\f") else "") + row_line(whole)
        table[-1], rows = whole, rows[1:]
    table.extend(rows)
    yield from (feed * (n == 0) + row_line(r) for n, r in enumerate(rows))
    if not rows and feed:
        yield feed
    yield ""


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
