"""The state store: what a conversation remembers, and which message of a channel was answered with what.

Kept over restarts, gone after a while or when its user says so. The same statements run on SQLite and PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Float, MetaData, String, Table, delete, select, update
from sqlalchemy.exc import IntegrityError

from vectorstore import database as db

LIFETIME = 7 * 24 * 3600.0
"""Seconds after its last turn that a session is kept: a guide is taken up again the next day or the next week."""
KEPT = 2 * 24 * 3600.0
"""Seconds that an exchange is kept: longer than any channel delivers a message again or lets it be answered."""
LEASE = 3.0
"""Seconds without a sign of life after which a claimed exchange is given up: whoever answered it is gone."""

_metadata = MetaData()
_sessions = Table(
    "sessions",
    _metadata,
    Column("id", String(128), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("used", Float, nullable=False, index=True),
)
_exchanges = Table(
    "exchanges",
    _metadata,
    Column("id", String(128), primary_key=True),
    Column("body", JSON(none_as_null=True)),
    Column("used", Float, nullable=False, index=True),
)


class StateStore:
    """Sessions and exchanges by id, in `home/state.db` or behind another database URL.

    An exchange is one message of a channel and what it was answered with. `clock` gives seconds since the epoch.
    """

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
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.id == session))
            connection.execute(_sessions.insert().values(id=session, body=body, used=self._clock()))

    def draft(self, session: str, exchange: str) -> str:
        """A copy of what a session remembers, for one exchange to go on with; gives its id."""
        self.put(f"{exchange}:draft", self.get(session))
        return f"{exchange}:draft"

    def forget(self, session: str) -> None:
        """Deletes a session."""
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.id == session))

    def claim(self, exchange: str) -> bool:
        """Whether the caller is to answer a message: nobody has, and nobody alive is about to."""
        with db.guarded(self._engine):
            try:
                with db.writing(self._engine) as connection:
                    connection.execute(_exchanges.insert().values(id=exchange, body=None, used=self._clock()))
                return True
            except IntegrityError:
                return self._touch(exchange, self._clock() - LEASE)

    def hold(self, exchange: str) -> None:
        """A sign of life from whoever claimed an exchange and is still at it."""
        self._touch(exchange, self._clock())

    def _touch(self, exchange: str, before: float) -> bool:
        open_still = (_exchanges.c.id == exchange) & _exchanges.c.body.is_(None) & (_exchanges.c.used <= before)
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            return connection.execute(update(_exchanges).where(open_still).values(used=self._clock())).rowcount == 1

    def settle(self, exchange: str, body: dict[str, Any], draft: str = "", session: str = "") -> None:
        """Keeps what a claimed exchange was answered with; `session` takes over what `draft` remembers.

        Both happen or neither: an exchange that somebody else has to answer again starts from where its session stood.
        """
        answered = update(_exchanges).where(_exchanges.c.id == exchange).values(body=body, used=self._clock())
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            connection.execute(answered)
            moved = connection.execute(select(_sessions.c.id).where(_sessions.c.id == draft)).first()
            if moved:
                connection.execute(delete(_sessions).where(_sessions.c.id == session))
                connection.execute(update(_sessions).where(_sessions.c.id == draft).values(id=session))

    def settled(self, exchange: str) -> dict[str, Any] | None:
        """What an exchange was answered with; None while it is not."""
        with db.guarded(self._engine), self._engine.connect() as connection:
            query = select(_exchanges.c.body).where(_exchanges.c.id == exchange)
            found: dict[str, Any] | None = connection.execute(query).scalar()
        return found

    def begun(self, exchange: str) -> bool:
        """Whether an exchange has been claimed by anybody, answered or not."""
        with db.guarded(self._engine), self._engine.connect() as connection:
            return connection.execute(select(_exchanges.c.id).where(_exchanges.c.id == exchange)).first() is not None

    def sweep(self) -> int:
        """Deletes what has expired; gives how many sessions and exchanges that were."""
        now = self._clock()
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            sessions = connection.execute(delete(_sessions).where(_sessions.c.used <= now - LIFETIME))
            exchanges = connection.execute(delete(_exchanges).where(_exchanges.c.used <= now - KEPT))
        return int(sessions.rowcount + exchanges.rowcount)
