"""Duty tables: columns known by their header, rows that become clauses (forms 20, 21 and 35)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.notice.brackets import Reading, read_duties
from ingest.notice.source import Line

_ROLES = {"lead": "牵头单位", "cooperate": "配合单位", "responsible": "责任单位", "said": ""}
"""Columns that hold departments, with the label under which their cells are read; `said` cells name the role."""
_COLUMNS = (
    ("person", re.compile(r"责任人|领导|联系人|联络员|电话|负责人")),
    ("lead", re.compile(r"牵头|主办|主责")),
    ("responsible", re.compile(r"责任.*配合|配合.*责任|责任.*协同")),
    ("cooperate", re.compile(r"配合|协同|协办|参与|协助|协作")),
    ("responsible", re.compile(r"(?:责任|负责|实施|承办|落实|完成)(?:单位|部门|主体|科室|处室)")),
    ("said", re.compile(r"^(?:部门|职责|责任|任务)?分工$|^(?:单位|部门)$")),
    ("deadline", re.compile(r"时限|时间|期限|进度要求|节点")),
    ("serial", re.compile(r"^(?:序号|编号|序|项号)$")),
    ("task", re.compile(r"任务|内容|措施|事项|举措|项目|要求|目标")),
    ("section", re.compile(r"类别|分类|领域|板块|方面|章节|行动|工程|一级")),
)
_PRIORITY = re.compile(r"工作任务|具体任务|任务内容|主要任务|工作内容|具体内容|任务$|措施|举措")
_HEADER_DEPTH = 5
_SEPARATED = re.compile(r"[、，,；;。]")
_NEXT_NAME = re.compile(r"(?<=[厅局委办部会院])\s*(?=(?:省|市(?!场)|县|区|州)[\u4e00-\u9fff]{1,12}?[厅局委办部会院])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a duty table: its printed number or position, task, what it says of duties, and its place."""

    serial: str
    task: str
    section: str
    line: Line
    reading: Reading


@dataclass(slots=True)
class Table:
    """A duty table: its rows, the rows above its header, and what could not be read."""

    rows: list[Row] = field(default_factory=list)
    above: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def cells_of(line: Line) -> list[str] | None:
    """The cells of a table line, or None for any other line."""
    text = line.text
    if not (text.startswith("|") and text.endswith("|") and len(text) > 1):
        return None
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", text)[1:-1]]


def read_table(lines: Sequence[Line], first_leads: bool = False) -> Table | None:
    """The duty table that a run of table lines makes, or None when its header names no departments."""
    rows = [(line, cells) for line in lines if (cells := cells_of(line)) and not _is_rule(cells)]
    header = _header(rows)
    if header is None:
        return None
    at, columns = header
    table = Table(above=[_as_words(line, cells) for line, cells in rows[:at] if len(set(cells)) == 1])
    names = rows[at][1]
    section = ""
    for position, (line, cells) in enumerate(rows[at + 1 :], 1):
        if _same(cells, names) or _same(cells, rows[max(at - 1, 0)][1]):
            continue
        if len({c for c in cells if c}) == 1:
            section = next(c for c in cells if c)
            continue
        if len(cells) != len(names):
            table.warnings.append(f"第{line.number}行：表格这一行的格数和表头不同，没有读")
            continue
        table.rows.append(_row(line, cells, columns, section or _above(table, columns, cells), first_leads, position))
        if not table.rows[-1].reading.says_something:
            table.warnings.append(f"第{line.number}行：表格第{table.rows[-1].serial}行没有写部门")
    return table


def _is_rule(cells: Sequence[str]) -> bool:
    """The line under a Markdown header."""
    return all(re.fullmatch(r":?-+:?", cell) for cell in cells)


def _header(rows: Sequence[tuple[Line, list[str]]]) -> tuple[int, dict[int, str]] | None:
    """Which of the first rows is the header, and what each of its columns holds."""
    best: tuple[int, int, dict[int, str]] | None = None
    for at, (_, cells) in enumerate(rows[:_HEADER_DEPTH]):
        columns = _columns(cells)
        kinds = set(columns.values())
        if "task" in kinds and kinds & _ROLES.keys() and (best is None or len(kinds) > best[0]):
            best = (len(kinds), at, columns)
    return (best[1], best[2]) if best else None


