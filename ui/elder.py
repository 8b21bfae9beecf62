"""The page for older people: one thing on the screen, large type, at most four choices, printed handouts."""

from __future__ import annotations

import json
from functools import lru_cache
from html import escape
from importlib import resources
from string import Template
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant import KepuChain
from prompts import choices, sentence
from ui.asking import Asked, explained, from_our_pages
from ui.handout import handout_bytes, pick_guides
from vectorstore.library import Library

_LABELS = {
    "title": "elder_title",
    "size": "elder_size",
    "normal": "elder_normal",
    "read": "elder_read",
    "speed_normal": "elder_speed_normal",
    "choices": "elder_choices",
    "ask_label": "elder_ask",
    "ask_hint": "elder_ask_hint",
    "send": "send",
    "speak_hint": "elder_speak_hint",
    "cheated": "elder_cheated",
}


@lru_cache(maxsize=1)
def elder_page() -> str:
    """The page as HTML, complete in itself."""
    files = resources.files("ui") / "web"
    template, style, script = ((files / f"elder.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    labels = {name: escape(sentence(key)) for name, key in _LABELS.items()}
    said = json.dumps(_words(), ensure_ascii=False).replace("</", "<\\/")
    return Template(template).substitute(labels, style=style, script=script, words=said)


def _words() -> dict[str, Any]:
    """What the script says: sentences by name, and the topics with their example questions."""
    names = ("welcome", "waiting", "failed", "again", "home", "others", "source", "print", "read", "stop", "cheated")
    topics = (line.split("：", 1) for line in choices("elder_topics"))
    return {
        **{name: sentence(f"elder_{name}") for name in names},
        "speeds": [sentence(f"elder_speed_{speed}") for speed in ("slow", "normal", "fast")],
        "topics": {topic: questions.split("；") for topic, questions in topics},
    }


def elder_router(chain: KepuChain, library: Library, public_url: str = "") -> APIRouter:
    """`/elder`, the questions it asks, and the handouts it prints."""
    router = APIRouter()

    @router.get("/elder")
    def page() -> HTMLResponse:
        return HTMLResponse(elder_page())

    @router.post("/elder/ask", dependencies=[from_our_pages()])
    def ask(asked: Asked) -> dict[str, Any]:
        with explained(400):
            return chain.invoke(asked.model_dump()).to_dict()

    @router.get("/elder/handout/{card}.pdf")
    def handout(card: str) -> Response:
        with explained(404):
            guides = pick_guides(library.current(), [card])
        return Response(handout_bytes(guides, public_url), media_type="application/pdf")

    return router
