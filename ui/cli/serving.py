"""`kepu serve`: web pages, HTTP API and chat channels in one process."""

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
    """打开网页。"""
    from ui.desk import open_chain, open_filled, open_inbox
    from ui.server import run

    settings = read_settings()
    with progress_bar() as report:
        library = open_filled(settings, report)
    inbox = open_inbox(settings)
    run(open_chain(settings, library, inbox), library, inbox, settings, host, port)
