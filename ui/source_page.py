"""A source in its own words with what stands beside it: a clause, a card, a piece of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import urlencode

from assistant.compose import ROLE_NAMES
from assistant.science import source_names
from ui.language import Say
from ui.pictures import clause_link, department_link
from vectorstore.errors import UnknownName
from vectorstore.library import Snapshot
from vectorstore.records import Card, Chunk, Clause, Document, Role, Tier

BEGINNING = 24
"""So many characters of a quotation tell which of several pieces on the same page is meant."""


def source_link(tier: str, source: str, locator: str, begins: str = "") -> str:
    """The address of a source as a citation names it; `begins` tells apart pieces of a document on the same page."""
    place = {"tier": tier, "source": source, "locator": locator}
    return "/source?" + urlencode(place | {"begins": begins} if begins else place)


def source_html(
    snapshot: Snapshot, tier: str, source: str, locator: str, say: Say, begins: str = ""
) -> tuple[str, str]:
    """Title and body of a source. Raises UnknownName for one that is not known."""
    if tier == Tier.CARD and locator in snapshot.cards:
        card = snapshot.cards[locator]
        return card.title, _card(card, say)
    if tier == Tier.NOTICE and source in snapshot.register.notices:
        clause = snapshot.register.clause(source, locator)
        if clause is not None:
            page = f'<p><a href="{clause_link(clause.path)}">{say("source_page_of")}</a></p>'
            return f"{clause.path} {clause.title}", clause_html(snapshot, clause, say, _to_source) + page
        notice = snapshot.register.notices[source]
        return notice.title, _quoted(notice.head or notice.title, source)
    for document in snapshot.documents.values():
        if tier == Tier.DOCUMENT and source in (document.number, document.title):
            return document.title, _chunk(document, source, locator, say, begins)
    raise UnknownName("unknown_document", name=source or locator)


def clause_html(snapshot: Snapshot, clause: Clause, say: Say, to: Callable[[Clause], str]) -> str:
    """A clause in its own words, what it is part of, who does it, and its neighbours in the same section.

    `to` gives the address that a neighbour is opened by.
    """
    register = snapshot.register
    above = register.clause(clause.notice, clause.parent)
    siblings = register.children(clause.notice, clause.parent)
    at = siblings.index(clause)
    near = [
        (say("source_above"), above),
        (say("source_before"), siblings[at - 1] if at else None),
        (say("source_after"), siblings[at + 1] if at + 1 < len(siblings) else None),
    ]
    links = "".join(
        f'<li>{name}：<a href="{escape(to(c))}">{escape(c.path)} {escape(c.title)}</a></li>' for name, c in near if c
    )
    return (
        f"{_quoted(clause.text, f'{clause.notice} {clause.path}')}{_who(snapshot, clause)}"
        f'<ul class="kepu-near">{links}</ul>'
    )


def to_register(clause: Clause) -> str:
    """A neighbour's page in the register."""
    return clause_link(clause.path)


def _to_source(clause: Clause) -> str:
    return source_link(Tier.NOTICE.value, clause.notice, clause.path)


def _who(snapshot: Snapshot, clause: Clause) -> str:
    said = []
    for role in Role:
        names = [d.department for d in snapshot.register.of_clause(clause.notice, clause.path, role)]
        links = "、".join(f'<a href="{department_link(n)}">{escape(n)}</a>' for n in names)
        said += [f"<p><b>{ROLE_NAMES[role]}</b>：{links}</p>"] if names else []
    return "".join(said)


def _card(card: Card, say: Say) -> str:
    steps = "".join(f"<li>{escape(s.do)}{f'<br>{escape(s.see)}' if s.see else ''}</li>" for s in card.steps)
    walk = f"<p>{say('source_steps')}</p><ol>{steps}</ol>" if steps else ""
    points = "".join(f"<li>{escape(p)}</li>" for p in card.points)
    rest = "".join(f"<p>{escape(said)}</p>" for said in (card.warning, card.more, card.applies_to) if said)
    checked = f"<p>{say('source_checked')}：{escape(card.checked)}</p>" if card.checked else ""
    sources = "".join(f"<li>{escape(name)}</li>" for name in source_names(card))
    return (
        f"{_quoted(card.answer, '')}{f'<ul>{points}</ul>' if points else ''}"
        f"{walk}{rest}"
        f"<p>{say('sources')}</p><ul>{sources}</ul>{checked}"
    )


def _chunk(document: Document, source: str, locator: str, say: Say, begins: str) -> str:
    """A piece of a document; the whole document from its beginning when the piece is not named."""
    chunks = document.chunks
    here = [n for n, c in enumerate(chunks) if c.locator == locator]
    at = next((n for n in here if begins in chunks[n].text), here[0] if here else 0)
    near = [(say("source_before"), at - 1), (say("source_after"), at + 1)]
    links = "".join(
        f'<li>{name}：<a href="{escape(_to_chunk(source, chunks[n]))}">'
        f"{escape(chunks[n].heading or chunks[n].locator)}</a></li>"
        for name, n in near
        if 0 <= n < len(chunks)
    )
    chunk = chunks[at]
    return _quoted(chunk.text, f"{source} {chunk.locator}") + f'<ul class="kepu-near">{links}</ul>'


def _to_chunk(source: str, chunk: Chunk) -> str:
    return source_link(Tier.DOCUMENT.value, source, chunk.locator, chunk.text[:BEGINNING])


def _quoted(said: str, source: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in _lines(said))
    footer = f"<footer>{escape(source)}</footer>" if source.strip() else ""
    return f"<blockquote>{paragraphs}{footer}</blockquote>"


def _lines(said: str) -> Iterable[str]:
    return (escape(line) for line in said.split("\n") if line.strip())
