"""Tables as text: one line a row, the form that parser and chunker read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LAYOUT = 800
"""A cell with more characters than this holds a text, not a value: the table is there for the page's looks."""


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines `| cell | cell |`; a line break inside a cell is a blank, empty rows left out.

    A table that only lays out a page gives the paragraphs of its cells.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if any(len(cell) > _LAYOUT for row in filled for cell in row):
        cells = (cell for row in filled for at, cell in enumerate(row) if at == 0 or cell != row[at - 1])
        return "\n\n".join(line.strip() for cell in cells for line in cell.split("\n") if line.strip())
    return "\n".join(row_line(row) for row in filled)


def row_line(cells: Sequence[str]) -> str:
    """One row as a line."""
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip()).replace("|", "｜")


def close_up(text: str) -> str:
    """Words that a narrow column broke over lines: a break beside a Chinese character is none."""
    return re.sub(
        r"(?<=[\u3400-\u9fff，、；。：（）])\s*\n\s*|\s*\n\s*(?=[\u3400-\u9fff，、；。：（）])", "", text.strip()
    )
