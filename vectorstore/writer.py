"""Writer: what may be done inside one write transaction; nothing is kept when the block raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from vectorstore import database as db
from vectorstore.records import Card, Clause, Concept, Department, Document, Duty, Hotline, Notice, Wordings

_Record = TypeVar("_Record")
_adapters: dict[type, TypeAdapter[Any]] = {}

FACTS = frozenset({"brackets", "deadlines", "targets", "programmes", "actors", "open_list"})
"""Fields of a clause that are kept together in one column."""


def adapter(kind: type[_Record]) -> TypeAdapter[_Record]:
    """Turns records of a kind into plain values and back."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def plain(record: Any) -> dict[str, Any]:
    """A record as plain values that JSON holds."""
    body: dict[str, Any] = adapter(type(record)).dump_python(record, mode="json")
    return body


class Writer:
    """One write transaction. `changed` says whether the knowledge version goes up at its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.changed = False

    def put_source(self, uri: str, sha256: str, kind: str, references: Sequence[str]) -> None:
        """Remembers that `uri` with this content gave these records of `kind`."""
        row = dict(uri=uri, sha256=sha256, kind=kind, reference="\n".join(references))
        self._replace(db.sources, db.sources.c.uri == uri, [row])

    def free_id(self, name: str) -> str:
        """The id of a further document called `name`: the name, or with a number when another file has it."""
        ids = db.documents.c.id
        if self._connection.execute(select(ids).where(ids == name)).first() is None:
            return name
        taken = set(self._connection.execute(select(ids).where(ids.startswith(name, autoescape=True))).scalars())
        return next(n for n in (name, *(f"{name}~{k}" for k in range(2, len(taken) + 3))) if n not in taken)

    def drop_source(self, uri: str) -> None:
        """Removes a source and the records it gave; nothing when there is none."""
        found = self._connection.execute(select(db.sources).where(db.sources.c.uri == uri)).first()
        if found is None:
            return
        if found.kind == "notice":
            for key in found.reference.split("\n"):
                self._drop_notice(key)
        elif found.kind == "card":
            self._connection.execute(delete(db.cards).where(db.cards.c.uri == uri))
        elif found.kind == "document":
            self._connection.execute(delete(db.documents).where(db.documents.c.id == found.reference))
        elif found.kind == "wordings":
            self._connection.execute(delete(db.wordings).where(db.wordings.c.notice == found.reference))
        self._connection.execute(delete(db.sources).where(db.sources.c.uri == uri))
        self.changed = True

    def put_notice(self, notice: Notice) -> None:
        """Stores a notice with its clauses and duties in place of one with the same key."""
        self._drop_notice(notice.key)
        body = {k: v for k, v in plain(notice).items() if k not in {"clauses", "duties"}}
        self._insert(db.notices, [dict(key=notice.key, body=body)])
        self._insert(db.clauses, (_clause_row(c, n) for n, c in enumerate(notice.clauses)))
        self._insert(db.duties, (_duty_row(d, n) for n, d in enumerate(notice.duties)))

    def _drop_notice(self, key: str) -> None:
        for table in (db.duties, db.clauses):
            self._connection.execute(delete(table).where(table.c.notice == key))
        self._connection.execute(delete(db.notices).where(db.notices.c.key == key))
        self.changed = True

    def put_wordings(self, found: Wordings) -> None:
        """Stores the everyday wordings of a notice in place of those before."""
        self._replace(db.wordings, db.wordings.c.notice == found.notice, [dict(notice=found.notice, body=plain(found))])

    def put_card(self, card: Card, uri: str) -> None:
        """Stores a card; cards of the same id from other files stay, and the user's own comes first when read."""
        same = (db.cards.c.id == card.id) & (db.cards.c.uri == uri)
        self._replace(db.cards, same, [dict(id=card.id, uri=uri, body=plain(card))])

    def put_document(self, document: Document) -> None:
        """Stores a document with its chunks in place of one with the same id."""
        self._replace(db.documents, db.documents.c.id == document.id, [dict(id=document.id, body=plain(document))])

    def put_departments(self, found: Iterable[Department]) -> None:
        """Stores the department table in place of the one before."""
        self._replace(db.departments, None, [dict(name=d.name, body=plain(d)) for d in found])

    def put_concepts(self, found: Iterable[Concept]) -> None:
        """Stores the thesaurus in place of the one before."""
        self._replace(db.concepts, None, [dict(position=n, body=plain(c)) for n, c in enumerate(found)])

    def put_hotlines(self, found: Iterable[Hotline]) -> None:
        """Stores the hotlines in place of those before."""
        self._replace(db.hotlines, None, [dict(number=h.number, body=plain(h)) for h in found])

    def replace_all(self, replace: Callable[[Connection], None]) -> None:
        """Lets `replace` put other records in the place of all there are, within this transaction."""
        replace(self._connection)
        self.changed = True

    def _replace(self, table: Any, where: Any, rows: list[dict[str, Any]]) -> None:
        statement = delete(table)
        self._connection.execute(statement if where is None else statement.where(where))
        self._insert(table, rows)

    def _insert(self, table: Any, rows: Iterable[dict[str, Any]]) -> None:
        if batch := list(rows):
            self._connection.execute(insert(table), batch)
        self.changed = True


def _clause_row(clause: Clause, position: int) -> dict[str, Any]:
    body = plain(clause)
    facts = {name: body.pop(name) for name in FACTS}
    return {**body, "position": position, "facts": facts}


def _duty_row(duty: Duty, position: int) -> dict[str, Any]:
    body = plain(duty)
    del body["title"]
    return {**body, "position": position}
