"""Neighbours: what stands before and after a place that is cited, so that nobody reads it out of its context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vectorstore.errors import UnknownName
from vectorstore.records import Document
from vectorstore.register import DutyRegister
from vectorstore.text import squeeze


@dataclass(frozen=True, slots=True)
class Place:
    """A clause or a passage of a document: where it stands, its heading, its words."""

    locator: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A cited place in its source between its neighbours; None where the section begins or ends."""

    source: str
    title: str
    here: Place
    before: Place | None
    after: Place | None


def surroundings(
    register: DutyRegister, documents: Iterable[Document], source: str, locator: str, words: str = ""
) -> Surroundings:
    """The place that a citation names, between its neighbours: clauses of the same section, passages next to it.

    `words` are the beginning of what is quoted: several passages may stand under one heading.
    Raises UnknownName when there is no such place.
    """
    if (clause := register.clause(source, locator)) is not None:
        siblings = register.children(source, clause.parent)
        section = [Place(c.path, c.title, c.text) for c in siblings]
        return _between(source, register.notices[source].title, section, siblings.index(clause))
    wanted = squeeze(words)
    for document in (d for d in documents if source in (d.number, d.title)):
        for at, chunk in enumerate(document.chunks):
            if chunk.locator == locator and wanted in squeeze(chunk.text):
                passages = [Place(c.locator, c.heading, c.text) for c in document.chunks]
                return _between(source, document.title, passages, at)
    raise UnknownName("unknown_place", source=source, locator=locator)


def _between(source: str, title: str, places: Sequence[Place], at: int) -> Surroundings:
    before = places[at - 1] if at else None
    after = places[at + 1] if at + 1 < len(places) else None
    return Surroundings(source, title, places[at], before, after)
