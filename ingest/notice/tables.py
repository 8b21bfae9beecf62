"""Duty tables: a header row names the columns (task, lead, responsible, cooperating, deadline), each row is a clause.

A row stands on one line as `| cell | cell |`, the way the readers and Markdown write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.notice.brackets import Bracket
from ingest.notice.source import Line, Source
from vectorstore.records import Mark

_RULE = re.compile(r"^[\s|:\-]+$")
_PERSON = re.compile(r"人$|领导|联系")
_TASK = re.compile(r"任务|内容|事项|措施|举措|项目|行动|工作")
_DEADLINE = re.compile(r"时限|期限|时间|进度要求")
_ROLES = (
    ("牵头单位", re.compile(r"牵头|主办")),
    ("责任单位", re.compile(r"责任|负责|承办|实施|落实|分工")),
    ("配合单位", re.compile(r"配合|协同|参与|参加|协办|协助")),
)
_ONE_A_LINE = re.compile(r"(?<=[厅局委办部院会署联社行队盟府])\s+")
_GAP = "　"


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a duty table holds; `roles` gives the word of the role by column."""

    width: int
    task: int
    roles: tuple[tuple[int, str], ...]
    deadline: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the parser takes it: its words, its task, where its duties and its deadline stand."""

    source: Source
    task: str
    duties: tuple[Bracket, ...]
    deadline: Mark | None


def cells(text: str) -> list[str] | None:
    """The cells of a line that is a row of a table, or None."""
    if len(text) < 3 or text[0] != "|" or text[-1] != "|":
        return None
    return [] if _RULE.match(text) and "-" in text else [cell.strip() for cell in text[1:-1].split("|")]


def columns(row: list[str]) -> Columns | None:
    """The columns that a header row names, or None when it is not the header of a duty table."""
    heads = [re.sub(r"\s", "", cell) for cell in row]
    roles = tuple((at, role) for at, head in enumerate(heads) if (role := _role(head)))
    taken = {at for at, _ in roles}
    tasks = [at for at, head in enumerate(heads) if at not in taken and len(head) < 12 and _TASK.search(head)]
    if not roles or not tasks:
        return None
    deadline = next((at for at, head in enumerate(heads) if len(head) < 12 and _DEADLINE.search(head)), None)
    tasks = [at for at in tasks if at != deadline] or tasks
    return Columns(len(row), tasks[-1], roles, deadline)


def _role(head: str) -> str:
    if len(head) > 14 or _PERSON.search(re.sub(r"[(（].*", "", head)):
        return ""
    return next((role for role, said in _ROLES if said.search(head) and not re.search(r"任务$|内容$", head)), "")


def read_row(line: Line, row: list[str], known: Columns) -> Row:
    """A row of a duty table; empty cells are left out of its words."""
    starts: dict[int, int] = {}
    text = ""
    for at, cell in enumerate(row):
        if cell:
            text += _GAP if text else ""
            starts[at] = len(text)
            text += cell
    source = Source.of(Line(text, line.number, line.page))
    duties = tuple(
        Bracket(starts[at], starts[at] + len(row[at]), f"{role}：{_ONE_A_LINE.sub('、', row[at])}")
        for at, role in known.roles
        if at in starts
    )
    due = known.deadline
    deadline = source.mark(starts[due], starts[due] + len(row[due])) if due is not None and due in starts else None
    return Row(source, row[known.task] or next((row[at] for at in starts), ""), duties, deadline)
