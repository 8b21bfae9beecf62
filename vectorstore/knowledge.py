"""Knowledge: the truth. One transaction writes, readers see the whole of a version or the one before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select, update

from vectorstore import database as db
from vectorstore.records import Card, Clause, Concept, Department, Document, Duty, Hotline, Notice, Role, Wordings
from vectorstore.writer import Writer, adapter

BUILTIN = "builtin:"
"""How the addresses of sources begin that come with the program."""

_Record = TypeVar("_Record")


class Knowledge:
    """The store of everything known, in `home/knowledge.db` or behind another database URL."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = home
        self._engine = db.open_engine(url or db.sqlite_url(home, "knowledge.db"))
        db.migrate(self._engine)

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def version(self) -> int:
        """The knowledge version: 0 when empty, one more after each write that changed something."""
        with db.guarded(self._engine), self._engine.connect() as connection:
            return int(db.get_meta(connection, "knowledge") or 0)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One connection that sees the whole of one version."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            yield connection

    def scrub(self) -> None:
        """Makes deleted text unreadable in the files too: the log is emptied and the file written anew."""
        if self._engine.dialect.name != "sqlite":
            return
        with db.guarded(self._engine), self._engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.exec_driver_sql("VACUUM")
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One write transaction. Raises StoreBusy when another process is writing."""
        with db.guarded(self._engine), self._engine.begin() as connection:
            version = int(db.get_meta(connection, "knowledge") or 0)
            db.put_meta(connection, "knowledge", str(version))  # takes the write lock before anything is read
            writer = Writer(connection)
            yield writer
            if writer.changed:
                connection.execute(update(db.meta).where(db.meta.c.key == "knowledge").values(value=str(version + 1)))

    def notices(self) -> list[Notice]:
        """Every notice with its clauses and duties, in the order of their keys."""
        clauses: dict[str, list[Clause]] = {}
        duties: dict[str, list[Duty]] = {}
        titles: dict[tuple[str, str], str] = {}
        for row in self._rows(db.clauses, db.clauses.c.notice, db.clauses.c.position):
            clauses.setdefault(row.notice, []).append(_clause(row))
            titles[row.notice, row.path] = row.title
        for row in self._rows(db.duties, db.duties.c.notice, db.duties.c.position):
            title = titles[row.notice, row.path]
            duty = Duty(row.notice, row.path, title, row.department, Role(row.role), row.line)
            duties.setdefault(row.notice, []).append(duty)
        return [
            adapter(Notice).validate_python(
                {**row.body, "clauses": tuple(clauses.get(row.key, ())), "duties": tuple(duties.get(row.key, ()))}
            )
            for row in self._rows(db.notices, db.notices.c.key)
        ]

    def wordings(self) -> list[Wordings]:
        """The everyday wordings of each notice that has any."""
        return self._bodies(Wordings, db.wordings, db.wordings.c.notice)

    def cards(self) -> list[Card]:
        """Every card once, by id; a user's own card stands in the place of the built-in one."""
        found: dict[str, Card] = {}
        rows = self._rows(db.cards, db.cards.c.id, db.cards.c.uri)
        for row in sorted(rows, key=lambda r: (r.id, not r.uri.startswith(BUILTIN))):
            found[row.id] = adapter(Card).validate_python(row.body)
        return list(found.values())

    def documents(self) -> list[Document]:
        """Every document with its chunks."""
        return self._bodies(Document, db.documents, db.documents.c.id)

    def hotlines(self) -> list[Hotline]:
        """The hotlines."""
        return self._bodies(Hotline, db.hotlines, db.hotlines.c.number)

    def departments(self) -> list[Department]:
        """The department table."""
        return self._bodies(Department, db.departments, db.departments.c.name)

    def concepts(self) -> list[Concept]:
        """The thesaurus."""
        return self._bodies(Concept, db.concepts, db.concepts.c.position)

    def sources(self) -> list[Any]:
        """Where everything came from: rows with `uri`, `kind` and `reference`."""
        return self._rows(db.sources, db.sources.c.uri)

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        tables = (db.notices, db.clauses, db.duties, db.departments, db.cards, db.documents)
        with db.guarded(self._engine), self._engine.connect() as connection:
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}

    def _bodies(self, kind: type[_Record], table: Any, order: Any) -> list[_Record]:
        return [adapter(kind).validate_python(row.body) for row in self._rows(table, order)]

    def _rows(self, table: Any, *order: Any) -> list[Any]:
        with db.guarded(self._engine), self._engine.connect() as connection:
            return list(connection.execute(select(table).order_by(*order)))


def _clause(row: Any) -> Clause:
    body = {**row._mapping, **row.facts}
    found: Clause = adapter(Clause).validate_python({k: v for k, v in body.items() if k not in {"position", "facts"}})
    return found
