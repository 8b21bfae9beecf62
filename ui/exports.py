"""The register as a file: csv, json, and the tables officials use in xlsx and docx."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from assistant.compose import ROLE_NAMES
from ui.layout import add_table, add_title, fill_sheet
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
_CLAUSE_WIDTHS, _DUTY_WIDTHS = (11, 36, 24, 52, 14, 14), (20, 11, 11, 36, 22, 56)
"""Columns of the sheets, in Latin letters."""
_CENTIMETRES = (1.9, 6, 4.4, 8.2, 2.6, 2.6)
"""Columns of the Word table: what A4 across leaves between the margins."""


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
    fill_sheet(first, CLAUSE_COLUMNS, _without_formulas(clause_rows(duties, snapshot)), _CLAUSE_WIDTHS)
    second = book.create_sheet("部门台账")
    fill_sheet(second, DUTY_COLUMNS, _without_formulas(duty_rows(duties, snapshot)), _DUTY_WIDTHS)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _without_formulas(rows: list[tuple[str, ...]]) -> list[list[str]]:
    return [[_no_formula(cell) for cell in row] for row in rows]


def to_docx(duties: Sequence[Duty], snapshot: Snapshot) -> bytes:
    """The same 任务分解表 as a Word table, A4 landscape."""
    from docx import Document

    document = Document()
    titles = dict.fromkeys(snapshot.register.notices[d.notice].title for d in duties)
    add_title(document, "任务分解表", "、".join(titles))
    add_table(document, CLAUSE_COLUMNS, clause_rows(duties, snapshot), _CENTIMETRES)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
