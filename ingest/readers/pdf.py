"""PDF files: text and tables page by page, without what is printed on every page; scanned pages by OCR."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers.rows import table_lines
from vectorstore.errors import Unreadable
from vectorstore.text import strip_control

MAX_PAGES = 2_000
"""Longer files are refused: no plan has so many pages."""

_EDGE = 2
"""So many lines at the top and bottom of a page may be a header or footer."""

_DASH = r"[—\-－–─~·\s]*"
_PAGE_NUMBER = re.compile(rf"^{_DASH}(?:第\s*)?\d{{1,4}}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{{1,4}}\s*页?)?{_DASH}$")
_SCAN_DPI = 200
_LEAST_RULES = 4


@dataclass(slots=True)
class _Page:
    """What stands on one page: printed lines and table rows, from top to bottom."""

    lines: list[str]

    @property
    def table_first(self) -> bool:
        """Whether the page begins with a table."""
        return bool(self.lines) and self.lines[0].startswith("|")

    @property
    def table_last(self) -> bool:
        """Whether the page ends with a table."""
        return bool(self.lines) and self.lines[-1].startswith("|")


def read(path: Path) -> str:
    """The text of a PDF file, a form feed before each further page.

    Raises Unreadable when the file is damaged, locked or too long, or scanned and OCR is not installed.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            if len(document) > MAX_PAGES:
                raise Unreadable("too_many_pages", path=str(path), limit=MAX_PAGES)
            pages = [_read_page(path, number, document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable("locked_file" if locked else "damaged_file", path=str(path)) from error
    _drop_running(pages)
    _join_tables(pages)
    return "\n\f".join("\n".join(page.lines) for page in pages)


def _read_page(path: Path, number: int, page: Any) -> _Page:
    text = page.get_textpage()
    if not text.count_chars():
        return _Page(_scanned(page, path))
    tables = _tables(path, number) if _has_rules(page) else []
    if not tables:
        return _Page(_printed(text.get_text_range()))
    width, height = page.get_size()
    lines: list[str] = []
    top = height
    for table in tables:
        lines += _printed(text.get_text_bounded(0, height - table.bbox[1], width, top))
        lines += table_lines(_rows(table, text, height))
        top = height - table.bbox[3]
    return _Page(lines + _printed(text.get_text_bounded(0, 0, width, top)))


def _has_rules(page: Any) -> bool:
    """Whether enough is drawn on a page to make a table: looking for tables is slow."""
    from pypdfium2.raw import FPDF_PAGEOBJ_PATH

    return sum(1 for _ in page.get_objects(filter=[FPDF_PAGEOBJ_PATH])) >= _LEAST_RULES


def _tables(path: Path, number: int) -> list[Any]:
    """The ruled tables of a page from top to bottom, with the places of their cells."""
    import pdfplumber

    with pdfplumber.open(path, pages=[number + 1]) as document:
        found = document.pages[0].find_tables()
    return sorted((t for t in found if len(t.rows[0].cells) > 1), key=lambda table: table.bbox[1])


def _scanned(page: Any, path: Path) -> list[str]:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    from ingest.readers.scan import recognise

    if not any(True for _ in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])):
        return []
    return recognise(page.render(scale=_SCAN_DPI / 72).to_pil(), path)


def _printed(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := _clean(raw))]


def _clean(text: str) -> str:
    """A line without the blanks that a justified setting leaves between Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", strip_control(text).replace("\ufffe", "")).strip()


def _rows(table: Any, text: Any, height: float) -> Iterator[list[str]]:
    """The rows of a table; a cell merged downwards is repeated, one merged across stands once."""
    above: list[str] = []
    for row in table.rows:
        cells = [
            above[place] if box is None and above and _merged_down(table, row, place) else _cell(box, text, height)
            for place, box in enumerate(row.cells)
        ]
        above = cells
        yield cells


def _cell(box: tuple[float, float, float, float] | None, text: Any, height: float) -> str:
    if box is None:
        return ""
    left, top, right, bottom = box
    return "\n".join(_printed(text.get_text_bounded(left, height - bottom, right, height - top)))


def _merged_down(table: Any, row: Any, place: int) -> bool:
    """Whether the place is covered by a cell that began in a row above."""
    column = next((r.cells[place] for r in table.rows if r.cells[place] is not None), None)
    if column is None:
        return False
    middle, top = (column[0] + column[2]) / 2, row.bbox[1]
    return any(c[0] <= middle <= c[2] and c[1] < top - 1 and c[3] > top + 1 for c in table.cells)


def _drop_running(pages: list[_Page]) -> None:
    """Takes out page numbers and the lines that stand at the same edge of most pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(page.lines[at]) for at in _edges(page) if not page.lines[at].startswith("|")})
    running = {shape for shape, count in seen.items() if len(pages) > 2 and count > len(pages) / 2}
    for page in pages:
        edges = _edges(page)
        page.lines = [
            line
            for at, line in enumerate(page.lines)
            if at not in edges or not (_shape(line) in running or _PAGE_NUMBER.match(line))
        ]


def _edges(page: _Page) -> set[int]:
    count = len(page.lines)
    return {at for at in range(count) if at < _EDGE or at >= count - _EDGE}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s", "", line))


def _join_tables(pages: list[_Page]) -> None:
    """A table that runs on over a page break: its repeated header goes, a row cut in two is put together."""
    header = ""
    for before, page in zip([None, *pages], pages, strict=False):
        runs_on = bool(before and before.table_last and page.table_first)
        if runs_on and page.lines and page.lines[0] == header:
            page.lines.pop(0)
        if runs_on and before and page.lines and page.lines[0].startswith("|  |"):
            _join_rows(before, page)
        rows = [at for at, line in enumerate(page.lines) if line.startswith("|")]
        starts = [at for at in rows if at == 0 or not page.lines[at - 1].startswith("|")]
        if starts and not (runs_on and starts[-1] == 0):
            header = page.lines[starts[-1]]


def _join_rows(before: _Page, page: _Page) -> None:
    upper, lower = (line.strip("|").split("|") for line in (before.lines[-1], page.lines[0]))
    if len(upper) == len(lower):
        joined = [a.strip() + b.strip() for a, b in zip(upper, lower, strict=True)]
        before.lines[-1] = f"| {' | '.join(joined)} |"
        page.lines.pop(0)
