"""Deliveries: what was replied to a message of a channel, so that a retry is answered once, over restarts too."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Column, Float, MetaData, String, Table, Text, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from vectorstore import database as db

LIFETIME = 24 * 3600.0
"""Seconds that a reply is kept: channels repeat a message within a minute."""

_metadata = MetaData()
_deliveries = Table(
    "deliveries",
    _metadata,
    Column("key", String(200), primary_key=True),
    Column("reply", Text, nullable=True),
    Column("at", Float, nullable=False, index=True),
)


class Deliveries:
    """Replies by message, in `home/state.db` or behind another database URL. `clock` gives seconds since the epoch."""

    def __init__(self, home: Path, url: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._engine = db.open_state(home, url, _metadata)
        self._clock = clock

    def claim(self, key: str) -> bool:
        """Whether this is the first delivery of a message; the caller then answers it and keeps the reply."""
        with db.guarded(self._engine):
            try:
                with self._engine.begin() as connection:
                    connection.execute(delete(_deliveries).where(_deliveries.c.at < self._clock() - LIFETIME))
                    connection.execute(insert(_deliveries).values(key=key, reply=None, at=self._clock()))
            except IntegrityError:
                return False
        return True

    def keep(self, key: str, reply: str) -> None:
        """Keeps the reply to a message that was claimed."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            connection.execute(update(_deliveries).where(_deliveries.c.key == key).values(reply=reply))

    def release(self, key: str) -> None:
        """Gives a claim back: the next delivery is answered as the first."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            connection.execute(delete(_deliveries).where(_deliveries.c.key == key))

    def reply(self, key: str) -> str | None:
        """The reply to a message, None while there is none."""
        with db.guarded(self._engine), self._engine.connect() as connection:
            found: str | None = connection.execute(select(_deliveries.c.reply).where(_deliveries.c.key == key)).scalar()
        return found
