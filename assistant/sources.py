"""Sources: the numbered passages that a generated text may draw on, whole and labelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Answer, Citation
from assistant.injection import without_commands
from assistant.science import source_names
from vectorstore.library import Snapshot
from vectorstore.records import Card, Clause, Duty, Hit, Tier


@dataclass(frozen=True, slots=True)
class Source:
    """A passage under its number. `text` is all it says, `duties` what the register holds of it.

    `citation` is what an answer cites when a sentence rests on it.
    """

    number: int
    text: str
    citation: Citation
    duties: tuple[Duty, ...] = ()

    @property
    def labelled(self) -> str:
        """The passage as it is handed to a model: number, title, words."""
        return f"[{self.number}] {self.citation.title} {self.citation.locator}\n{self.text}"


def sources_of(answer: Answer, near: Iterable[Hit], snapshot: Snapshot) -> tuple[Source, ...]:
    """What an answer cites, each clause, card or passage once and whole, then further passages found beside it."""
    found: dict[tuple[str, str], Source] = {}
    for citation in answer.citations:
        place = (citation.source, citation.locator)
        if place not in found:
            found[place] = _source(len(found) + 1, citation, snapshot)
    for hit in near:
        document = snapshot.documents[hit.passage.scope]
        name = document.number or document.title
        if (name, hit.passage.locator) not in found:
            quote = hit.passage.text
            citation = Citation(name, document.title, hit.passage.locator, quote, Tier.DOCUMENT.value)
            found[name, hit.passage.locator] = Source(len(found) + 1, without_commands(quote), citation)
    return tuple(found.values())


def _source(number: int, citation: Citation, snapshot: Snapshot) -> Source:
    if citation.tier == Tier.CARD.value:
        return Source(number, words_of_card(snapshot.cards[citation.locator]), citation)
    clause = snapshot.register.clause(citation.source, citation.locator)
    if citation.tier == Tier.NOTICE.value and clause is not None:
        duties = snapshot.register.of_clause(clause.notice, clause.path)
        return Source(number, clause.text, citation, tuple(duties))
    return Source(number, without_commands(citation.quote), citation)


def without_duties(source: Source, clause: Clause) -> Source:
    """A clause as a source without its duty brackets, so that no department can be read from it."""
    said = source.text
    for mark in clause.brackets:
        said = said.replace(mark.text, "")
    return Source(source.number, said.strip(), source.citation)


def words_of_card(card: Card) -> str:
    """Everything a card says, its sources included."""
    steps = (f"{step.do}。{step.see}" for step in card.steps)
    said = [card.title, card.answer, *card.points, *steps, card.warning, card.more, card.applies_to]
    return "\n".join(s for s in (*said, *source_names(card)) if s)
