"""One web process: pages, API and health checks, on 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant import KepuChain
from vectorstore.library import Library

if TYPE_CHECKING:
    from fastapi import FastAPI

TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Asked(BaseModel):
    """The body of `/api/ask`."""

    question: str
    session: str = ""


def make_app(chain: KepuChain, library: Library) -> FastAPI:
    """The application: `/` is the page, `/register` the register, `/api/…` the API, `/healthz` says that it lives."""
    _keep_quiet()
    import gradio as gr
    from fastapi import FastAPI

    from ui.pages import build_page, page_options

    app = FastAPI(title="kepu", docs_url=None, redoc_url=None)
    _add_api(app, chain, library)
    _add_register(app, library)
    gr.mount_gradio_app(app, build_page(chain, library), path="/", **page_options())
    return app


def _add_api(app: FastAPI, chain: KepuChain, library: Library) -> None:
    from fastapi import HTTPException

    from ui import exports, register
    from ui.faults import explain
    from vectorstore.errors import KepuError

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok"}

    @app.post("/api/ask")
    def ask(asked: Asked) -> dict[str, Any]:
        try:
            return chain.invoke(asked.model_dump()).to_dict()
        except KepuError as error:
            raise HTTPException(400, explain(error)) from error

    @app.get("/api/duties")
    def duties(
        department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> list[dict[str, str]]:
        try:
            return exports.rows(register.select(library.current(), department, role, clause))
        except KepuError as error:
            raise HTTPException(404, explain(error)) from error


def _add_register(app: FastAPI, library: Library) -> None:
    from fastapi import HTTPException
    from fastapi.responses import HTMLResponse, Response

    from ui import exports, register
    from ui.faults import explain
    from ui.register_page import register_page
    from vectorstore.errors import KepuError

    @app.get("/register")
    def page(department: str | None = None, role: str | None = None, clause: str | None = None) -> HTMLResponse:
        try:
            return HTMLResponse(register_page(library.current(), department, role, clause))
        except KepuError as error:
            raise HTTPException(404, explain(error)) from error

    @app.get("/register/export")
    def export(
        format: str = "xlsx", department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> Response:
        if format not in TYPES:
            raise HTTPException(400, "、".join(TYPES))
        snapshot = library.current()
        try:
            found = register.select(snapshot, department, role, clause)
        except KepuError as error:
            raise HTTPException(404, explain(error)) from error
        headers = {"Content-Disposition": f'attachment; filename="duties.{format}"'}
        return Response(exports.encode(format, found, snapshot), media_type=TYPES[format], headers=headers)


def run(chain: KepuChain, library: Library, host: str, port: int) -> None:
    """Serves until stopped; prints the address once it listens."""
    import uvicorn

    sys.stderr.write(f"网页地址：http://{host}:{port}\n")
    uvicorn.run(make_app(chain, library), host=host, port=port, log_level="warning")


def _keep_quiet() -> None:
    """Gradio looks up outside hosts unless told not to before it is imported."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
