"""Sentences a chat model may write, right and wrong ones, and how many of them the check tells apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import yaml

from assistant.answer import Citation
from assistant.sources import Source, words_of_card
from assistant.verify import Fault, Verifier, read_sentence
from vectorstore.library import Snapshot
from vectorstore.records import Tier


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with what it is, and the faults the check found in it."""

    text: str
    right: bool
    faults: tuple[Fault, ...]

    @property
    def told(self) -> bool:
        """Whether the check told it rightly: a right one passed, a wrong one caught."""
        return self.right == (not self.faults)


def judge_sentences(snapshot: Snapshot, notice: str, name: str = "sentences") -> Iterator[Judged]:
    """Every sentence of `sentences.yaml` or `unseen.yaml`, judged against its sources: clauses of `notice`, cards."""
    raw = (resources.files("evals.generated") / f"{name}.yaml").read_text(encoding="utf-8")
    for group in yaml.safe_load(raw):
        sources = [source(n, name, snapshot, notice) for n, name in enumerate(group["source"], 1)]
        verifier = Verifier(sources, snapshot.names)
        marked = len(sources) == 1 and "right" in group
        for right in (True, False):
            for said in group.get("right" if right else "wrong", ()):
                found = verifier.faults(read_sentence(f"{said}[1]" if marked else said))
                yield Judged(said, right, tuple(found))


def source(number: int, name: str, snapshot: Snapshot, notice: str) -> Source:
    """A clause by its path, or a card by its id, as a numbered source."""
    if card := snapshot.cards.get(name):
        return Source(number, words_of_card(card), Citation("", card.title, name, card.answer, Tier.CARD.value))
    clause = snapshot.register.clause(notice, name)
    if clause is None:
        raise KeyError(name)
    citation = Citation(notice, snapshot.register.notices[notice].title, name, clause.text, Tier.NOTICE.value)
    return Source(number, clause.text, citation, tuple(snapshot.register.of_clause(notice, name)))
