"""Operation: liveness, readiness, figures and a log line of every request, and the headers every answer carries."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.tally import Tally
from prompts import sentence
from ui import logs
from ui.access import Access
from vectorstore.errors import KepuError
from vectorstore.library import Library
from vectorstore.state import StateStore

_LOG = logging.getLogger(__name__)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 8, 15)


class Figures:
    """What is counted of one process. Routes are named as they are declared: no address or question is a label.

    With a `tally`, what came of the chat model stands beside the requests.
    """

    def __init__(self, tally: Tally | None = None) -> None:
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
        if tally:
            self.registry.register(_Wordings(tally))

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Counts one request."""
        route = _route(scope)
        self._requests.labels(scope["method"], route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _Wordings(Collector):
    """The tally of the chat model as Prometheus figures. An outcome is `worded`, or why the composed answer stood."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        tally = self._tally
        wordings = CounterMetricFamily("kepu_wordings", "Answers given to the chat model", labels=["outcome"])
        rewritings = CounterMetricFamily("kepu_rewritings", "Questions given to the chat model", labels=["outcome"])
        for (task, outcome), times in tally.counted().items():
            (wordings if task == "wording" else rewritings).add_metric([outcome], times)
        tokens = CounterMetricFamily(
            "kepu_model_tokens", "Tokens that the model told of: none for a wording broken off", labels=["direction"]
        )
        tokens.add_metric(["input"], tally.input_tokens)
        tokens.add_metric(["output"], tally.output_tokens)
        yield from (wordings, rewritings, tokens)
        yield CounterMetricFamily("kepu_model_calls", "Requests sent to the model", tally.calls)
        yield CounterMetricFamily("kepu_model_seconds", "Seconds spent on the model", tally.seconds)
        yield CounterMetricFamily("kepu_model_cached", "Times the model had been asked the same before", tally.cached)


def _route(scope: Scope) -> str:
    """A route as it is declared; what a caller has put into the address stands in no figure and no log."""
    return getattr(scope.get("route"), "path", "") or "other"


class Observed:
    """ASGI middleware: counts and logs requests, adds the security headers. `ancestors` may show our pages in a frame.

    A request keeps the id that it came with (`X-Request-ID`), or gets one; its answer carries it.
    """

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
        given = logs.request_id(Headers(scope=scope).get("x-request-id", ""))
        logs.REQUEST.set(given)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = given
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - begun
            self._figures.count(scope, status, seconds)
            _log(scope, status, seconds)


def _log(scope: Scope, status: int, seconds: float) -> None:
    """One line a request; `user` is the alias of whoever wrote in a channel."""
    fields = {"method": scope["method"], "route": _route(scope), "status": status, "ms": round(1000 * seconds, 1)}
    user = scope.get("state", {}).get("user")
    _LOG.info("request", extra={"fields": {**fields, "user": user} if user else fields})


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
