"""Answers and tables as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant import Answer
from assistant.compose import ROLE_NAMES
from vectorstore.records import Duty


def show_answer(answer: Answer) -> None:
    """Prints the answer, its sources and what can be asked next."""
    from rich.console import Console

    console = Console()
    console.print(answer.text, markup=False, highlight=False)
    sources = dict.fromkeys(f"{c.source} {c.locator}" for c in answer.citations)
    if sources:
        console.print("出处：" + "；".join(sources), style="dim", markup=False, highlight=False)
    if answer.suggestions:
        console.print("还可以问：" + " · ".join(answer.suggestions), style="cyan", markup=False, highlight=False)


def show_duties(duties: Sequence[Duty]) -> None:
    """Prints duties as a table with their count."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"任务分工（{len(duties)}条）")
    for column in ("条目", "任务", "部门", "角色"):
        table.add_column(column)
    for d in duties:
        table.add_row(d.path, d.title, d.department, ROLE_NAMES[d.role])
    Console().print(table)


def show_pairs(title: str, pairs: dict[str, Any]) -> None:
    """Prints names and values as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, show_header=False)
    for name, value in pairs.items():
        table.add_row(str(name), str(value))
    Console().print(table)
