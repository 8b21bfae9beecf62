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
from prompts import sentence
from ui.asking import Asked, explained, from_our_pages
from ui.handout import handout_bytes, pick_guides
from ui.language import Language, Say, other, tag, words
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
    "delete_talk": "delete_talk",
    "to_other_language": "to_other_language",
    "app": "app_title",
}
_HELP_NUMBERS = ("110", "96110")


@lru_cache(maxsize=2)
def elder_page(language: str) -> str:
    """The page as HTML, complete in itself."""
    say = words(language)
    files = resources.files("ui") / "web"
    template, style, script = ((files / f"elder.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    labels = {name: escape(say(key)) for name, key in _LABELS.items()}
    said = json.dumps(_words(say), ensure_ascii=False).replace("</", "<\\/")
    place = {"lang": tag(language), "other": other(language)}
    return Template(template).substitute(labels, **place, style=style, script=script, words=said)


def _words(say: Say) -> dict[str, Any]:
    """What the script says: sentences by name, and the topics with their example questions."""
    names = ("welcome", "waiting", "failed", "again", "home", "others", "source", "print", "read", "stop", "cheated")
    topics = (line.split("：", 1) for line in say("elder_topics").split("\n"))
    return {
        **{name: say(f"elder_{name}") for name in (*names, "cheated_steps", "more_help")},
        "calls": {number: say("elder_call", number=number) for number in _HELP_NUMBERS},
        "help": sentence("elder_help_question"),
        "ask_delete": say("ask_delete"),
        "deleted": say("deleted"),
        "speeds": [say(f"elder_speed_{speed}") for speed in ("slow", "normal", "fast")],
        "topics": {topic: questions.split("；") for topic, questions in topics},
    }


def elder_router(chain: KepuChain, library: Library, public_url: str = "") -> APIRouter:
    """`/elder`, the questions it asks, the conversation it deletes, and the handouts it prints."""
    router = APIRouter()

    @router.get("/elder")
    def page(language: Language) -> HTMLResponse:
        return HTMLResponse(elder_page(language))

    @router.post("/elder/ask", dependencies=[from_our_pages()])
    def ask(asked: Asked) -> dict[str, Any]:
        with explained(400):
            return chain.invoke(asked.model_dump()).to_dict()

    @router.delete("/elder/session/{session}", dependencies=[from_our_pages()], status_code=204)
    def forget(session: str) -> None:
        with explained(400):
            chain.forget(session)

    @router.get("/elder/handout/{card}.pdf")
    def handout(card: str) -> Response:
        with explained(404):
            guides = pick_guides(library.current(), [card])
        return Response(handout_bytes(guides, public_url), media_type="application/pdf")

    return router
