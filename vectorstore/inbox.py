"""The inbox: questions that were not answered and what people thought of answers, for a person to read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, delete, insert, select

from vectorstore import database as db
from vectorstore.errors import UnknownName
from vectorstore.usage import Usage

UNANSWERED, GOOD, BAD = "unanswered", "good", "bad"
"""What an item is: a question that was refused, or a verdict on an answer."""

_KEPT = 10_000
"""So many items are kept; the oldest go first."""

_metadata = MetaData()
_items = Table(
    "inbox",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("kind", String(16), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
_conversations = Table(
    "inbox_conversations",
    _metadata,
    Column("item", Integer, primary_key=True),
    Column("session", String(128), nullable=False, index=True),
)
"""Which conversation an item is from, for its user to delete it by; nothing else reads it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: when (seconds since the epoch), the question with private data masked, the answer, the reason given."""

    id: int
    at: float
    kind: str
    question: str
    answer: str
    reason: str


class Inbox:
    """Items in `home/state.db` or behind another database URL. `clock` gives seconds since the epoch.

    `usage` counts answers by day beside them.
    """

    def __init__(self, home: Path, url: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._engine = db.open_state(home, url, _metadata)
        self._clock = clock
        self.usage = Usage(home, url, clock)

    def put(self, kind: str, question: str, answer: str, reason: str = "", session: str = "") -> int:
        """Keeps an item of a conversation; gives its id."""
        row = {"at": self._clock(), "kind": kind, "question": question, "answer": answer, "reason": reason}
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            (id_,) = connection.execute(insert(_items).values(row).returning(_items.c.id)).one()
            if session:
                connection.execute(insert(_conversations).values(item=id_, session=session))
            connection.execute(delete(_items).where(_items.c.id <= id_ - _KEPT))
            connection.execute(delete(_conversations).where(_conversations.c.item <= id_ - _KEPT))
        return int(id_)

    def forget(self, session: str) -> None:
        """Deletes every item of a conversation, also from the log that SQLite keeps beside its file."""
        own = select(_conversations.c.item).where(_conversations.c.session == session)
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            connection.execute(delete(_items).where(_items.c.id.in_(own)))
            connection.execute(delete(_conversations).where(_conversations.c.session == session))
        db.empty_log(self._engine)

    def items(self, kind: str | None = None, limit: int = 100) -> list[Item]:
        """The newest items (of one kind), newest first."""
        query = select(_items).order_by(_items.c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(_items.c.kind == kind)
        with db.guarded(self._engine), self._engine.connect() as connection:
            return [Item(*row) for row in connection.execute(query)]

    def item(self, id_: int) -> Item:
        """One item. Raises UnknownName `unknown_item`."""
        with db.guarded(self._engine), self._engine.connect() as connection:
            row = connection.execute(select(_items).where(_items.c.id == id_)).first()
        if row is None:
            raise UnknownName("unknown_item", name=str(id_))
        return Item(*row)

    def drop(self, id_: int) -> None:
        """Removes an item that was dealt with."""
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            connection.execute(delete(_items).where(_items.c.id == id_))
            connection.execute(delete(_conversations).where(_conversations.c.item == id_))
