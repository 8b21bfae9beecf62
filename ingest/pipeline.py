"""The pipeline: files → records → the truth, then the indexes. Unchanged files cost nothing."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from ingest.cards import is_card, read_card
from ingest.chunks import read_document
from ingest.departments import read_departments
from ingest.hotlines import read_hotlines
from ingest.notice import parse_notice
from ingest.readers import Reading, fetch, is_address, read_apart, unpack
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

PARSER_VERSION = "6"
"""Changed when the same file would give other records, so that it is read again."""


_AHEAD = 8
"""So many files may have been read and wait to be stored: what bounds the memory."""


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


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file would be stored as: the notices that it holds, or a document; `warnings` say what to look at."""

    notices: tuple[Notice, ...]
    document: Document | None
    warnings: tuple[str, ...]


def look_at(path: Path) -> list[Recognised]:
    """What a file (or each file of a zip) would be stored as, without storing it.

    Raises InputError when it cannot be read.
    """
    if path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as folder:
            return [found for _, file in unpack(path, Path(folder)) for found in look_at(file)]
    return [_recognise(read_apart(path), path.name)]


def _recognise(reading: Reading, name: str) -> Recognised:
    hidden = (f"有看不见的内容，请核对：“{reading.hidden}”",) if reading.hidden else ()
    try:
        parsed = parse_notice(reading.text, name)
    except NotANotice:
        return Recognised((), read_document(reading.text, name), hidden)
    notices = (parsed.notice, *parsed.others)
    return Recognised(notices, None, (*hidden, *(w for notice in notices for w in notice.warnings)))


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
    known = {source.uri: source.sha256 for source in knowledge.sources()}
    digests = {uri: _digest(path) for path, uri in files}
    fresh = [(path, uri) for path, uri in files if known.get(uri) != digests[uri]]
    report.unchanged.extend(path.name for path, uri in files if known.get(uri) == digests[uri])
    for done, (path, uri, found) in enumerate(_read_all(fresh), len(files) - len(fresh)):
        progress("读取文件", done, len(files))
        try:
            _store_one(knowledge, path, uri, digests[uri], found, report)
        except InputError as error:
            if strict:
                raise
            report.failed.append((str(path), error))
    progress("读取文件", len(files), len(files))


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(PARSER_VERSION.encode() + path.read_bytes()).hexdigest()
    except OSError:
        return ""  # reading it again says why it cannot be read


def _read_all(files: list[tuple[Path, str]]) -> Iterator[tuple[Path, str, Reading | InputError]]:
    """What each file says, in order; as many are read at once as there are processors, few wait to be stored."""
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        waiting: deque[tuple[Path, str, Future[Reading | InputError]]] = deque()
        for path, uri in files:
            waiting.append((path, uri, readers.submit(_read, path)))
            if len(waiting) > _AHEAD:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: deque[tuple[Path, str, Future[Reading | InputError]]]) -> tuple[Path, str, Reading | InputError]:
    path, uri, reading = waiting.popleft()
    return path, uri, reading.result()


def _read(path: Path) -> Reading | InputError:
    """A file's text, or the error that its reader met, for the place where both are dealt with in order."""
    try:
        return Reading(path.read_text(encoding="utf-8")) if path.suffix == ".yaml" else read_apart(path)
    except InputError as error:
        return error


def _store_one(
    knowledge: Knowledge, path: Path, uri: str, digest: str, found: Reading | InputError, report: Report
) -> None:
    if isinstance(found, InputError):
        raise found
    with knowledge.writing() as writer:
        writer.drop_source(uri)
        kind, references = _put(writer, path, uri, found, report)
        writer.put_source(uri, digest, kind, references)
    report.stored.append(path.name)


def _put(writer: Writer, path: Path, uri: str, reading: Reading, report: Report) -> tuple[str, list[str]]:
    """Stores what a file holds; gives the kind of record and what each is called."""
    if path.suffix == ".yaml":
        return _put_table(writer, path)
    if path.suffix == ".md" and is_card(reading.text):
        card = read_card(reading.text, path.name)
        writer.put_card(card, uri)
        return "card", [card.id]
    found = _recognise(reading, path.name)
    report.warnings.extend(f"{path.name} {w}" for w in found.warnings)
    if found.document is not None:
        document = replace(found.document, id=writer.free_id(found.document.id))
        writer.put_document(document)
        return "document", [document.id]
    for notice in found.notices:
        writer.put_notice(notice)
    return "notice", [notice.key for notice in found.notices]


def _put_table(writer: Writer, path: Path) -> tuple[str, list[str]]:
    if path.name.endswith(WORDINGS):
        found = read_wordings(path)
        writer.put_wordings(found)
        return "wordings", [found.notice]
    if path.name == "departments.yaml":
        writer.put_departments(read_departments(path))
    elif path.name == "thesaurus.yaml":
        writer.put_concepts(read_thesaurus(path))
    elif path.name == "hotlines.yaml":
        writer.put_hotlines(read_hotlines(path))
    else:
        raise Unreadable("unknown_format", path=str(path), suffix=path.name)
    return "table", [path.name]


def _drop_missing(knowledge: Knowledge, uris: set[str]) -> None:
    """Removes what an earlier version of the program brought along and this one does not."""
    gone = [s.uri for s in knowledge.sources() if s.uri.startswith(BUILTIN) and s.uri not in uris]
    if gone:
        with knowledge.writing() as writer:
            for uri in gone:
                writer.drop_source(uri)
