"""Word files (docx): paragraphs and tables in the order of the document, with automatic numbers and page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.file import check_packed
from ingest.readers.rows import table_lines
from vectorstore.errors import Unreadable


def read(path: Path) -> str:
    """The text of a docx file. Raises Unreadable when it is damaged, locked or too large when unpacked."""
    check_packed(path)
    from docx import Document
    from lxml.etree import XMLSyntaxError

    from ingest.readers.numbers import Numbers

    try:
        document = Document(str(path))
    except (KeyError, ValueError, XMLSyntaxError) as error:
        raise Unreadable("damaged_file", path=str(path)) from error
    return "\n".join(_lines(document, Numbers(document)))


def _lines(holder: Any, numbers: Any) -> Iterator[str]:
    for block in holder.iter_inner_content():
        if hasattr(block, "rows"):
            yield from table_lines(_rows(block, numbers))
        else:
            yield from _paragraph(block, numbers)


def _paragraph(paragraph: Any, numbers: Any) -> Iterator[str]:
    breaks = "\f" * len(paragraph.rendered_page_breaks)
    text = paragraph.text
    if not breaks and (paragraph.contains_page_break or 'w:br w:type="page"' in paragraph._p.xml):
        breaks = "\f"
    yield breaks + (numbers.before(paragraph) + text if text.strip() else text)


def _rows(table: Any, numbers: Any) -> Iterator[list[str]]:
    """The rows of a table; a cell merged downwards is repeated, one merged across stands once."""
    for row in table.rows:
        cells, seen = [""] * row.grid_cols_before, None
        for cell in row.cells:
            cells.append("" if cell._tc is seen else "\n".join(_lines(cell, numbers)).replace("\f", ""))
            seen = cell._tc
        yield cells
