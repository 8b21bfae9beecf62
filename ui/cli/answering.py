"""`kepu ask`, `kepu handout`: answers and printed guides."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.faults import explain
from ui.settings import read_settings
from vectorstore.errors import InputError, KepuError


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题")] = None,
    session: Annotated[str | None, typer.Option(help="会话编号；同一个编号可以接着上一句问")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="打印一个JSON对象")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读JSON，逐行回答")] = False,
) -> None:
    """问一个问题。"""
    from ui.desk import open_chain, open_filled, open_inbox

    settings = read_settings()
    if question is None and not jsonl:
        raise typer.BadParameter("要写一个问题，或用 --jsonl")
    with progress_bar() as report:
        library = open_filled(settings, report)
    chain = open_chain(settings, library, open_inbox(settings))
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
        if not isinstance(request.get("session") or "", str):
            raise InputError("bad_request")
        body: dict[str, Any] = chain.invoke(request).to_dict()
    except (ValueError, RecursionError):
        body = {"error": explain(InputError("bad_json"))}
    except KepuError as error:
        body = {"error": explain(error)}
    identity = request.get("id") if isinstance(request, dict) else None
    return {"id": identity, **body} if identity is not None else body


@app.command()
def handout(
    cards: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="指南的编号，可以有几个")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写到哪个PDF文件")] = None,
    session: Annotated[str | None, typer.Option(help="打印这个会话刚学的那一份")] = None,
) -> None:
    """大字讲义：把指南打印成A4大字PDF。"""
    from ui.desk import open_filled, open_sessions
    from ui.handout import make_handout, pick_guides

    if output is None or not (cards or session):
        raise typer.BadParameter("要写指南的编号（或 --session），并用 -o 指定PDF文件名")
    settings = read_settings()
    with progress_bar() as report:
        snapshot = open_filled(settings, report).current()
    remembered = open_sessions(settings).get(session) if session else {}
    guides = pick_guides(snapshot, [*(cards or ()), *filter(None, [remembered.get("guide", "")])])
    make_handout(guides, output, settings.public_url or "")
    typer.echo(f"写好了：{output}（{len(guides)}份）")
