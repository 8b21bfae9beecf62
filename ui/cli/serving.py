"""`kepu serve`: web pages, HTTP API and chat channels in one process; `kepu mcp`: tools for other assistants."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.settings import read_settings


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
) -> None:
    """打开网页、接口和聊天渠道。"""
    from ui.desk import open_chain, open_filled, open_inbox
    from ui.server import run

    settings = read_settings()
    with progress_bar() as report:
        library = open_filled(settings, report)
    inbox = open_inbox(settings)
    run(open_chain(settings, library, inbox), library, inbox, settings, host, port)


@app.command()
def mcp() -> None:
    """给其他助手用的工具（MCP，标准输入输出）。"""
    from ui.channels.mcp import mcp_server
    from ui.desk import open_chain, open_filled, open_inbox

    settings = read_settings()
    with progress_bar() as report:
        library = open_filled(settings, report)
    mcp_server(open_chain(settings, library, open_inbox(settings)), library).run()
