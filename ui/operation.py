"""Operation: liveness, readiness, Prometheus figures, and the headers every answer carries."""

from __future__ import annotations

import time

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prompts import sentence
from ui.access import Access
from vectorstore.errors import KepuError
from vectorstore.library import Library
from vectorstore.state import StateStore

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 8, 15)


class Figures:
    """What is counted of one process. Routes are named as they are declared: no address or question is a label."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self._requests = Counter("kepu_requests", "Requests answered", names, registry=self.registry)
        self._seconds = Histogram(
            "kepu_request_seconds",
            "Seconds to the end of an answer",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Counts one request."""
        route = getattr(scope.get("route"), "path", "") or "other"
        self._requests.labels(scope["method"], route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Observed:
    """ASGI middleware: counts requests and adds the security headers. `ancestors` may show our pages in a frame."""

    def __init__(self, app: ASGIApp, figures: Figures, ancestors: list[str]) -> None:
        self._app = app
        self._figures = figures
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Content-Security-Policy": " ".join(["frame-ancestors 'self'", *ancestors]),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._figures.count(scope, status, time.perf_counter() - begun)


def operation_router(library: Library, store: StateStore, figures: Figures, access: Access) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> dict[str, str | int]:
        try:
            store.settled("ready")
            version = library.current().version
        except KepuError as error:
            raise HTTPException(503, sentence("not_ready")) from error
        if version == 0:
            raise HTTPException(503, sentence("not_ready"))
        return {"status": "ready", "knowledge": version}

    @router.get("/metrics", dependencies=[Depends(access.admit)])
    def metrics() -> Response:
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)

    return router
