"""`kepu duties`, `kepu parse`: the register of duties, and one notice read without storing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.settings import read_settings


@app.command()
def duties(
    department: Annotated[str | None, typer.Option(help="部门，别称也行")] = None,
    role: Annotated[str | None, typer.Option(help="牵头、责任、配合、地方")] = None,
    clause: Annotated[str | None, typer.Option(help="条目，如 二(四)1")] = None,
    form: Annotated[str, typer.Option("--format", help="table、json、csv、xlsx、docx")] = "table",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写到哪个文件")] = None,
) -> None:
    """任务分工台账。"""
    from ui import exports, register
    from ui.desk import open_filled

    if form not in (known := ("table", *exports.TYPES)):
        raise typer.BadParameter(f"不认识的格式“{form}”，可用：{'、'.join(known)}")
    if form in {"xlsx", "docx"} and output is None:
        raise typer.BadParameter(f"{form}格式要用 -o 指定文件名")
    with progress_bar() as report:
        snapshot = open_filled(read_settings(), report).current()
    found = register.select(snapshot, department, role, clause)
    if output is not None:
        exports.write(output, "json" if form == "table" else form, found, snapshot)
    elif form == "table":
        from ui.cli.show import show_duties

        show_duties(found)
    else:
        typer.echo(exports.to_json(found) if form == "json" else exports.to_csv(found), nl=False)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="通知文件")],
    as_json: Annotated[bool, typer.Option("--json", help="打印JSON")] = False,
) -> None:
    """读一份通知并打印读出的内容，不入库。"""
    from ingest.notice import parse_notice
    from ingest.readers import read_text
    from ui.cli.parsed import parsed_object

    parsed = parse_notice(read_text(file), file.name)
    if as_json:
        typer.echo(json.dumps(parsed_object(parsed), ensure_ascii=False))
        return
    from ui.cli.show import show_duties, show_pairs

    notice = parsed.notice
    head = {"标题": notice.title, "文号": notice.number, "印发机关": notice.issuer, "印发日期": notice.issued}
    show_pairs(file.name, {**head, "实施期": notice.period_text, "条目": len(notice.clauses)})
    show_duties(notice.duties)
    for warning in notice.warnings:
        typer.echo(f"注意：{warning}")
