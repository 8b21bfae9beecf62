"""xlsx: each sheet as a table, the title above it as a paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.reading import Reading
from ingest.readers.tables import row_line
from vectorstore.errors import Unreadable

MAX_CELLS = 300_000


def read_xlsx(path: Path) -> Reading:
    """The visible sheets of a workbook; formulas give the value last computed.

    Raises Unreadable when it is no workbook, or has more than MAX_CELLS cells.
    """
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    sheets = [s for s in book.worksheets if s.sheet_state == "visible"]
    if sum(s.max_row * s.max_column for s in sheets) > MAX_CELLS:
        raise Unreadable("too_many_cells", path=path.name, limit=MAX_CELLS // 10_000)
    return Reading("\n\n".join("\n".join(_lines(s)) for s in sheets), _hidden(book))


def _hidden(book: Any) -> str:
    """The sheets, rows and columns that are set to be hidden, by their names."""
    sheets = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    for sheet in book.worksheets:
        sheets += [f"{sheet.title}!{n}" for n, row in sheet.row_dimensions.items() if row.hidden]
        sheets += [f"{sheet.title}!{n}" for n, column in sheet.column_dimensions.items() if column.hidden]
    return "、".join(sheets[:10])


def _lines(sheet: Any) -> Iterator[str]:
    """Rows as table lines; a title above the table stands as a paragraph of its own."""
    covered = _merged(sheet)
    begun = False
    for row in sheet.iter_rows():
        cells = [_shown(covered.get(cell.coordinate, cell.value)) for cell in row]
        said = {cell for cell in cells if cell}
        if len(said) == 1 and not begun:
            yield f"\n{said.pop()}\n"
        elif said:
            begun = True
            yield row_line(cells)


def _merged(sheet: Any) -> dict[str, Any]:
    """What stands at each place that a merged cell covers."""
    return {
        sheet.cell(row, column).coordinate: sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "strftime"):
        return f"{value.year}年{value.month}月{value.day}日" if hasattr(value, "year") else str(value)
    return str(value).strip()
