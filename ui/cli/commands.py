"""The commands. Each opens what it needs, does one thing, and says failures in one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.progress import progress_bar
from ui.faults import explain
from ui.settings import read_settings
from vectorstore.errors import InputError, KepuError

app = typer.Typer(
    help="科普助手：查任务由谁负责，答科普问题，一步步教手机操作。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
FORMATS = ("table", "json", "csv", "xlsx", "docx")


def main() -> None:
    """The console script."""
    with _one_line():
        app()


@contextmanager
def _one_line() -> Iterator[None]:
    """Says an error of ours as one line on standard error and exits with 1."""
    try:
        yield
    except KepuError as error:
        sys.stderr.write(explain(error) + "\n")
        raise SystemExit(1) from error
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="文件或文件夹；不写就是自带的通知和资料")] = None,
) -> None:
    """读入通知和资料；没有变的文件不重复读。"""
    from ingest.pipeline import ingest_builtin, ingest_paths
    from ui.desk import open_filled, open_library

    settings = read_settings()
    with progress_bar() as report:
        if paths:
            done = ingest_paths(open_filled(settings, report), paths, report)
        else:
            done = ingest_builtin(open_library(settings), report)
    typer.echo(f"读入{len(done.stored)}个文件，{len(done.unchanged)}个没有变。")
    for warning in done.warnings:
        typer.echo(f"注意：{warning}")
    if done.failed:
        sys.stderr.write("；".join(explain(error) for _, error in done.failed) + "\n")
        raise SystemExit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题")] = None,
    session: Annotated[str | None, typer.Option(help="会话编号")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="打印一个JSON对象")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读JSON，逐行回答")] = False,
) -> None:
    """问一个问题。"""
    from ui.desk import open_chain, open_filled

    settings = read_settings()
    if question is None and not jsonl:
        raise typer.BadParameter("要写一个问题，或用 --jsonl")
    with progress_bar() as report:
        library = open_filled(settings, report)
    chain = open_chain(settings, library)
    if jsonl:
        for line in sys.stdin.buffer:
            typer.echo(json.dumps(_answer_line(chain, line), ensure_ascii=False))
            sys.stdout.flush()
        return
    answer = chain.invoke({"question": question or "", "session": session or ""})
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False))
    else:
        from ui.cli.show import show_answer

        show_answer(answer)


def _answer_line(chain: Any, raw: bytes) -> dict[str, Any]:
    """The answer object for one line, or an object with `error`; the id is repeated when it can be read."""
    request: Any = None
    try:
        request = json.loads(raw)
        if not isinstance(request, dict) or not isinstance(request.get("question"), str):
            raise InputError("bad_request")
        body: dict[str, Any] = chain.invoke(request).to_dict()
    except ValueError:
        body = {"error": explain(InputError("bad_json"))}
    except KepuError as error:
        body = {"error": explain(error)}
    identity = request.get("id") if isinstance(request, dict) else None
    return {"id": identity, **body} if identity is not None else body


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

    if form not in FORMATS:
        raise typer.BadParameter(f"不认识的格式“{form}”，可用：{'、'.join(FORMATS)}")
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


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
) -> None:
    """打开网页。"""
    from ui.desk import open_chain, open_filled
    from ui.server import run

    settings = read_settings()
    with progress_bar() as report:
        library = open_filled(settings, report)
    run(open_chain(settings, library), library, host, port)


@app.command()
def status() -> None:
    """知识库里有什么，设置是什么。"""
    from ui.cli.show import show_pairs
    from ui.desk import open_library

    settings = read_settings()
    knowledge = open_library(settings).knowledge
    size = sum(f.stat().st_size for f in Path(settings.home).rglob("*") if f.is_file())
    show_pairs("知识库", {"版本": knowledge.version(), **knowledge.counts(), "占用": f"{size / 1e6:.1f} MB"})
    show_pairs("设置", {f"KEPU_{k.upper()}": "—" if v is None else v for k, v in settings})
