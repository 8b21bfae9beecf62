"""A cited place between its neighbours, as a page with an address that can be shared."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from assistant.answer import Citation
from prompts import sentence
from ui.register_page import whole_page
from vectorstore.library import Snapshot
from vectorstore.neighbours import Place, Surroundings, surroundings
from vectorstore.records import Tier

_BEGINNING = 24
"""So many characters of a quotation tell which of several passages under one heading is meant."""


def find(snapshot: Snapshot, source: str, locator: str, words: str = "") -> Surroundings:
    """The place between its neighbours. Raises UnknownName when there is none."""
    return surroundings(snapshot.register, snapshot.documents.values(), source, locator, words)


def source_link(citation: Citation) -> str:
    """The address of a citation's page; "" for a card, which stands alone."""
    if citation.tier == Tier.CARD.value:
        return ""
    place = {"source": citation.source, "locator": citation.locator, "words": citation.quote[:_BEGINNING]}
    return f"/source?{urlencode(place)}"


def source_page(found: Surroundings) -> str:
    """The page: source, the place cited, and smaller what stands before and after it."""
    body = [
        f'<p class="kepu-tools"><a class="kepu-button" href="/">{sentence("back_to_chat")}</a></p>',
        f"<h1>{escape(found.source)} {escape(found.here.locator)}</h1>",
        f"<p>{escape(found.title)}</p>" if found.title != found.source else "",
        _neighbour(found.before, sentence("source_before")),
        f"<blockquote><p>{escape(found.here.text)}</p></blockquote>",
        _neighbour(found.after, sentence("source_after")),
    ]
    return whole_page(f"{found.source} {found.here.locator}", "".join(body))


def _neighbour(place: Place | None, name: str) -> str:
    if place is None:
        return ""
    head = f"{name}：{place.locator}"
    return f"<details><summary>{escape(head)}</summary><p>{escape(place.text)}</p></details>"
