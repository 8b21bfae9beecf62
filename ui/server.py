"""One web process: pages and health checks, on 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant import KepuChain
from vectorstore.library import Library

if TYPE_CHECKING:
    from fastapi import FastAPI


class Asked(BaseModel):
    """The body of `/api/ask`."""

    question: str
    session: str = ""


def make_app(chain: KepuChain, library: Library) -> FastAPI:
    """The application: `/` is the page, `/api/ask` the answer object, `/healthz` says that it lives."""
    _keep_quiet()
    import gradio as gr
    from fastapi import FastAPI, HTTPException

    from ui.faults import explain
    from ui.pages import build_page, page_options
    from vectorstore.errors import KepuError

    app = FastAPI(title="kepu", docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok"}

    @app.post("/api/ask")
    def ask(asked: Asked) -> dict[str, Any]:
        try:
            return chain.invoke(asked.model_dump()).to_dict()
        except KepuError as error:
            raise HTTPException(400, explain(error)) from error

    gr.mount_gradio_app(app, build_page(chain, library), path="/", **page_options())
    return app


def run(chain: KepuChain, library: Library, host: str, port: int) -> None:
    """Serves until stopped; prints the address once it listens."""
    import uvicorn

    sys.stderr.write(f"网页地址：http://{host}:{port}\n")
    uvicorn.run(make_app(chain, library), host=host, port=port, log_level="warning")


def _keep_quiet() -> None:
    """Gradio looks up outside hosts unless told not to before it is imported."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
