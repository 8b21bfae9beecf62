"""One web process: pages, API and health checks, on 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from assistant import KepuChain
from ui.asking import Asked, explained
from ui.settings import Settings
from vectorstore.inbox import Inbox
from vectorstore.library import Library

if TYPE_CHECKING:
    from fastapi import FastAPI


def make_app(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings) -> FastAPI:
    """The application: `/` and `/elder` are the pages, `/register` the register, `/api/…` the API."""
    _keep_quiet()
    import gradio as gr
    from fastapi import FastAPI

    from ui.admin import admin_router
    from ui.channels.mcp import mcp_router
    from ui.elder import elder_router
    from ui.pages import build_page, page_options

    app = FastAPI(title="kepu", docs_url=None, redoc_url=None)
    _add_api(app, chain, library)
    _add_register(app, library)
    app.include_router(elder_router(chain, library, settings.public_url or ""))
    app.include_router(mcp_router(chain, library, settings.public_url or ""))
    if settings.admin_password:
        app.include_router(admin_router(library, inbox, settings.admin_password.get_secret_value()))
    gr.mount_gradio_app(app, build_page(chain, library, inbox), path="/", **page_options())
    return app


def _add_api(app: FastAPI, chain: KepuChain, library: Library) -> None:
    from ui import exports, register

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok"}

    @app.post("/api/ask")
    def ask(asked: Asked) -> dict[str, Any]:
        with explained(400):
            return chain.invoke(asked.model_dump()).to_dict()

    @app.get("/api/duties")
    def duties(
        department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> list[dict[str, str]]:
        with explained(404):
            return exports.rows(register.select(library.current(), department, role, clause))


def _add_register(app: FastAPI, library: Library) -> None:
    from fastapi import HTTPException
    from fastapi.responses import HTMLResponse, Response

    from ui import exports, register
    from ui.register_page import register_page

    @app.get("/register")
    def page(department: str | None = None, role: str | None = None, clause: str | None = None) -> HTMLResponse:
        with explained(404):
            return HTMLResponse(register_page(library.current(), department, role, clause))

    @app.get("/register/export")
    def export(
        format: str = "xlsx", department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> Response:
        if format not in exports.TYPES:
            raise HTTPException(400, "、".join(exports.TYPES))
        snapshot = library.current()
        with explained(404):
            found = register.select(snapshot, department, role, clause)
        headers = {"Content-Disposition": f'attachment; filename="duties.{format}"'}
        return Response(exports.encode(format, found, snapshot), media_type=exports.TYPES[format], headers=headers)


def run(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings, host: str, port: int) -> None:
    """Serves until stopped; prints the address once it listens."""
    import uvicorn

    sys.stderr.write(f"网页地址：http://{host}:{port}\n")
    uvicorn.run(make_app(chain, library, inbox, settings), host=host, port=port, log_level="warning")


def _keep_quiet() -> None:
    """Gradio looks up outside hosts unless told not to before it is imported."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
