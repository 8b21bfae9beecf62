"""Usage: how many answers of each kind there were on each day. Counts only; no question, no person, no hour."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from vectorstore import database as db

_metadata = MetaData()
_usage = Table(
    "usage",
    _metadata,
    Column("day", String(10), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("refusal", String(16), primary_key=True),
    Column("answers", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Count:
    """Answers of one kind on one day (ISO); `refusal` is why they were refused, or ""."""

    day: str
    kind: str
    refusal: str
    answers: int


class Usage:
    """Counts in `home/state.db` or behind another database URL. `clock` gives seconds since the epoch."""

    def __init__(self, home: Path, url: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._engine = db.open_state(home, url, _metadata)
        self._clock = clock

    def count(self, kind: str, refusal: str = "") -> None:
        """Counts one answer of today (local time)."""
        day = self._today().isoformat()
        if not self._raise(day, kind, refusal):
            self._begin(day, kind, refusal)

    def days(self, last: int = 30) -> list[Count]:
        """The counts of the last days, newest first; days without answers are not there."""
        first = (self._today() - timedelta(days=last - 1)).isoformat()
        query = select(_usage).where(_usage.c.day >= first).order_by(_usage.c.day.desc(), _usage.c.kind)
        with db.guarded(self._engine), self._engine.connect() as connection:
            return [Count(*row) for row in connection.execute(query)]

    def _today(self) -> date:
        return date.fromtimestamp(self._clock())

    def _begin(self, day: str, kind: str, refusal: str) -> None:
        """The first of its kind on a day; when another process was first, one more of them."""
        row = {"day": day, "kind": kind, "refusal": refusal, "answers": 1}
        with db.guarded(self._engine):
            try:
                with db.writing(self._engine) as connection:
                    connection.execute(insert(_usage).values(row))
            except IntegrityError:
                self._raise(day, kind, refusal)

    def _raise(self, day: str, kind: str, refusal: str) -> bool:
        same = (_usage.c.day == day) & (_usage.c.kind == kind) & (_usage.c.refusal == refusal)
        with db.guarded(self._engine), db.writing(self._engine) as connection:
            return connection.execute(update(_usage).where(same).values(answers=_usage.c.answers + 1)).rowcount == 1
