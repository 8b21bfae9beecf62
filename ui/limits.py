"""Limits: how many questions a minute, and how long a body may be. The machine itself is not limited in number."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prompts import sentence
from ui.access import Access, is_direct

PER_ADDRESS, PER_KEY = 120, 1200
"""Questions a minute from one address (an office often shares one), and from one holder of a key."""
_CHATS = ("/gradio_api/", "/en/gradio_api/")
_JOINS = tuple(f"{chat}queue/join" for chat in _CHATS)
_ASKING = ("/api/ask", "/v1/chat/completions", "/mcp", "/elder/ask", "/widget/ask", *_JOINS)
LARGEST = 1 << 20
"""Bytes of a body; a whole conversation in the OpenAI form is far less."""
_LARGEST_BELOW = {"/wechat": 1 << 16, "/wecom": 1 << 16, **dict.fromkeys(_CHATS, 1 << 24)}
"""A callback's message is short; the page sends its whole chat each time."""
_UPLOADS = "/admin"
"""Where files are uploaded, with a limit of their own."""


class Quota:
    """How often each caller may still ask within a minute."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, caller: str, per_minute: int) -> int:
        """Counts one question; 0 when it is within the limit, else the seconds to wait."""
        item = RateLimitItemPerMinute(per_minute)
        if self._limiter.hit(item, caller):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(item, caller).reset_time - time.time()))


class AskingLimit:
    """ASGI middleware: 429 with Retry-After for a caller that asks too often."""

    def __init__(self, app: ASGIApp, access: Access, per_address: int = PER_ADDRESS, per_key: int = PER_KEY) -> None:
        self._app = app
        self._access = access
        self._per_address = per_address
        self._per_key = per_key
        self._quota = Quota()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or says how long to wait."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in _ASKING:
            wait = self._wait(HTTPConnection(scope))
            if wait:
                refusal = JSONResponse({"detail": sentence("too_often", seconds=wait)}, 429, {"Retry-After": str(wait)})
                return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)

    def _wait(self, request: HTTPConnection) -> int:
        if is_direct(request):
            return 0
        if caller := self._access.caller(request):
            return self._quota.wait(caller, self._per_key)
        return self._quota.wait(request.client.host if request.client else "", self._per_address)


class BodyLimit:
    """ASGI middleware: 413 for a body that is too long, at once where its length is told, else while it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on with a body that is counted."""
        if scope["type"] != "http" or scope["path"].startswith(_UPLOADS):
            return await self._app(scope, receive, send)
        most = next((n for path, n in _LARGEST_BELOW.items() if scope["path"].startswith(path)), LARGEST)
        told = HTTPConnection(scope).headers.get("content-length", "0")
        if not told.isdigit() or int(told) > most:
            return await JSONResponse({"detail": sentence("body_too_large")}, 413)(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, sentence("body_too_large"))
            return message

        return await self._app(scope, counted, send)
