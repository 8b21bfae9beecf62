"""The dense index: vectors in Chroma behind LangChain's interface, derived from the truth at any time."""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from vectorstore import embeddings
from vectorstore.errors import StoreError
from vectorstore.records import Passage, Tier
from vectorstore.shelves import Shelves, shelve

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from langchain_chroma import Chroma

Unit = tuple[Passage, str, str]
"""Something to embed: the passage it belongs to, its words, its id."""
_BATCH = 512
_LONGEST = 600
_FLOAT = 4
"""Bytes of a number in Chroma's files."""
# Chroma's own values lose 0.7 % of the nearest 60 and differ from build to build; with these two builds of 7,500
# vectors gave 300 of 300 questions the same 60, in the same time.
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_search": 500,
    "ef_construction": 300,
    "max_neighbors": 32,
    "num_threads": 1,
}
# A killed writer was seen to leave a link file thousands of times the size of its vectors.
_BYTES_PER_VECTOR = 200_000
_BYTES_FREE = 50_000_000


class DenseIndex:
    """Vectors of one tier's passages, one collection a shelf (a filter would cost time in proportion to the whole)."""

    def __init__(self, folder: Path, model: str | None) -> None:
        client = _client(folder)
        self._shelves = Shelves(folder, lambda place: open_collection(client, f"kepu-{place.name}", model))

    @staticmethod
    def build(folder: Path, passages: Sequence[Passage], model: str | None, earlier: Path | None = None) -> None:
        """Writes vectors of `passages` into `folder`; they appear there complete or not at all.

        `earlier` is an index of some of them and of nothing else: it is copied, and what it lacks is added.
        Raises StoreError when the copy turns out not to hold what it should.
        """
        # A name of its own: Chroma remembers every folder it has opened in this process.
        beside = folder.with_name(f"{folder.name}.{uuid4().hex[:8]}.new")
        if earlier:
            shutil.copytree(earlier, beside)
        else:
            beside.mkdir(parents=True)
        client = _client(beside)
        _fill(client, beside, passages, model, earlier)
        count = sum(len(p.asked_as) + 2 for held in shelve(passages).values() for p in held)
        manifest = {"count": count, "passages": sorted(map(_digest, passages))}
        (beside / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        client.close()
        client.clear_system_cache()
        _blank(beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)

    @staticmethod
    def sound(folder: Path) -> bool:
        """Whether `folder` holds a finished index of a plausible size."""
        if not (folder / "manifest.json").is_file():
            return False
        size = sum(f.stat().st_blocks * 512 for f in folder.rglob("*") if f.is_file())
        return bool(size < _BYTES_FREE + _BYTES_PER_VECTOR * _manifest(folder)["count"])

    @staticmethod
    def share(folder: Path, passages: Sequence[Passage]) -> int:
        """How many of `passages` a finished index holds; 0 when it holds anything else, such as words since deleted."""
        held = _manifest(folder).get("passages", ())  # indexes of older programs do not say
        return len(held) if set(held) <= set(map(_digest, passages)) else 0

    def probe(self) -> bool:
        """Whether every collection answers. Raises StoreError when one does not."""
        for tier in Tier:
            self.search("探测", tier, limit=1)
        return True

    def search(self, query: str, tier: Tier, scopes: Sequence[str] = (), limit: int = 60) -> dict[str, float]:
        """The passages of one tier whose nearest wording is among the nearest, as id → cosine similarity (0 to 1)."""
        name = self._shelves.choose(tier, scopes)
        collection = self._shelves.get(name)
        if collection is None:
            return {}
        from chromadb.errors import ChromaError

        try:
            return near(collection, query, scopes if name == tier else (), limit)
        except ChromaError as error:
            raise StoreError("dense_broken", reason=str(error)) from error


class TieredIndex:
    """One dense index a tier, so that a new document leaves the vectors of the cards where they are."""

    def __init__(self, parts: Mapping[Tier, DenseIndex]) -> None:
        self._parts = parts

    def search(self, query: str, tier: Tier, scopes: Sequence[str] = (), limit: int = 60) -> dict[str, float]:
        """The nearest passages of one tier, as id → cosine similarity (0 to 1)."""
        part = self._parts.get(tier)
        return part.search(query, tier, scopes, limit) if part else {}


def near(collection: Chroma, query: str, scopes: Sequence[str], limit: int) -> dict[str, float]:
    """The passages of a collection nearest to a query, only those of `scopes` when any are given."""
    where: dict[str, Any] | None = {"scope": {"$in": list(scopes)}} if scopes else None
    best: dict[str, float] = {}
    for document, distance in collection.similarity_search_with_score(query, k=limit, filter=where):
        id_ = document.metadata["passage"]
        best[id_] = max(best.get(id_, 0.0), 1.0 - distance)
    return best


def add(collection: Chroma, members: Sequence[Unit]) -> None:
    """Writes vectors; those that are there already are written over."""
    for start in range(0, len(members), _BATCH):
        batch = members[start : start + _BATCH]
        collection.add_texts(
            [said for _, said, _ in batch],
            metadatas=[{"scope": p.scope, "passage": p.id} for p, _, _ in batch],
            ids=[id_ for _, _, id_ in batch],
        )


def units(passage: Passage) -> list[Unit]:
    """What is embedded of a passage, with an id each: its text, its title, each of its wordings."""
    said = [f"{passage.title}\n{passage.text}"[:_LONGEST], passage.title, *passage.asked_as]
    return [(passage, words, f"{passage.id}|{n}") for n, words in enumerate(said)]


def content(passages: Sequence[Passage]) -> str:
    """A name for what is embedded of passages: the same for the same words, whoever reads them."""
    digest = sha256()
    for between, (passage, words, id_) in zip(
        chain("[", repeat(", ")), chain.from_iterable(map(units, passages)), strict=False
    ):
        digest.update(f"{between}{json.dumps((id_, passage.scope, words))}".encode())
    digest.update(b"]")
    return digest.hexdigest()[:40]


def _digest(passage: Passage) -> str:
    return content([passage])[:16]


def _fill(
    client: ClientAPI, folder: Path, passages: Sequence[Passage], model: str | None, earlier: Path | None
) -> None:
    """Adds to each shelf in `folder` what it lacks; a copy of `earlier` is there when one is given."""
    shelves = shelve(passages)
    before = Shelves.names(earlier) if earlier else []
    there = set(_manifest(earlier)["passages"]) if earlier else set()
    names = list(dict.fromkeys([*before, *shelves]))
    for name, place in zip(names, Shelves.write(folder, names), strict=True):
        held = shelves[name]
        lacking = [p for p in held if name not in before or _digest(p) not in there]
        collection = open_collection(client, called := f"kepu-{place.name}", model)
        add(collection, [unit for p in lacking for unit in units(p)])
        if client.get_collection(called).count() != sum(len(units(p)) for p in held):
            raise StoreError("dense_broken", path=str(folder))


def _blank(folder: Path) -> None:
    """Writes zeros where no vectors are: Chroma leaves there what stood in memory, text since deleted among it."""
    for header in folder.rglob("header.bin"):
        _, _, _, count, size = struct.unpack_from("<iQQQQ", header.read_bytes())
        for name, each in (("data_level0.bin", size), ("length.bin", _FLOAT)):
            with (header.parent / name).open("r+b") as file:
                room = file.seek(0, os.SEEK_END)
                file.seek(count * each)
                file.write(bytes(max(room - count * each, 0)))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError("dense_broken", path=str(folder)) from error
    return manifest


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.errors import ChromaError

    try:
        return chromadb.PersistentClient(str(folder), chromadb.Settings(anonymized_telemetry=False))
    except (ChromaError, ValueError, OSError) as error:
        raise StoreError("dense_broken", path=str(folder), reason=str(error)) from error


def open_collection(client: ClientAPI, name: str, model: str | None) -> Chroma:
    """The collection of that name, made when it is not there."""
    from langchain_chroma import Chroma

    return Chroma(
        client=client,
        collection_name=name,
        embedding_function=embeddings.load(model),
        collection_configuration={"hnsw": _GRAPH},
    )
