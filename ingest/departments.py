"""The department table: canonical names, aliases, dated former names."""

from __future__ import annotations

from pathlib import Path

from ingest.datafile import Faults, entries
from vectorstore.records import Department

_KEYS = {"name", "aliases", "former", "level", "about"}


def read_departments(path: Path) -> list[Department]:
    """The departments of a YAML file.

    Raises DataFault naming file and line of every fault: unknown or missing keys, a name given twice,
    an alias that is another department's name.
    """
    faults = Faults(path.name)
    found: dict[str, Department] = {}
    lines: dict[str, int] = {}
    for line, entry in entries(path, _KEYS, {"name"}, faults):
        name = str(entry["name"])
        if name in found:
            faults.add(line, f"部门“{name}”写了两次")
        former = tuple((str(f["name"]), str(f["until"])) for f in entry.get("former", ()))
        aliases = tuple(str(a) for a in entry.get("aliases", ()))
        found[name] = Department(name, str(entry.get("level", "省")), aliases, former, str(entry.get("about", "")))
        lines[name] = line
    for department in found.values():
        for alias in department.aliases:
            if alias in found and alias != department.name:
                faults.add(lines[department.name], f"别称“{alias}”是另一个部门的名称")
    faults.stop()
    return list(found.values())
