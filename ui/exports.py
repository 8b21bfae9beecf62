"""The register as a file: csv, json, and the tables officials use in xlsx and docx."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.compose import ROLE_NAMES
from vectorstore.database import guarded
from vectorstore.library import Snapshot
from vectorstore.records import Clause, Duty, Role

TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The formats a register can be had in, with their media types."""

CLAUSE_COLUMNS = ("序号", "任务", "牵头部门", "责任部门", "完成时限", "进度情况")
DUTY_COLUMNS = ("部门", "角色", "条目", "任务", "通知", "原文")
_WIDTHS = (8, 46, 26, 60, 16, 16)


def rows(duties: Sequence[Duty]) -> list[dict[str, str]]:
    """The duty rows of the answer object."""
    return [
        {
            "notice": d.notice,
            "path": d.path,
            "title": d.title,
            "department": d.department,
            "role": d.role.value,
        }
        for d in duties
    ]


def to_json(duties: Sequence[Duty]) -> str:
    """The duty rows as JSON text."""
    return json.dumps(rows(duties), ensure_ascii=False, indent=1)


def to_csv(duties: Sequence[Duty]) -> str:
    """One row a duty; a cell that a spreadsheet would read as a formula is written as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("notice", "path", "title", "department", "role"))
    for d in duties:
        writer.writerow([_no_formula(cell) for cell in (d.notice, d.path, d.title, d.department, d.role.value)])
    return out.getvalue()


def _no_formula(cell: str) -> str:
    return "'" + cell if cell.startswith(tuple("=+-@\t\r")) else cell


def write(path: Path, form: str, duties: Sequence[Duty], snapshot: Snapshot) -> None:
    """Writes duties to a file. Raises StoreError when it cannot be written."""
    content = encode(form, duties, snapshot)
    with guarded(path):
        path.write_bytes(content)


def encode(form: str, duties: Sequence[Duty], snapshot: Snapshot) -> bytes:
    """Duties as the bytes of a json, csv, xlsx or docx file; csv begins with the mark that spreadsheets look for."""
    if form == "xlsx":
        return to_xlsx(duties, snapshot)
    if form == "docx":
        return to_docx(duties, snapshot)
    return (to_json(duties) if form == "json" else "\ufeff" + to_csv(duties)).encode()


def clause_rows(duties: Sequence[Duty], snapshot: Snapshot) -> list[tuple[str, ...]]:
    """One row a clause: path, title, leads (inherited ones in brackets), responsible, deadline, empty."""
    table: list[tuple[str, ...]] = []
    for clause in snapshot.register.clauses_of(duties):
        own = [d for d in duties if (d.notice, d.path) == (clause.notice, clause.path)]
        table.append(
            (
                clause.path,
                clause.title,
                _leads(clause, own, snapshot),
                "、".join(d.department for d in own if d.role is not Role.LEAD),
                "、".join(m.text for m in clause.deadlines),
                "",
            )
        )
    return table


def _leads(clause: Clause, own: Sequence[Duty], snapshot: Snapshot) -> str:
    leads = [d.department for d in own if d.role is Role.LEAD]
    if leads:
        return "、".join(leads)
    inherited = snapshot.register.inherited_lead(clause.notice, clause.path)
    return f"（{'、'.join(d.department for d in inherited)}）" if inherited else ""


def duty_rows(duties: Sequence[Duty], snapshot: Snapshot) -> list[tuple[str, ...]]:
    """One row a department and duty, with the bracket it was read from."""
    table: list[tuple[str, ...]] = []
    for d in sorted(duties, key=lambda d: d.department):
        clause = snapshot.register.clause(d.notice, d.path)
        source = "".join(m.text for m in clause.brackets) if clause else ""
        table.append((d.department, ROLE_NAMES[d.role], d.path, d.title, d.notice, source))
    return table


def to_xlsx(duties: Sequence[Duty], snapshot: Snapshot) -> bytes:
    """Sheets 任务分解表 (a row a clause) and 部门台账 (a row a duty), with filters and print layout."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "任务分解表"
    _fill_sheet(first, CLAUSE_COLUMNS, clause_rows(duties, snapshot), _WIDTHS)
    second = book.create_sheet("部门台账")
    _fill_sheet(second, DUTY_COLUMNS, duty_rows(duties, snapshot), (22, 12, 12, 46, 20, 70))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_sheet(sheet: Any, columns: Sequence[str], rows: list[tuple[str, ...]], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.append(list(columns))
    for row in rows:
        sheet.append([_no_formula(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for letter, width in zip("ABCDEF", widths, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def to_docx(duties: Sequence[Duty], snapshot: Snapshot) -> bytes:
    """The same 任务分解表 as a Word table, A4 landscape."""
    from docx import Document
    from docx.enum.section import WD_ORIENT

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    titles = dict.fromkeys(snapshot.register.notices[d.notice].title for d in duties)
    document.add_heading("任务分解表", level=1)
    document.add_paragraph("、".join(titles))
    table = document.add_table(rows=1, cols=len(CLAUSE_COLUMNS))
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, CLAUSE_COLUMNS, strict=True):
        cell.text = name
    for row in clause_rows(duties, snapshot):
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            cell.text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
