"""Records → passages: what each record puts into the indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vectorstore.records import Card, Document, Notice, Passage, Tier, Wordings


def clause_passages(notices: Iterable[Notice], wordings: Iterable[Wordings]) -> Iterator[Passage]:
    """Each clause; the title of the section above it is its context."""
    said = {w.notice: w.phrases for w in wordings}
    for notice in notices:
        titles = {c.path: c.title for c in notice.clauses}
        parents = {c.path: c.parent for c in notice.clauses}
        for clause in notice.clauses:
            yield Passage(
                id=f"clause:{notice.key}:{clause.path}",
                tier=Tier.NOTICE,
                scope=notice.key,
                locator=clause.path,
                title=clause.title,
                text=clause.text,
                context=titles.get(clause.parent, "") if parents.get(clause.parent) else "",
                asked_as=said.get(notice.key, {}).get(clause.path, ()),
            )


def card_passages(cards: Iterable[Card]) -> Iterator[Passage]:
    """Each card with everything it says."""
    for card in cards:
        steps = (part for s in card.steps for part in (s.do, s.see, s.simpler, s.differs))
        said = (card.claim, card.answer, *card.points, *steps, card.other_way, card.warning, card.more)
        yield Passage(
            id=f"card:{card.id}",
            tier=Tier.CARD,
            scope=card.topic,
            locator=card.id,
            title=card.title,
            text="\n".join(s for s in said if s),
            asked_as=card.asked_as,
        )


def chunk_passages(documents: Iterable[Document]) -> Iterator[Passage]:
    """Each chunk; the document's title is its context."""
    for document in documents:
        for chunk in document.chunks:
            yield Passage(
                id=f"chunk:{document.id}:{chunk.position}",
                tier=Tier.DOCUMENT,
                scope=document.id,
                locator=chunk.locator,
                title=chunk.heading or document.title,
                text=chunk.text,
                context=document.title,
            )
