"""The thesaurus file: everyday words and the terms of the sources that they stand for."""

from __future__ import annotations

from pathlib import Path

from ingest.datafile import Faults, entries
from vectorstore.records import Concept


def read_thesaurus(path: Path) -> list[Concept]:
    """The concepts of a YAML file. Raises DataFault naming file and line of every fault."""
    faults = Faults(path.name)
    found = []
    for line, entry in entries(path, {"terms", "words"}, {"terms", "words"}, faults):
        terms, words = ([str(w).strip() for w in entry[key] or ()] for key in ("terms", "words"))
        if not terms or not words:
            faults.add(line, "terms 和 words 都不能为空")
        for word in {w for w in words if words.count(w) > 1}:
            faults.add(line, f"“{word}”写了两次")
        found.append(Concept(tuple(terms), tuple(words)))
    faults.stop()
    return found
