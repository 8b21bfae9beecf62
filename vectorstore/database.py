"""The tables of the truth, their versions, and the engine that opens them."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from vectorstore.errors import StoreBusy, StoreError, StoreFull, StoreUnwritable

metadata = MetaData()
_MAKING = 0x6B657075
"""The lock under which tables are made in PostgreSQL."""

meta = Table("meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("uri", String(512), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(256), nullable=False, index=True),
)


def _records(name: str, key: str, kind: TypeEngine[Any]) -> Table:
    """A table of records, each whole in one column beside its key."""
    columns = Column(key, kind, primary_key=True), Column("body", JSON, nullable=False)
    return Table(name, metadata, *columns)


notices = _records("notices", "key", String(256))


def _notice_key() -> Column[str]:
    return Column("notice", String(256), ForeignKey("notices.key", ondelete="CASCADE"), primary_key=True)


clauses = Table(
    "clauses",
    metadata,
    _notice_key(),
    Column("path", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("parent", String(64), nullable=False),
    Column("level", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("page", Integer),
    Column("facts", JSON, nullable=False),
)

duties = Table(
    "duties",
    metadata,
    _notice_key(),
    Column("position", Integer, primary_key=True),
    Column("path", String(64), nullable=False),
    Column("department", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("line", Integer, nullable=False),
)

departments = _records("departments", "name", String(128))
concepts = _records("concepts", "position", Integer())
wordings = _records("wordings", "notice", String(256))
hotlines = _records("hotlines", "number", String(16))

cards = Table(
    "cards",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("uri", String(512), primary_key=True),
    Column("body", JSON, nullable=False),
)

documents = _records("documents", "id", String(256))

FIRST_TABLES = [meta, sources, notices, clauses, duties, departments, concepts]
SECOND_TABLES = [wordings, hotlines, cards, documents]


def _create_first(connection: Connection) -> None:
    metadata.create_all(connection, tables=FIRST_TABLES)


def _create_second(connection: Connection) -> None:
    metadata.create_all(connection, tables=SECOND_TABLES)


_TURNS: defaultdict[str, Lock] = defaultdict(Lock)
"""Whose turn it is to write into a SQLite file, by its path."""

MIGRATIONS: list[Callable[[Connection], None]] = [_create_first, _create_second]
"""Step N takes a store from schema version N to N+1; a released step is never changed."""


def open_engine(url: str) -> Engine:
    """An engine for a database URL, with foreign keys and a write-ahead log on SQLite.

    A server that was started again meanwhile is connected to anew; one that does not answer is waited for 3 seconds.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 3})
    engine = create_engine(url, connect_args={"timeout": 5})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def open_state(home: Path, url: str | None, tables: MetaData) -> Engine:
    """The engine of what is kept beside the truth, in `home/state.db` or behind another URL, with `tables` made.

    Raises StoreError when they cannot be made.
    """
    engine = open_engine(url or sqlite_url(home, "state.db"))
    with guarded(engine), _alone(engine), engine.begin() as connection:
        _make(connection, tables)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; those of this process on one SQLite file come one after another.

    SQLite has those that wait look again after up to a tenth of a second: of forty threads the last waited 1.6 s.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with _TURNS[str(engine.url.database)], engine.begin() as connection:
        yield connection


def empty_log(engine: Engine) -> None:
    """Writes SQLite's write-ahead log into its file and empties it: what was deleted is then in neither."""
    if engine.dialect.name == "sqlite":
        with guarded(engine), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keeps others from opening the same SQLite file for the first time.

    SQLite refuses at once, without waiting, when two turn on the write-ahead log of a new file together.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with FileLock(f"{engine.url.database}.lock", timeout=30):
        yield


def _make(connection: Connection, tables: MetaData) -> None:
    """Makes the tables that are not there yet, whoever else does so at the same moment."""
    if connection.dialect.name == "postgresql":
        # CREATE ... IF NOT EXISTS fails there when another one makes the same between the look and the making.
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def sqlite_url(folder: Path, name: str) -> str:
    """The URL of a SQLite file in `folder`, which is made when missing.

    Raises StoreUnwritable when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store_error(error, folder) from error
    return f"sqlite:///{folder / name}"


def migrate(engine: Engine) -> None:
    """Brings a store to the present schema, in one transaction.

    Raises StoreError `store_newer` when a newer program has written it.
    """
    with guarded(engine), _alone(engine):
        with engine.connect() as probe:
            version = _schema_version(probe)
        if version > len(MIGRATIONS):
            raise StoreError("store_newer", found=version, known=len(MIGRATIONS))
        if version == len(MIGRATIONS):
            return
        with engine.begin() as connection:
            for step in MIGRATIONS[version:]:
                step(connection)
            put_meta(connection, "schema", str(len(MIGRATIONS)))


def _schema_version(connection: Connection) -> int:
    if not inspect(connection).has_table("meta"):
        return 0
    return int(get_meta(connection, "schema") or 0)


def get_meta(connection: Connection, key: str) -> str | None:
    """The value stored under `key` in the meta table."""
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def put_meta(connection: Connection, key: str, value: str) -> None:
    """Stores `value` under `key` in the meta table."""
    connection.execute(meta.delete().where(meta.c.key == key))
    connection.execute(meta.insert().values(key=key, value=value))


@contextmanager
def guarded(where: Engine | Path) -> Iterator[None]:
    """Turns what the database or the disk raises into the errors of this package."""
    try:
        yield
    except (OperationalError, DatabaseError, OSError) as error:
        raise store_error(error, where.url.database if isinstance(where, Engine) else where) from error


def store_error(error: Exception, where: object) -> StoreError:
    """The error of ours for what SQLite, another engine or the file system said."""
    said = str(getattr(error, "orig", None) or error).lower()
    if getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in said or "no space left" in said:
        return StoreFull(path=str(where))
    if "locked" in said or "busy" in said:
        return StoreBusy(path=str(where))
    if isinstance(error, OSError) or "readonly" in said or "unable to open" in said or "permission" in said:
        return StoreUnwritable(path=str(where))
    return StoreError(path=str(where), reason=said)
