"""Wordings of a notice: everyday phrases for its clauses, in `<notice>.wordings.yaml` beside the notice."""

from __future__ import annotations

from pathlib import Path

from ingest import datafile
from ingest.datafile import Faults
from vectorstore.records import Wordings

SUFFIX = ".wordings.yaml"
_LONGEST = 80


def read_wordings(path: Path) -> Wordings:
    """The phrases of each path. Raises DataFault naming file and line of every fault."""
    faults = Faults(path.name)
    text = path.read_text(encoding="utf-8")
    loaded = datafile.load(text, path.name)
    lines = datafile.key_lines(text)
    phrases: dict[str, tuple[str, ...]] = {}
    if not isinstance(loaded, dict):
        faults.add(1, "应当是“条目: [说法, …]”")
        faults.stop()
    loaded.pop("__line__", None)
    seen: dict[str, str] = {}
    for clause, said in loaded.items():
        line = lines.get(str(clause), 1)
        if not isinstance(said, list) or not all(isinstance(p, str) for p in said):
            faults.add(line, f"“{clause}”后面应当是一列说法")
            continue
        for phrase in said:
            if len(phrase) > _LONGEST:
                faults.add(line, f"“{phrase[:12]}……”太长，最多{_LONGEST}个字")
            if phrase in seen:
                faults.add(line, f"“{phrase}”在“{seen[phrase]}”下面已经有了")
            seen[phrase] = str(clause)
        phrases[str(clause)] = tuple(said)
    faults.stop()
    return Wordings(path.name.removesuffix(SUFFIX), phrases)
