"""The widget: `/widget.js` puts the chat into any page, `/widget` is the chat, by itself or in that page's frame."""

from __future__ import annotations

import json
from functools import lru_cache
from html import escape
from importlib import resources
from string import Template

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from assistant import KepuChain
from prompts import choices, sentence
from ui.asking import Asked, explained, from_our_pages
from ui.streaming import events

_CACHED = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
_LABELS = {
    "title": "app_title", "close": "widget_close", "ask_label": "ask_label", "ask_hint": "widget_hint",
    "speak": "widget_speak", "send": "send",
}  # fmt: skip


def _file(name: str) -> str:
    return (resources.files("ui") / "web" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def chat_page() -> str:
    """The chat as HTML, complete in itself."""
    labels = {name: escape(sentence(key)) for name, key in _LABELS.items()}
    said = {
        "greeting": sentence("chat_welcome"), "examples": choices("chat_examples"), "source": sentence("elder_source"),
        "waiting": sentence("chat_wait"), "failed": sentence("chat_busy"),
        "plan": sentence("origin_plan"),
    }  # fmt: skip
    words = json.dumps(said, ensure_ascii=False).replace("</", "<\\/")
    return Template(_file("widget-chat.html")).substitute(
        labels, style=_file("widget-chat.css"), script=_file("widget-chat.js"), words=words
    )


def widget_router(chain: KepuChain) -> APIRouter:
    """`/widget.js`, `/widget`, and what the chat asks."""
    router = APIRouter()

    @router.get("/widget.js")
    def script() -> Response:
        return Response(_file("widget.js"), media_type="text/javascript", headers=_CACHED)

    @router.get("/widget")
    def page() -> HTMLResponse:
        return HTMLResponse(chat_page())

    @router.post("/widget/ask", dependencies=[from_our_pages()])
    def ask(asked: Asked) -> Response:
        with explained(400):
            return StreamingResponse(events(chain, asked.model_dump()), media_type="text/event-stream")

    return router
