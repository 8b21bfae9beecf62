"""The pipeline: files → records → the truth, then the indexes. Unchanged files cost nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from ingest.departments import read_departments
from ingest.notice import parse_notice
from ingest.readers import read_text
from ingest.thesaurus import read_thesaurus
from vectorstore.errors import InputError, Unreadable
from vectorstore.knowledge import Knowledge, Writer
from vectorstore.library import Library

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

PARSER_VERSION = "1"
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
    """Ingests the built-in tables and notices. Raises DataFault when one of them is broken."""
    root = corpus()
    files = [root / "departments.yaml", root / "thesaurus.yaml", *sorted((root / "notices").iterdir())]
    report = _store(library.knowledge, [(f, f"builtin:{f.name}") for f in files], progress, strict=True)
    library.build_indexes(progress)
    return report


def ingest_paths(library: Library, paths: Iterable[Path], progress: Progress) -> Report:
    """Ingests files and folders. A file that cannot be read is reported; the others are stored.

    Raises Unreadable when a path does not exist.
    """
    files = [(f, str(f.resolve())) for f in _files(paths)]
    report = _store(library.knowledge, files, progress, strict=False)
    library.build_indexes(progress)
    return report


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith("."))
        elif path.exists():
            yield path
        else:
            raise Unreadable("no_such_file", path=str(path))


def _store(knowledge: Knowledge, files: list[tuple[Path, str]], progress: Progress, strict: bool) -> Report:
    """Stores each file in one transaction of its own: a killed ingest leaves whole files behind."""
    report = Report()
    for done, (path, uri) in enumerate(files):
        progress("读取文件", done, len(files))
        try:
            _store_one(knowledge, path, uri, report)
        except InputError as error:
            if strict:
                raise
            report.failed.append((str(path), error))
    progress("读取文件", len(files), len(files))
    return report


def _store_one(knowledge: Knowledge, path: Path, uri: str, report: Report) -> None:
    text = read_text(path) if path.suffix != ".yaml" else path.read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{PARSER_VERSION}\n{text}".encode()).hexdigest()
    with knowledge.writing() as writer:
        if writer.unchanged(uri, digest):
            report.unchanged.append(path.name)
            return
        kind, reference = _put(writer, path, text, report)
        writer.put_source(uri, digest, kind, reference)
    report.stored.append(path.name)


def _put(writer: Writer, path: Path, text: str, report: Report) -> tuple[str, str]:
    if path.name == "departments.yaml":
        writer.put_departments(read_departments(path))
        return "departments", path.name
    if path.name == "thesaurus.yaml":
        writer.put_concepts(read_thesaurus(path))
        return "thesaurus", path.name
    parsed = parse_notice(text, path.name)
    for notice in (parsed.notice, *parsed.others):
        writer.put_notice(notice)
        report.warnings.extend(f"{path.name} {w}" for w in notice.warnings)
    return "notice", parsed.notice.key
