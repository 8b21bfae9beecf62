"""Library: one knowledge version opened for asking. Notices a newer version without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from vectorstore.errors import UnknownName
from vectorstore.indexes import Indexes
from vectorstore.knowledge import Knowledge
from vectorstore.names import DepartmentNames
from vectorstore.passages import card_passages, chunk_passages, clause_passages
from vectorstore.records import Card, Document, Hotline, Notice, Passage
from vectorstore.register import DutyRegister
from vectorstore.retriever import HybridRetriever, Vectors
from vectorstore.thesaurus import Thesaurus
from vectorstore.typed import TypedPinyin

_LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a question needs, all of one knowledge version."""

    version: int
    register: DutyRegister
    names: DepartmentNames
    cards: dict[str, Card]
    documents: dict[str, Document]
    hotlines: dict[str, Hotline]
    retriever: HybridRetriever
    typed: TypedPinyin

    def texts(self) -> list[str]:
        """Every text that a citation may quote: what notices, cards and documents say."""
        notices = (
            t for n in self.register.notices.values() for t in (n.title, n.head, n.tail, *(c.text for c in n.clauses))
        )
        return [*notices, *(p.text for p in self.retriever.passages.values())]


class Library:
    """Opens the truth of a data folder and keeps the newest version in memory.

    `model` is the embedding (None: the default), `chroma` the address of a Chroma server (None: in the folder).
    """

    def __init__(self, home: Path, url: str | None = None, model: str | None = None, chroma: str | None = None) -> None:
        self.knowledge = Knowledge(home, url)
        self._indexes = Indexes(home, model, chroma)
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._looked = 0.0

    def current(self) -> Snapshot:
        """The newest knowledge; looks for a newer version at most once a second."""
        now = time.monotonic()
        if self._snapshot is not None and now - self._looked < _LOOK_EVERY:
            return self._snapshot
        with self._lock:
            version = self.knowledge.version()
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = self._open(version)
            self._looked = now
        return self._snapshot

    def build_indexes(self, progress: Callable[[str, int, int], None]) -> None:
        """Builds what is missing for the newest version and removes what belongs to older ones."""
        progress("建立索引", 0, 2)
        version = self.knowledge.version()
        passages = self._passages(self.knowledge.notices(), self.knowledge.cards(), self.knowledge.documents())
        self._indexes.words(version, passages, Thesaurus(self.knowledge.concepts()))
        progress("建立索引", 1, 2)
        self._indexes.write_dense(passages)
        self._indexes.sweep(version, passages)
        progress("建立索引", 2, 2)

    def forget(self, name: str) -> list[str]:
        """Removes what a file, a number, a title or an id names from the truth; gives what was removed.

        Raises UnknownName when nothing has that name.
        """
        titles = {n.key: n.title for n in self.knowledge.notices()} | {
            d.id: d.title for d in self.knowledge.documents()
        }
        sources = self.knowledge.sources()
        found = [
            s
            for s in sources
            if name == s.uri
            or s.uri.endswith((f"/{name}", f"#{name}"))
            or any(name in (each, titles.get(each)) for each in s.reference.split("\n"))
        ]
        if not found:
            raise UnknownName("unknown_document", name=name)
        with self.knowledge.writing() as writer:
            for source in found:
                writer.drop_source(source.uri)
        return list(dict.fromkeys(each for s in found for each in s.reference.split("\n")))

    def _open(self, version: int) -> Snapshot:
        notices, cards, documents = self.knowledge.notices(), self.knowledge.cards(), self.knowledge.documents()
        register = DutyRegister(notices)
        passages = self._passages(notices, cards, documents)
        thesaurus = Thesaurus(self.knowledge.concepts())
        lexical, overlaps, typed = self._indexes.words(version, passages, thesaurus)
        retriever = HybridRetriever(
            passages={p.id: p for p in passages},
            lexical=lexical,
            overlaps=overlaps,
            thesaurus=thesaurus,
            dense=_once(lambda: self._indexes.dense(passages)),
        )
        return Snapshot(
            version=version,
            register=register,
            names=DepartmentNames(self.knowledge.departments(), register.departments),
            cards={c.id: c for c in cards},
            documents={d.id: d for d in documents},
            hotlines={h.number: h for h in self.knowledge.hotlines()},
            retriever=retriever,
            typed=typed,
        )

    def _passages(self, notices: list[Notice], cards: list[Card], documents: list[Document]) -> list[Passage]:
        wordings = self.knowledge.wordings()
        return [*clause_passages(notices, wordings), *card_passages(cards), *chunk_passages(documents)]


def _once(make: Callable[[], Vectors]) -> Callable[[], Vectors]:
    made: list[Vectors] = []

    def get() -> Vectors:
        if not made:
            made.append(make())
        return made[0]

    return get