def _columns(cells: Sequence[str]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for at, cell in enumerate(cells):
        words = re.sub(r"\s", "", cell)
        if len(words) <= 16 and (kind := next((k for k, word in _COLUMNS if word.search(words)), None)):
            columns[at] = kind
    return _one_task(columns, cells)


def _one_task(columns: dict[int, str], cells: Sequence[str]) -> dict[int, str]:
    """Of several columns that could be the task the most specific one is, the others before it say the section."""
    tasks = [at for at, kind in columns.items() if kind == "task"]
    if len(tasks) > 1:
        wanted = [at for at in tasks if _PRIORITY.search(re.sub(r"\s", "", cells[at]))] or tasks
        for at in tasks:
            if at != wanted[-1]:
                columns[at] = "section" if at < wanted[-1] else "other"
    return columns


def _row(
    line: Line, cells: Sequence[str], columns: dict[int, str], section: str, first_leads: bool, position: int
) -> Row:
    by_kind: dict[str, str] = {}
    reading = Reading()
    for at, kind in columns.items():
        if kind in _ROLES:
            _join(reading, _read_cell(cells[at], kind, first_leads))
        by_kind.setdefault(kind, cells[at])
    if due := by_kind.get("deadline", ""):
        reading.deadlines.append(due)
    serial = re.sub(r"\D", "", by_kind.get("serial", "")) or str(position)
    return Row(serial, by_kind.get("task", ""), by_kind.get("section") or section, _as_words(line, cells), reading)


def _read_cell(cell: str, kind: str, first_leads: bool) -> Reading:
    text = split_names(cell.strip())
    label = _ROLES[kind]
    return read_duties(f"{label}：{text}" if label else text, first_leads) or Reading()


def split_names(cell: str) -> str:
    """Names set one under another in a cell, with 、 between them."""
    if _SEPARATED.search(cell):
        return re.sub(r"\s", "", cell)
    apart = re.sub(r"(?<=[\u4e00-\u9fff]{3})(?<=[厅局委办部会院府社司队])\s+(?=[\u4e00-\u9fff]{2})", "、", cell)
    return re.sub(r"\s", "", _NEXT_NAME.sub("、", apart))


def _join(reading: Reading, other: Reading) -> None:
    reading.names.extend(pair for pair in other.names if pair not in reading.names)
    reading.localities.extend(other.localities)
    reading.deadlines.extend(other.deadlines)
    reading.aliases.update(other.aliases)
    reading.open_list |= other.open_list


def _above(table: Table, columns: dict[int, str], cells: Sequence[str]) -> str:
    """The section printed once for several rows."""
    own = next((cells[at] for at, kind in columns.items() if kind == "section"), "")
    return own or (table.rows[-1].section if table.rows else "")


def _as_words(line: Line, cells: Sequence[str]) -> Line:
    """A row as the words a reader sees: a merged cell's words once."""
    seen = [cell for at, cell in enumerate(cells) if cell and (at == 0 or cell != cells[at - 1])]
    return Line("　".join(seen), line.number, line.page)


def _same(cells: Sequence[str], other: Sequence[str]) -> bool:
    return [re.sub(r"\s", "", c) for c in cells] == [re.sub(r"\s", "", c) for c in other]


def rebuilt(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with tables that were flattened to one cell a line put back into rows (form 21)."""
    at = 0
    while at < len(lines):
        width = _flat_header(lines, at)
        if not width:
            yield lines[at]
            at += 1
            continue
        yield _row_line(lines[at : at + width])
        at += width
        serial = 1
        while at + width <= len(lines) and re.fullmatch(rf"{serial}[.、．]?", lines[at].text):
            yield _row_line(lines[at : at + width])
            at += width
            serial += 1


def _flat_header(lines: Sequence[Line], at: int) -> int:
    """How many lines from `at` are the header cells of a flattened table; 0 when none is there."""
    if not re.fullmatch(r"序\s*号|编号", lines[at].text):
        return 0
    words = [re.sub(r"\s", "", line.text) for line in lines[at : at + 9]]
    width = next((n for n, word in enumerate(words) if re.fullmatch(r"1[.、．]?", word)), 0)
    kinds = set(_columns(words[:width]).values())
    return width if width >= 3 and "task" in kinds and kinds & _ROLES.keys() else 0


def _row_line(lines: Sequence[Line]) -> Line:
    return Line("| " + " | ".join(line.text for line in lines) + " |", lines[0].number, lines[0].page)
