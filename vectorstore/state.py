"""The state store: what a conversation remembers, kept over restarts, gone after a while or when its user says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Float, MetaData, String, Table, delete, select

from vectorstore import database as db

LIFETIME = 7 * 24 * 3600.0
"""Seconds after its last turn that a session is kept: a guide is taken up again the next day or the next week."""

_metadata = MetaData()
_sessions = Table(
    "sessions",
    _metadata,
    Column("id", String(128), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("used", Float, nullable=False, index=True),
)


class StateStore:
    """Sessions by id, in `home/state.db` or behind another database URL. `clock` gives seconds since the epoch."""

    def __init__(self, home: Path, url: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._engine = db.open_state(home, url, _metadata)
        self._clock = clock

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def get(self, session: str) -> dict[str, Any]:
        """What a session remembers; {} when it is new, expired or deleted."""
        query = select(_sessions.c.body).where(_sessions.c.id == session, _sessions.c.used > self._clock() - LIFETIME)
        with db.guarded(self._engine), self._engine.connect() as connection:
            found: dict[str, Any] | None = connection.execute(query).scalar()
        return found or {}

    def put(self, session: str, body: dict[str, Any]) -> None:
        """Keeps what a session remembers, in place of what it remembered."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.id == session))
            connection.execute(_sessions.insert().values(id=session, body=body, used=self._clock()))

    def forget(self, session: str) -> None:
        """Deletes a session."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.id == session))

    def sweep(self) -> int:
        """Deletes what has expired; gives how many sessions that were."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            gone = connection.execute(delete(_sessions).where(_sessions.c.used <= self._clock() - LIFETIME))
        return int(gone.rowcount)
