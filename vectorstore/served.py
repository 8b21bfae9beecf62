"""The dense index on a Chroma server: the same vectors for several processes or machines.

A collection is named after what is in it, so that whoever knows the same finds it ready, and one that a killed
writer left unfinished is told by its count and written again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vectorstore import embeddings
from vectorstore.dense import Unit, add, content, near, open_collection, units
from vectorstore.errors import StoreError
from vectorstore.records import Passage, Tier
from vectorstore.shelves import shelve

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

_LOG = logging.getLogger(__name__)
_SEARCHING, _WRITING = 3.0, 60.0
"""Seconds that one call of the server may take."""
_REST = 30.0
"""Seconds that a server that did not answer is left alone: the other signals answer without it at once."""
_PORTS = {"http": 8000, "https": 443}


class ServedDenseIndex:
    """Vectors of `passages` on the server at `url`, one collection a shelf; nothing is asked of it before a search."""

    def __init__(self, url: str, model: str | None, passages: Sequence[Passage]) -> None:
        self._url = url
        self._model = model
        self._shelves = shelve(passages)
        self._opened: dict[str, Chroma] = {}
        self._writing = Lock()
        self._rests_until = 0.0

    def write(self) -> None:
        """Writes what is not there yet. Raises StoreError `chroma_down` when the server does not answer."""
        with self._writing, self._asking():
            client = _client(self._url, _WRITING)
            for held in self._shelves.values():
                collection = open_collection(client, _name(self._model, held), self._model)
                there = set(collection.get(include=[])["ids"])
                add(collection, [unit for unit in _members(held) if unit[2] not in there])

    def sweep(self, record: Path) -> None:
        """Removes the collections that were in force when `record` was last written and are not any more."""
        now = [_name(self._model, held) for held in self._shelves.values()]
        before: list[str] = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else []
        with self._asking():
            client = _client(self._url, _WRITING)
            there = {c.name for c in client.list_collections()}
            for name in set(before) & there - set(now):
                client.delete_collection(name)
        record.write_text(json.dumps(now), encoding="utf-8")

    def search(self, query: str, tier: Tier, scopes: Sequence[str] = (), limit: int = 60) -> dict[str, float]:
        """The passages of one tier whose nearest wording is among the nearest, as id → cosine similarity (0 to 1).

        {} while the server does not answer, or what it lacks is being written: no question waits for that.
        """
        own = len(scopes) == 1 and scopes[0] in self._shelves
        shelf = scopes[0] if own else tier.value
        if shelf not in self._shelves or time.monotonic() < self._rests_until:
            return {}
        try:
            with self._asking():
                return near(self._open(shelf), query, () if own else scopes, limit)
        except StoreError as error:
            self._rest(error)
            return {}

    def _open(self, shelf: str) -> Chroma:
        """The collection of a shelf. Raises StoreError `chroma_incomplete` when not all of it is there."""
        if shelf not in self._opened:
            held = self._shelves[shelf]
            client = _client(self._url, _SEARCHING)
            collection = open_collection(client, name := _name(self._model, held), self._model)
            if client.get_collection(name).count() != len(_members(held)):
                Thread(target=self._write_aside, daemon=True).start()
                raise StoreError("chroma_incomplete")
            self._opened[shelf] = collection
        return self._opened[shelf]

    def _write_aside(self) -> None:
        try:
            self.write()
        except StoreError as error:
            self._rest(error)
        else:
            self._rests_until = 0.0

    def _rest(self, error: StoreError) -> None:
        self._rests_until = time.monotonic() + _REST
        _LOG.warning("asked without vectors: %s", error.code)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turns what goes wrong with the server into `chroma_down`; collections are opened anew after it."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, httpx.HTTPError, ValueError) as error:
            self._opened.clear()
            raise StoreError("chroma_down", url=self._url) from error


def _name(model: str | None, passages: Sequence[Passage]) -> str:
    """The name of the collection that holds the vectors of these passages."""
    kind = sha256(embeddings.fingerprint(model).encode()).hexdigest()[:8]
    return f"kepu-{kind}-{content(passages)}"


def _members(passages: Sequence[Passage]) -> list[Unit]:
    return [unit for passage in passages for unit in units(passage)]


def _client(url: str, seconds: float) -> ClientAPI:
    import chromadb

    place = urlsplit(url)
    client = chromadb.HttpClient(
        place.hostname or "", place.port or _PORTS.get(place.scheme, 0), ssl=place.scheme == "https",
        settings=chromadb.Settings(anonymized_telemetry=False),
    )  # fmt: skip
    # Chroma's own client waits for ever and has no setting for it.
    client._server._session.timeout = seconds
    return client
