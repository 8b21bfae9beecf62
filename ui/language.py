"""The language of the pages' own words: Chinese unless somebody chose English, remembered in a cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prompts import label

CHINESE, ENGLISH = "zh", "en"
CHATS = {CHINESE: "/", ENGLISH: "/en/"}
"""Where the chat page of each language stands."""
_COOKIE = "kepu-language"
_A_YEAR = 365 * 24 * 3600

Say = Callable[..., str]
"""Gives the page's own words by name, filled in."""


def words(language: str) -> Say:
    """The words of one language."""
    return partial(label, language)


def tag(language: str) -> str:
    """The language as HTML names it."""
    return {CHINESE: "zh-CN", ENGLISH: "en"}[language]


def other(language: str) -> str:
    """The language that can be changed to."""
    return CHINESE if language == ENGLISH else ENGLISH


def chosen(request: HTTPConnection) -> str:
    """The language asked for in the address (`?lang=en`), else the one chosen before, else Chinese."""
    said = request.query_params.get("lang") or request.cookies.get(_COOKIE)
    return ENGLISH if said == ENGLISH else CHINESE


Language = Annotated[str, Depends(chosen)]
"""The language of a page, as FastAPI hands it in."""


class Remembered:
    """ASGI middleware: keeps a language that the address asks for and leads `/` to its chat page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or leads it to the page of its language."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self._app(scope, receive, send)
        request = HTTPConnection(scope)
        language, asked = chosen(request), "lang" in request.query_params

        async def noted(message: Message) -> None:
            if asked and message["type"] == "http.response.start":
                kept = f"{_COOKIE}={language}; Path=/; Max-Age={_A_YEAR}; SameSite=Lax"
                MutableHeaders(scope=message).append("Set-Cookie", kept)
            await send(message)

        if scope["path"] in CHATS.values() and scope["path"] != CHATS[language]:
            return await RedirectResponse(_moved(scope, CHATS[language]))(scope, receive, noted)
        return await self._app(scope, receive, noted)


def _moved(scope: Scope, place: str) -> str:
    rest = urlencode([(k, v) for k, v in parse_qsl(scope["query_string"].decode()) if k != "lang"])
    return str(scope.get("root_path", "")) + place + (f"?{rest}" if rest else "")
