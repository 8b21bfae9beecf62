"""One web process: pages, API and health checks, on 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from assistant import KepuChain
from prompts import sentence
from ui.asking import Asked, explained
from ui.desk import data_folder, open_sessions
from ui.language import CHATS, CHINESE, ENGLISH
from ui.settings import Settings, listed
from vectorstore.inbox import Inbox
from vectorstore.library import Library
from vectorstore.state import StateStore

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from ui.access import Access
    from ui.channels.opening import Channels
    from ui.operation import Figures

GRACE = 10
"""Seconds that answers under way have when the service is stopped; pages hold connections open for ever."""


def make_app(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings) -> FastAPI:
    """The whole application: the service, and the first page at `/`."""
    _keep_quiet()
    import gradio as gr

    from ui.pages import build_page, page_options

    app = make_service(chain, library, inbox, settings)
    for language in (ENGLISH, CHINESE):
        page = build_page(chain, inbox, language)
        gr.mount_gradio_app(
            app, page, path=CHATS[language].rstrip("/") or "/", **page_options(language, settings.public_url or "")
        )
    return app


def make_service(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings) -> FastAPI:
    """Everything but the first page: `/api/…`, `/v1/…` and the channels, `/elder`, `/register`, `/admin`."""
    from fastapi import FastAPI

    from ui.access import Access
    from ui.admin import admin_router
    from ui.channels.domain_proof import domain_proof_router
    from ui.channels.mcp import mcp_router
    from ui.channels.openai_api import add_openai_errors, openai_router
    from ui.channels.opening import open_channels
    from ui.channels.widget import widget_router
    from ui.elder import elder_router
    from ui.operation import Figures, operation_router
    from ui.register_page import register_router

    store, figures = open_sessions(settings), Figures(chain.tally)
    access = Access(listed(settings.api_keys.get_secret_value()) if settings.api_keys else [])
    channels = open_channels(chain, store, settings)
    living = partial(_living, chain, store, channels)
    app = FastAPI(title="kepu", docs_url=None, redoc_url=None, openapi_url=None, lifespan=living)
    _add_middleware(app, access, figures, settings)
    add_openai_errors(app)
    app.add_exception_handler(ClientDisconnect, _hung_up)
    app.include_router(operation_router(library, store, figures, access))
    app.include_router(_api_router(chain, library, access))
    app.include_router(openai_router(chain, store, access))
    app.include_router(widget_router(chain))
    app.include_router(domain_proof_router(data_folder(settings)))
    app.include_router(register_router(library))
    for router in channels.routers:
        app.include_router(router)
    tools = mcp_router(chain, library, settings.public_url or "")
    app.include_router(tools, dependencies=[Depends(access.admit)])
    app.include_router(elder_router(chain, library, settings.public_url or ""))
    if settings.admin_password:
        app.include_router(admin_router(library, inbox, settings.admin_password.get_secret_value()))
    return app


async def _hung_up(_request: Request, _error: Exception) -> Response:
    """A caller who has gone before the question was whole: no fault of ours, and nobody reads this."""
    return Response(status_code=400)


@asynccontextmanager
async def _living(chain: KepuChain, store: StateStore, channels: Channels, _app: FastAPI) -> AsyncIterator[None]:
    """Loads what the first question needs before it comes, and finishes at the end what was begun."""
    await asyncio.to_thread(store.sweep)
    await asyncio.to_thread(chain.rehearse, sentence("warm_up"))
    yield
    await channels.finish()


def _add_middleware(app: FastAPI, access: Access, figures: Figures, settings: Settings) -> None:
    """The last one added is the first to see a request."""
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.gzip import GZipMiddleware

    from ui.language import Remembered
    from ui.limits import AskingLimit, BodyLimit
    from ui.operation import Observed

    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(BodyLimit)
    app.add_middleware(Remembered)
    app.add_middleware(AskingLimit, access=access)
    if origins := listed(settings.cors_origins):
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"])
    app.add_middleware(Observed, figures=figures, ancestors=listed(settings.frame_ancestors))


def _api_router(chain: KepuChain, library: Library, access: Access) -> APIRouter:
    from fastapi import APIRouter
    from fastapi.responses import JSONResponse, StreamingResponse

    from ui import exports, register
    from ui.streaming import events

    router = APIRouter(prefix="/api", dependencies=[Depends(access.admit)])

    @router.post("/ask", response_model=None)
    def ask(asked: Asked, accept: Annotated[str, Header()] = "") -> Response:
        with explained(400):
            if "text/event-stream" in accept:
                return StreamingResponse(events(chain, asked.model_dump()), media_type="text/event-stream")
            return JSONResponse(chain.invoke(asked.model_dump()).to_dict())

    @router.delete("/sessions/{session}", status_code=204)
    def forget(session: str) -> None:
        with explained(400):
            chain.forget(session)

    @router.get("/duties")
    def duties(
        department: str | None = None, role: str | None = None, clause: str | None = None
    ) -> list[dict[str, str]]:
        with explained(404):
            return exports.rows(register.select(library.current(), department, role, clause))

    return router


def run(chain: KepuChain, library: Library, inbox: Inbox, settings: Settings, host: str, port: int) -> None:
    """Serves until stopped, then finishes what has begun; prints the address once it listens."""
    import uvicorn

    from ui import logs

    logs.set_up()
    sys.stderr.write(f"网页地址：http://{host}:{port}\n")
    trusted = ",".join(listed(settings.trusted_proxies))
    uvicorn.run(
        make_app(chain, library, inbox, settings), host=host, port=port, log_config=None, access_log=False,
        proxy_headers=bool(trusted), forwarded_allow_ips=trusted, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip


def _keep_quiet() -> None:
    """Gradio looks up outside hosts unless told not to before it is imported."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
