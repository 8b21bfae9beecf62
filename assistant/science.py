"""Popular science: a card shown as it was written: what to do first, the points, the warning, the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer import Answer, Citation, Kind, Line
from prompts import sentence
from vectorstore.library import Snapshot
from vectorstore.records import Card, Tier

BRIEF = 300
"""Most characters before 更多."""

URGENT = ("120", "119", "110", "96110")
_URGENT_KINDS = {"emergency", "scam"}
_MOST_RELATED = 2


def answer_card(card: Card, snapshot: Snapshot, first: str = "") -> Answer:
    """A card in short: `first` is said before everything else; what does not fit comes with 更多."""
    opening = [first] if first else []
    opening.append(_with_number(card))
    tail = [card.warning, source_line(card)]
    room = BRIEF - sum(map(len, (*opening, *tail)))
    points = list(_fitting(card.points, room))
    lines = [Line("", said) for said in (*opening, *points, *tail) if said]
    more = (sentence("more"),) if card.more or len(points) < len(card.points) else ()
    return Answer(
        Kind.SCIENCE, tuple(lines), citations=(cite_card(card),),
        suggestions=(*more, *_related(card, snapshot)), card=card.id, label=label_of(card),
    )  # fmt: skip


def answer_more(card: Card, snapshot: Snapshot) -> Answer:
    """The rest of a card: all points and the background."""
    said = [
        *card.points,
        card.more,
        card.applies_to and sentence("applies_to", what=card.applies_to),
        source_line(card),
    ]
    lines = tuple(Line("", s.strip()) for s in said if s)
    return Answer(
        Kind.SCIENCE, lines, citations=(cite_card(card),), suggestions=_related(card, snapshot),
        card=card.id, label=label_of(card),
    )  # fmt: skip


def label_of(card: Card) -> str:
    """What a channel may say of a card: approved by a named person, or only compared with its sources."""
    return sentence("label_reviewed" if card.reviewed_by else "label_card")


def source_line(card: Card) -> str:
    """The sources with their years."""
    return sentence("card_source", sources="；".join(dict.fromkeys(source_names(card))))


def source_names(card: Card) -> Iterator[str]:
    """Each source as it is named: authority, document, year."""
    for source in card.sources:
        year = f"，{source.year}年" if source.year and str(source.year) not in source.document else ""
        yield f"{source.authority}{source.document}{year}"


def cite_card(card: Card) -> Citation:
    """The card as a citation: its sources, and its answer as the words quoted."""
    return Citation("；".join(source_names(card)), card.title, card.id, card.answer, Tier.CARD.value)


def _with_number(card: Card) -> str:
    """The answer; of an emergency or a fraud with the number to call in the first line."""
    if card.kind not in _URGENT_KINDS or any(n in card.answer for n in URGENT):
        return card.answer
    numbers = [n for n in re.findall(r"(?<!\d)(?:120|119|110|96110)(?!\d)", card.warning + "".join(card.points))]
    called = "、".join(dict.fromkeys(numbers))
    return card.answer + (sentence("urgent_call", numbers=called) if called else "")


def _fitting(points: tuple[str, ...], room: int) -> Iterator[str]:
    for n, point in enumerate(points, 1):
        said = f"{n}. {point}"
        room -= len(said)
        if room < 0:
            return
        yield said


def _related(card: Card, snapshot: Snapshot) -> tuple[str, ...]:
    found = [snapshot.cards[r].title for r in card.related if r in snapshot.cards]
    return tuple(found[:_MOST_RELATED])
