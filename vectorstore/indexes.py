"""Which index belongs to which knowledge version, and how a missing or broken one is made again."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from vectorstore import embeddings
from vectorstore.database import guarded
from vectorstore.dense import DenseIndex, TieredIndex, content
from vectorstore.errors import KepuError
from vectorstore.lexical import LexicalIndex
from vectorstore.overlap import OverlapIndex
from vectorstore.records import Passage, Tier
from vectorstore.retriever import Vectors
from vectorstore.served import ServedDenseIndex
from vectorstore.shelves import Shelves
from vectorstore.thesaurus import Thesaurus
from vectorstore.typed import TypedPinyin

log = logging.getLogger(__name__)

Words = tuple[LexicalIndex, Shelves[OverlapIndex], TypedPinyin]
"""What is made of words, in one folder and built together: an index of everything, one of each shelf, typed pinyin."""


class Indexes:
    """The derived indexes of one data folder. They are rebuilt from the truth whenever they do not fit it.

    With `chroma`, the address of a Chroma server, the vectors are there instead of in the folder.
    """

    def __init__(self, home: Path, model: str | None = None, chroma: str | None = None) -> None:
        self._folder = home / "indexes"
        self._chroma = chroma
        self._served = home / "chroma.json"
        self._model = model
        self._lock = FileLock(home / "indexes.lock", timeout=120)

    def words(self, version: int, passages: Sequence[Passage], thesaurus: Thesaurus) -> Words:
        """The indexes over words of a knowledge version, built now when missing or broken."""
        folder = self._folder / f"words-{version}"
        try:
            return self._open_words(folder)
        except ValueError as error:
            log.info("word indexes of version %s are built: %s", version, error)
        with guarded(folder), self._lock:
            try:
                return self._open_words(folder)  # another process has built it while this one waited
            except ValueError:
                self._build_words(folder, passages, thesaurus)
        return self._open_words(folder)

    def _open_words(self, folder: Path) -> Words:
        overlaps = Shelves(folder / "overlap", OverlapIndex)
        return LexicalIndex(folder / "lexical"), overlaps, TypedPinyin(folder)

    def _build_words(self, folder: Path, passages: Sequence[Passage], thesaurus: Thesaurus) -> None:
        """Builds both beside their place; they appear there complete or not at all."""
        beside = folder.with_name(folder.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        for kind in ("lexical", "overlap"):
            (beside / kind).mkdir(parents=True)
        LexicalIndex.build(beside / "lexical", passages)
        OverlapIndex.build(beside / "overlap", passages, thesaurus)
        TypedPinyin.build(beside, passages)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)

    def write_dense(self, passages: Sequence[Passage]) -> None:
        """Makes the dense index ready before it is asked. Raises StoreError `chroma_down`."""
        index = self.dense(passages)
        if isinstance(index, ServedDenseIndex):
            index.write()
            index.sweep(self._served)

    def dense(self, passages: Sequence[Passage]) -> Vectors:
        """The dense index of passages with the model, built now where missing, broken or oversized."""
        if self._chroma:
            return ServedDenseIndex(self._chroma, self._model, passages)
        with guarded(self._folder), self._lock:
            return TieredIndex({tier: self._part(name, held) for tier, (name, held) in _parts(passages).items()})

    def _part(self, name: str, held: Sequence[Passage]) -> DenseIndex:
        folder = self._folder / f"{name}-{_safe(embeddings.fingerprint(self._model))}"
        return self._open_dense(folder) or self._new_dense(folder, held)

    def _open_dense(self, folder: Path) -> DenseIndex | None:
        """The index when it is there, of a plausible size, and answers."""
        try:
            if DenseIndex.sound(folder) and (index := DenseIndex(folder, self._model)).probe():
                return index
        except (ValueError, OSError, KepuError) as error:
            log.info("%s is rebuilt: %s", folder.name, error)
        return None

    def _new_dense(self, folder: Path, passages: Sequence[Passage]) -> DenseIndex:
        from chromadb.errors import ChromaError

        earlier = self._earlier(folder, passages)
        try:
            DenseIndex.build(folder, passages, self._model, earlier)
        except (ChromaError, ValueError, OSError, KepuError) as error:
            if earlier is None:
                raise
            log.info("%s is not taken further: %s", earlier.name, error)
            DenseIndex.build(folder, passages, self._model)
        return DenseIndex(folder, self._model)

    def _earlier(self, folder: Path, passages: Sequence[Passage]) -> Path | None:
        """The index of the same tier and model that holds the most of `passages`, and nothing besides."""
        _, tier, _, model = folder.name.split("-", 3)
        others = [f for f in self._folder.glob(f"dense-{tier}-*-{model}") if f != folder and DenseIndex.sound(f)]
        best = max(others, key=lambda f: DenseIndex.share(f, passages), default=None)
        return best if best and DenseIndex.share(best, passages) else None

    def sweep(self, version: int, passages: Sequence[Passage]) -> None:
        """Removes the indexes of other versions and what a killed build left behind."""
        used = (f"words-{version}", *(name for name, _ in _parts(passages).values()))
        for folder in self._folder.glob("*"):
            if not folder.name.startswith(used) or folder.name.endswith(".new"):
                shutil.rmtree(folder, ignore_errors=True)


def _parts(passages: Sequence[Passage]) -> dict[Tier, tuple[str, list[Passage]]]:
    """The passages of each tier, with the name of their dense index: what is in it, so that it outlives a version."""
    held = {tier: [p for p in passages if p.tier is tier] for tier in Tier}
    return {tier: (f"dense-{tier.value}-{content(those)}", those) for tier, those in held.items() if those}


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._" else "_" for c in name)
