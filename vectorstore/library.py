"""Library: one knowledge version opened for asking. Notices a newer version without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from vectorstore.dense import DenseIndex
from vectorstore.indexes import Indexes
from vectorstore.knowledge import Knowledge
from vectorstore.names import DepartmentNames
from vectorstore.records import Notice, Passage, Tier
from vectorstore.register import DutyRegister
from vectorstore.retriever import HybridRetriever
from vectorstore.thesaurus import Thesaurus

_LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a question needs, all of one knowledge version."""

    version: int
    register: DutyRegister
    names: DepartmentNames
    retriever: HybridRetriever


class Library:
    """Opens the truth of a data folder and keeps the newest version in memory.

    `model` is the embedding (None: the default), `off` the retrieval signals left out.
    """

    def __init__(
        self, home: Path, url: str | None = None, model: str | None = None, off: frozenset[str] = frozenset()
    ) -> None:
        self.knowledge = Knowledge(home, url)
        self._indexes = Indexes(home, model)
        self._off = off
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
        passages = list(passages_of(self.knowledge.notices()))
        self._indexes.lexical(version, passages)
        progress("建立索引", 1, 2)
        self._indexes.dense(version, passages)
        self._indexes.sweep(version)
        progress("建立索引", 2, 2)

    def _open(self, version: int) -> Snapshot:
        notices = self.knowledge.notices()
        register = DutyRegister(notices)
        passages = list(passages_of(notices))
        retriever = HybridRetriever(
            passages={p.id: p for p in passages},
            lexical=self._indexes.lexical(version, passages),
            thesaurus=Thesaurus(self.knowledge.concepts()),
            dense=_once(lambda: self._indexes.dense(version, passages)),
            off=self._off,
        )
        names = DepartmentNames(self.knowledge.departments(), register.departments)
        return Snapshot(version, register, names, retriever)


def passages_of(notices: list[Notice]) -> Iterator[Passage]:
    """Each clause as a passage; the titles above it are its context."""
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
            )


def _once(make: Callable[[], DenseIndex]) -> Callable[[], DenseIndex]:
    made: list[DenseIndex] = []

    def get() -> DenseIndex:
        if not made:
            made.append(make())
        return made[0]

    return get
