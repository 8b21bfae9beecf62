"""How tables look on paper: A4 landscape, ruled, the header on every page, no row torn apart, numbered pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

FONT, TITLE_FONT = "宋体", "黑体"
"""What official papers are set in; where they are not installed, the program that opens the file takes another."""
_SIZE, _TITLE_SIZE = 11, 16
"""Points."""
_LINE, _HIGHEST = 16.0, 409.0
"""Points of a line in a cell, and of the highest row that spreadsheets know."""
_MARGIN = 2.0
"""Centimetres."""
_PAGE_NUMBER = "— {} —"


def fill_sheet(sheet: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Writes a table into an empty openpyxl sheet, with filters and a frozen header; widths count Latin letters.

    Rows get their height here: LibreOffice gives wrapped text that comes without one a single line.
    """
    sheet.append(list(columns))
    for row in rows:
        sheet.append(list(row))
    for number, line in enumerate(sheet.iter_rows(), 1):
        _style(line, number == 1)
        sheet.row_dimensions[number].height = _height([str(cell.value or "") for cell in line], widths)
    for cell, width in zip(sheet[1], widths, strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _print_landscape(sheet)


def _style(line: Sequence[Any], header: bool) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side

    font, rule = Font(name=TITLE_FONT if header else FONT, size=_SIZE), Side(style="thin")
    border = Border(left=rule, right=rule, top=rule, bottom=rule)
    alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if header else None)
    for cell in line:
        cell.font, cell.border, cell.alignment = font, border, alignment


def _height(cells: Sequence[str], widths: Sequence[int]) -> float:
    """Points that the longest cell of a row needs; a Chinese character is a little wider than two Latin letters."""
    lines = max(math.ceil(_letters(cell) / (width - 2)) for cell, width in zip(cells, widths, strict=True))
    return min(_HIGHEST, _LINE * max(1, lines) + 2)


def _letters(cell: str) -> float:
    return sum(2.2 if east_asian_width(sign) in "WFA" else 1.1 for sign in cell)


def _print_landscape(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = _PAGE_NUMBER.format("&P")


def add_title(document: Any, title: str, below: str) -> None:
    """Makes a python-docx document A4 landscape and begins it with a title and a line below it."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
    _set_font(document.styles["Normal"], FONT, _SIZE)
    _set_font(document.styles["Heading 1"], TITLE_FONT, _TITLE_SIZE)
    for paragraph in (document.add_heading(title, level=1), document.add_paragraph(below)):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number_pages(section.footer.paragraphs[0])


def _set_font(style: Any, name: str, size: int) -> None:
    """One font for Latin and Chinese, in black: the template's own is a theme font that has no Chinese."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.color.rgb, style.font.bold = Pt(size), RGBColor(0, 0, 0), False
    style.font.name = name
    fonts = style.element.rPr.rFonts
    fonts.attrib.clear()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def _number_pages(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = _PAGE_NUMBER.split("{}")
    paragraph.add_run(before)
    paragraph._p.append(_element("w:fldSimple", "w:instr", "PAGE"))
    paragraph.add_run(after)


def add_table(document: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """Adds a table to a python-docx document; widths are in centimetres."""
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for values in (columns, *rows):
        row = table.add_row()
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.text, cell.width = value, Cm(width)
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    _head(table.rows[0])


def _head(row: Any) -> None:
    """Makes a row the header: on every page, in the font of titles, centred."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn

    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell in row.cells:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for run in paragraph.runs:
            run.font.name = TITLE_FONT
            run._r.rPr.rFonts.set(qn("w:eastAsia"), TITLE_FONT)


def _element(name: str, attribute: str = "", value: str = "") -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    if attribute:
        element.set(qn(attribute), value)
    return element
