"""`python -m ingest.check`: validates the built-in data files and names every fault by file and line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.cards import check_cards
from ingest.departments import read_departments
from ingest.hotlines import read_hotlines
from ingest.notice import parse_notice
from ingest.pipeline import corpus
from ingest.readers import read_text
from ingest.thesaurus import read_thesaurus
from ingest.wordings import SUFFIX, read_wordings
from vectorstore.errors import DataFault


def main() -> int:
    """0 when all files are sound, else 1 with the faults on standard error."""
    faults = list(_faults(corpus()))
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


def _faults(root: Path) -> Iterator[str]:
    yield from _read(read_departments, root / "departments.yaml")[1]
    yield from _read(read_thesaurus, root / "thesaurus.yaml")[1]
    hotlines, faults = _read(read_hotlines, root / "hotlines.yaml")
    yield from faults
    notices = [parse_notice(read_text(f), f.name).notice for f in sorted((root / "notices").glob("*.txt"))]
    paths = {n.key: {c.path for c in n.clauses} for n in notices}
    for file in sorted((root / "notices").glob(f"*{SUFFIX}")):
        wordings, faults = _read(read_wordings, file)
        yield from faults
        if wordings:
            unknown = set(wordings.phrases) - paths.get(wordings.notice, set())
            yield from (f"{file.name}:1: 条目“{path}”不存在" for path in sorted(unknown))
    yield from check_cards(root / "cards", hotlines or [], set().union(*paths.values()))


def _read(read: Callable[[Path], Any], file: Path) -> tuple[Any, list[str]]:
    try:
        return read(file), []
    except DataFault as error:
        return None, error.data["faults"]


if __name__ == "__main__":
    sys.exit(main())
