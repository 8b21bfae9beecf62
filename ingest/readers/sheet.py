"""Excel files (xlsx): every visible sheet row by row, merged cells as they are meant."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingest.readers.file import check_packed
from ingest.readers.rows import table_lines
from vectorstore.errors import Unreadable

_MAX_CELLS = 2_000_000


def read(path: Path) -> str:
    """The text of an xlsx file. Raises Unreadable when it is damaged, locked or too large."""
    check_packed(path)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unreadable("damaged_file", path=str(path)) from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if sum(sheet.max_row * sheet.max_column for sheet in sheets) > _MAX_CELLS:
        raise Unreadable("too_large", path=str(path), limit=_MAX_CELLS // 10_000)
    return "\n".join(line for sheet in sheets for line in table_lines(_rows(sheet)))


def _rows(sheet: Any) -> Iterator[list[str]]:
    """The rows of a sheet; a cell merged downwards is repeated, one merged across stands once."""
    above = {
        (row, area.min_col): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, area.max_row + 1)
    }
    for number in range(1, sheet.max_row + 1):
        places = [above.get((number, column), (number, column)) for column in range(1, sheet.max_column + 1)]
        yield [_say(sheet.cell(*place).value) for place in places]


def _say(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
