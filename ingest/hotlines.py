"""The hotline table: each number with what it is for and since when."""

from __future__ import annotations

from pathlib import Path

from ingest.datafile import Faults, entries
from vectorstore.records import Hotline

_KEYS = {"number", "name", "for", "since", "source", "checked", "note"}


def read_hotlines(path: Path) -> list[Hotline]:
    """The hotlines of a YAML file. Raises DataFault naming file and line of every fault."""
    faults = Faults(path.name)
    found: dict[str, Hotline] = {}
    for line, entry in entries(path, _KEYS, {"number", "name", "for", "source"}, faults):
        number = str(entry["number"])
        if number in found:
            faults.add(line, f"号码“{number}”写了两次")
        if not number.isdigit():
            faults.add(line, f"号码“{number}”应当全是数字")
        since, note = (str(entry.get(key) or "") for key in ("since", "note"))
        found[number] = Hotline(number, str(entry["name"]), str(entry["for"]), since, note)
    faults.stop()
    return list(found.values())
