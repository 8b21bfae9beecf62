"""The pipeline: files → records → the truth, then the indexes. Unchanged files cost nothing."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from ingest.cards import is_card, read_card
from ingest.chunks import read_document
from ingest.departments import read_departments
from ingest.hotlines import read_hotlines
from ingest.notice import parse_notice
from ingest.readers import fetch, is_address, read_text, unpack
from ingest.thesaurus import read_thesaurus
from ingest.wordings import SUFFIX as WORDINGS
from ingest.wordings import read_wordings
from vectorstore.errors import InputError, NotANotice, Unreadable
from vectorstore.knowledge import BUILTIN, Knowledge
from vectorstore.library import Library
from vectorstore.records import Document, Notice
from vectorstore.writer import Writer

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

PARSER_VERSION = "5"
"""Changed when the same file would give other records, so that it is read again."""


@dataclass(slots=True)
class Report:
    """What an ingest did: file names by outcome; `failed` holds (file, error)."""

    stored: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, InputError]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def corpus() -> Path:
    """The folder of the built-in notice, cards and tables."""
    return Path(str(resources.files("ingest") / "corpus"))


def ingest_builtin(library: Library, progress: Progress) -> Report:
    """Ingests the built-in tables, notices and cards. Raises DataFault when one of them is broken."""
    root = corpus()
    tables = [root / f"{name}.yaml" for name in ("departments", "thesaurus", "hotlines")]
    files = [*tables, *sorted((root / "notices").iterdir()), *sorted((root / "cards").rglob("*.md"))]
    named = [(f, f"{BUILTIN}{f.relative_to(root)}") for f in files]
    report = Report()
    _store(library.knowledge, named, progress, report, strict=True)
    _drop_missing(library.knowledge, {uri for _, uri in named})
    library.build_indexes(progress)
    return report


def ingest_paths(library: Library, paths: Iterable[Path | str], progress: Progress) -> Report:
    """Ingests files, folders and (given as text) web addresses. What cannot be read is reported, the rest is stored.

    Raises Unreadable when a path does not exist.
    """
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        files = list(_unpacked(_given(paths, Path(folder), report), Path(folder), report))
        _store(library.knowledge, files, progress, report)
    library.build_indexes(progress)
    return report


def look_at(path: Path) -> list[Notice | Document]:
    """What a file would be stored as, without storing it. Raises InputError when it cannot be read."""
    if path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as folder:
            return [found for _, file in unpack(path, Path(folder)) for found in look_at(file)]
    found = _recognise(read_text(path), path.name)
    return [found] if isinstance(found, Document) else list(found)


def _recognise(text: str, name: str) -> tuple[Notice, ...] | Document:
    """The notices that a text holds, or the text as a document."""
    try:
        parsed = parse_notice(text, name)
    except NotANotice:
        return read_document(text, name)
    return (parsed.notice, *parsed.others)


def _given(paths: Iterable[Path | str], folder: Path, report: Report) -> Iterator[tuple[Path, str]]:
    """Each file with the address it is stored under; what is behind a web address is fetched into `folder`."""
    for number, given in enumerate(paths):
        if not is_address(str(given)):
            yield from ((path, str(path.resolve())) for path in _files(Path(given)))
            continue
        place = folder / f"web{number}"
        place.mkdir()
        try:
            yield fetch(str(given), place, inside=True), str(given)
        except InputError as error:
            report.failed.append((str(given), error))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith("."))
    elif path.exists():
        yield path
    else:
        raise Unreadable("no_such_file", path=str(path))


def _unpacked(files: Iterable[tuple[Path, str]], folder: Path, report: Report) -> Iterator[tuple[Path, str]]:
    """The files of a zip, written to `folder` and named after it, in the place of the zip."""
    for number, (path, address) in enumerate(files):
        if path.suffix.lower() != ".zip":
            yield path, address
            continue
        try:
            inside = list(unpack(path, folder / str(number)))
        except InputError as error:
            report.failed.append((str(path), error))
            continue
        yield from ((file, f"{address}#{name}") for name, file in inside)


def _store(
    knowledge: Knowledge, files: list[tuple[Path, str]], progress: Progress, report: Report, strict: bool = False
) -> None:
    """Stores each file in one transaction of its own: a killed ingest leaves whole files behind."""
    for done, (path, uri) in enumerate(files):
        progress("读取文件", done, len(files))
        try:
            _store_one(knowledge, path, uri, report)
        except InputError as error:
            if strict:
                raise
            report.failed.append((str(path), error))
    progress("读取文件", len(files), len(files))


def _store_one(knowledge: Knowledge, path: Path, uri: str, report: Report) -> None:
    text = read_text(path) if path.suffix != ".yaml" else path.read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{PARSER_VERSION}\n{text}".encode()).hexdigest()
    with knowledge.writing() as writer:
        if writer.unchanged(uri, digest):
            report.unchanged.append(path.name)
            return
        writer.drop_source(uri)
        kind, reference = _put(writer, path, uri, text, report)
        writer.put_source(uri, digest, kind, reference)
    report.stored.append(path.name)


def _put(writer: Writer, path: Path, uri: str, text: str, report: Report) -> tuple[str, str]:
    """Stores what a file holds; gives the kind of record and what it is called."""
    if path.suffix == ".yaml":
        return _put_table(writer, path)
    if path.suffix == ".md" and is_card(text):
        card = read_card(text, path.name)
        writer.put_card(card, uri)
        return "card", card.id
    found = _recognise(text, path.name)
    if isinstance(found, Document):
        writer.put_document(found)
        return "document", found.id
    for notice in found:
        writer.put_notice(notice)
        report.warnings.extend(f"{path.name} {w}" for w in notice.warnings)
    return "notice", found[0].key


def _put_table(writer: Writer, path: Path) -> tuple[str, str]:
    if path.name.endswith(WORDINGS):
        found = read_wordings(path)
        writer.put_wordings(found)
        return "wordings", found.notice
    if path.name == "departments.yaml":
        writer.put_departments(read_departments(path))
    elif path.name == "thesaurus.yaml":
        writer.put_concepts(read_thesaurus(path))
    elif path.name == "hotlines.yaml":
        writer.put_hotlines(read_hotlines(path))
    else:
        raise Unreadable("unknown_format", path=str(path), suffix=path.name)
    return "table", path.name


def _drop_missing(knowledge: Knowledge, uris: set[str]) -> None:
    """Removes what an earlier version of the program brought along and this one does not."""
    gone = [s.uri for s in knowledge.sources() if s.uri.startswith(BUILTIN) and s.uri not in uris]
    if gone:
        with knowledge.writing() as writer:
            for uri in gone:
                writer.drop_source(uri)
