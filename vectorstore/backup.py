"""Backup: the truth as one file that any engine can be restored from: a zip with one line of JSON a row."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from vectorstore import database as db
from vectorstore.errors import InputError
from vectorstore.knowledge import Knowledge

_FORMAT = "kepu-backup-1"
_TABLES = [t for t in db.metadata.sorted_tables if t.name != "meta"]


def save(knowledge: Knowledge, file: Path) -> int:
    """Writes every record to `file`, complete or not at all; gives how many. Raises StoreError."""
    beside = file.with_name(file.name + ".part")
    count = 0
    with db.guarded(file), knowledge.reading() as connection:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("format", _FORMAT)
            for table in _TABLES:
                rows = [dict(row._mapping) for row in connection.execute(select(table))]
                count += len(rows)
                lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                archive.writestr(f"{table.name}.jsonl", lines)
        beside.replace(file)
    return count


def load(knowledge: Knowledge, file: Path) -> int:
    """Puts the records of `file` in the place of those there are, in one transaction; gives how many.

    Raises InputError `not_a_backup` when the file is none; the records there are then stay.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.read("format").decode() != _FORMAT:
                raise InputError("not_a_backup", path=str(file))
            rows = {t.name: _rows(archive, t) for t in _TABLES}
    except FileNotFoundError as error:
        raise InputError("no_such_file", path=str(file)) from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError("not_a_backup", path=str(file)) from error
    with knowledge.writing() as writer:
        writer.replace_all(lambda connection: _replace(connection, rows))
    return sum(map(len, rows.values()))


def holds(file: Path, names: Collection[str]) -> bool:
    """Whether a backup holds a record that a file gave and that has one of `names`."""
    with zipfile.ZipFile(file) as archive:
        sources = _rows(archive, db.sources)
    return any(name in names for source in sources for name in source["reference"].split("\n"))


def _rows(archive: zipfile.ZipFile, table: Table) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"{table.name}.jsonl").decode().splitlines()]


def _replace(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table in reversed(_TABLES):
        connection.execute(delete(table))
    for table in _TABLES:
        if rows[table.name]:
            connection.execute(insert(table), rows[table.name])
