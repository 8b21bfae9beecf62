"""One web process: pages, API and health checks, on 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header

from assistant import KepuChain
from ui.asking import Asked, explained
from ui.desk import open_sessions
from ui.settings import Settings, listed
from vectorstore.errors import InputError
from vectorstore.inbox import Inbox
from vectorstore.library import Library

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from ui.access import Access
    from ui.operation import Figures
    from vectorstore.state import StateStore


def make_app(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings) -> FastAPI:
    """The application: `/` and `/elder` are the pages, `/register` the register, `/api/…` the API, and the channels."""
    _keep_quiet()
    import gradio as gr
    from fastapi import FastAPI

    from ui.access import Access
    from ui.admin import admin_router
    from ui.channels.mcp import mcp_router
    from ui.elder import elder_router
    from ui.operation import Figures, operation_router
    from ui.pages import build_page, page_options

    figures, sessions = Figures(), open_sessions(settings)
    access = Access(listed(settings.api_keys.get_secret_value()) if settings.api_keys else [])
    app = FastAPI(title="kepu", docs_url=None, redoc_url=None, openapi_url=None)
    _add_middleware(app, access, figures, settings)
    app.include_router(operation_router(library, sessions, figures, access))
    app.include_router(_api_router(chain, library, access))
    _add_channels(app, chain, sessions, access, settings)
    _add_register(app, library)
    app.include_router(elder_router(chain, library, settings.public_url or ""))
    tools = mcp_router(chain, library, settings.public_url or "")
    app.include_router(tools, dependencies=[Depends(access.admit)])
    if settings.admin_password:
        app.include_router(admin_router(library, inbox, settings.admin_password.get_secret_value()))
    gr.mount_gradio_app(app, build_page(chain, library, inbox), path="/", **page_options())
    return app


def _add_middleware(app: FastAPI, access: Access, figures: Figures, settings: Settings) -> None:
    """The last one added is the first to see a request."""
    from starlette.middleware.cors import CORSMiddleware

    from ui.limits import AskingLimit, BodyLimit
    from ui.operation import Observed

    app.add_middleware(BodyLimit)
    app.add_middleware(AskingLimit, access=access)
    if origins := listed(settings.cors_origins):
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])
    app.add_middleware(Observed, figures=figures, ancestors=listed(settings.frame_ancestors))


def _api_router(chain: KepuChain, library: Library, access: Access) -> APIRouter:
    from fastapi import APIRouter
    from fastapi.responses import JSONResponse, Response, StreamingResponse

    from ui import exports, register, source_page
    from ui.streaming import events

    router = APIRouter(prefix="/api", dependencies=[Depends(access.admit)])

    @router.post("/ask", response_model=None)
    def ask(asked: Asked, accept: Annotated[str, Header()] = "") -> Response:
        with explained(400):
            if "text/event-stream" in accept:
                return StreamingResponse(events(chain, asked.model_dump()), media_type="text/event-stream")
            return JSONResponse(chain.invoke(asked.model_dump()).to_dict())

    @router.get("/duties")
    def duties(
        department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> list[dict[str, str]]:
        with explained(404):
            return exports.rows(register.select(library.current(), department, role, clause))

    @router.get("/source")
    def cited(source: str, locator: str, words: str = "") -> dict[str, Any]:
        with explained(404):
            return asdict(source_page.find(library.current(), source, locator, words))

    return router


def _add_channels(app: FastAPI, chain: KepuChain, sessions: StateStore, access: Access, settings: Settings) -> None:
    """The chat channels that the settings turn on. Raises InputError `bad_setting` for a key that is none."""
    from ui.channels.openai import openai_router
    from ui.channels.wechat import Account, wechat_router
    from ui.desk import open_deliveries

    app.include_router(openai_router(chain, sessions, access))
    if settings.wechat_token is None:
        return
    secrets = (settings.wechat_token, settings.wechat_aes_key, settings.wechat_aes_key_old)
    token, key, old = (s.get_secret_value() if s else "" for s in secrets)
    account = Account(token, settings.wechat_appid, key, old)
    try:
        app.include_router(wechat_router(chain, sessions, open_deliveries(settings), account))
    except ValueError as error:
        raise InputError("bad_setting", reason="KEPU_WECHAT_AES_KEY") from error


def _add_register(app: FastAPI, library: Library) -> None:
    from fastapi import HTTPException
    from fastapi.responses import HTMLResponse, Response

    from ui import exports, register, source_page
    from ui.register_page import register_page

    @app.get("/register")
    def page(department: str | None = None, role: str | None = None, clause: str | None = None) -> HTMLResponse:
        with explained(404):
            return HTMLResponse(register_page(library.current(), department, role, clause))

    @app.get("/source")
    def cited(source: str, locator: str, words: str = "") -> HTMLResponse:
        with explained(404):
            return HTMLResponse(source_page.source_page(source_page.find(library.current(), source, locator, words)))

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
    trusted = ",".join(listed(settings.trusted_proxies))
    uvicorn.run(
        make_app(chain, library, inbox, settings), host=host, port=port, log_level="warning",
        proxy_headers=bool(trusted), forwarded_allow_ips=trusted,
    )  # fmt: skip


def _keep_quiet() -> None:
    """Gradio looks up outside hosts unless told not to before it is imported."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
