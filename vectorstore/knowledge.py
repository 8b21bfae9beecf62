"""Knowledge: the truth. One transaction writes, readers see the whole of a version or the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from vectorstore import database as db
from vectorstore.records import Clause, Concept, Department, Duty, Mark, Notice, Role

_FACTS = ("brackets", "deadlines", "targets", "programmes", "actors")


class Writer:
    """What may be done inside one write transaction; nothing is kept when the block raises."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.changed = False

    def unchanged(self, uri: str, sha256: str) -> bool:
        """Whether `uri` was ingested before with the same content."""
        found = self._connection.execute(select(db.sources.c.sha256).where(db.sources.c.uri == uri)).scalar()
        return found == sha256

    def put_source(self, uri: str, sha256: str, kind: str, reference: str) -> None:
        """Remembers that `uri` with this content gave the record `reference` of `kind`."""
        self._replace(
            db.sources,
            db.sources.c.uri == uri,
            [dict(uri=uri, sha256=sha256, kind=kind, reference=reference)],
        )

    def put_notice(self, notice: Notice) -> None:
        """Stores a notice with its clauses and duties in place of one with the same key."""
        self.drop_notice(notice.key)
        body = {k: v for k, v in _plain(notice).items() if k not in {"clauses", "duties"}}
        self._replace(db.notices, db.notices.c.key == notice.key, [dict(key=notice.key, body=body)])
        self._insert(db.clauses, (_clause_row(c, n) for n, c in enumerate(notice.clauses)))
        self._insert(db.duties, (_duty_row(d, n) for n, d in enumerate(notice.duties)))

    def drop_notice(self, key: str) -> None:
        """Removes a notice with everything that belongs to it."""
        for table in (db.duties, db.clauses):
            self._connection.execute(delete(table).where(table.c.notice == key))
        self._connection.execute(delete(db.notices).where(db.notices.c.key == key))
        self.changed = True

    def put_departments(self, found: Iterable[Department]) -> None:
        """Stores the department table in place of the one before."""
        self._replace(db.departments, None, [dict(name=d.name, body=_plain(d)) for d in found])

    def put_concepts(self, found: Iterable[Concept]) -> None:
        """Stores the thesaurus in place of the one before."""
        self._replace(db.concepts, None, [dict(position=n, body=_plain(c)) for n, c in enumerate(found)])

    def _replace(self, table: Any, where: Any, rows: list[dict[str, Any]]) -> None:
        statement = delete(table)
        self._connection.execute(statement if where is None else statement.where(where))
        self._insert(table, rows)

    def _insert(self, table: Any, rows: Iterable[dict[str, Any]]) -> None:
        if batch := list(rows):
            self._connection.execute(insert(table), batch)
        self.changed = True


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
            _notice(row.body, tuple(clauses.get(row.key, ())), tuple(duties.get(row.key, ())))
            for row in self._rows(db.notices, db.notices.c.key)
        ]

    def departments(self) -> list[Department]:
        """The department table."""
        return [_department(row.body) for row in self._rows(db.departments, db.departments.c.name)]

    def concepts(self) -> list[Concept]:
        """The thesaurus."""
        rows = self._rows(db.concepts, db.concepts.c.position)
        return [Concept(tuple(r.body["terms"]), tuple(r.body["words"])) for r in rows]

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        tables = (db.notices, db.clauses, db.duties, db.departments)
        with db.guarded(self._engine), self._engine.connect() as connection:
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}

    def _rows(self, table: Any, *order: Any) -> list[Any]:
        with db.guarded(self._engine), self._engine.connect() as connection:
            return list(connection.execute(select(table).order_by(*order)))


def _plain(record: Any) -> dict[str, Any]:
    return asdict(record)


def _clause_row(clause: Clause, position: int) -> dict[str, Any]:
    body = _plain(clause)
    facts = {name: body.pop(name) for name in (*_FACTS, "open_list")}
    return {**body, "position": position, "facts": facts}


def _duty_row(duty: Duty, position: int) -> dict[str, Any]:
    body = _plain(duty)
    del body["title"]
    return {**body, "position": position, "role": duty.role.value}


def _clause(row: Any) -> Clause:
    facts = {name: tuple(Mark(**m) for m in row.facts[name]) for name in _FACTS}
    return Clause(
        row.notice, row.path, row.parent, row.level, row.title, row.text, row.line, row.page,
        open_list=row.facts["open_list"], **facts,
    )  # fmt: skip


def _notice(body: dict[str, Any], clauses: tuple[Clause, ...], duties: tuple[Duty, ...]) -> Notice:
    period = tuple(body.pop("period") or ())
    warnings = tuple(body.pop("warnings"))
    return Notice(**body, period=period or None, clauses=clauses, duties=duties, warnings=warnings)


def _department(body: dict[str, Any]) -> Department:
    former = tuple((name, until) for name, until in body["former"])
    return Department(body["name"], body["level"], tuple(body["aliases"]), former, body["about"])
