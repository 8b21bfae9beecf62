"""How a table is written as text: one line a row, `| cell | cell |`; layout tables as the lines they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LAYOUT = 800
"""A cell with more characters than this holds a text, not a value: the table is there for the page's looks."""


_NAME = re.compile(r"[\u3400-\u9fff]{2,16}[厅局委办部院会署联社行队盟府协]")


def table_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table. A row with one filled cell, and every row of a layout table, gives plain lines."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    layout = any(len(cell) > _LAYOUT for row in filled for cell in row)
    lines: list[str] = []
    for row in filled:
        cells = [cell for cell in row if cell.strip()]
        if layout or len(cells) == 1:
            lines.extend(line.strip() for cell in cells for line in cell.split("\n") if line.strip())
        else:
            lines.append(f"| {' | '.join(_one_line(cell) for cell in row)} |")
    return lines


def _one_line(cell: str) -> str:
    """A cell wrapped over lines is put together; a blank stays between Latin words and between names, one a line."""
    names = [line.strip() for line in cell.split("\n") if line.strip()]
    if len(names) > 1 and all(_NAME.fullmatch(name) for name in names):
        return " ".join(names)
    joined = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", cell.strip())
    return re.sub(r"\s+", " ", joined).replace("|", "｜")
