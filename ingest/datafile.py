"""Data files that people edit: read as YAML with the line of each entry, faults named by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from vectorstore.errors import DataFault


@dataclass(slots=True)
class Faults:
    """Gathers every fault of a file, so that all are named at once."""

    name: str
    found: list[str] = field(default_factory=list)

    def add(self, line: int, what: str) -> None:
        """Notes one fault."""
        self.found.append(f"{self.name}:{line}: {what}")

    def stop(self) -> None:
        """Raises DataFault when anything was noted."""
        if self.found:
            raise DataFault(faults=self.found)


class _Loader(yaml.CSafeLoader):
    """Keeps the line of each mapping under the key "__line__"."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping["__line__"] = node.start_mark.line + 1
        return mapping


def load(text: str, name: str, first_line: int = 1) -> Any:
    """The content of a YAML text; mappings carry their line under `__line__`.

    Raises DataFault with the place when it is not valid YAML.
    """
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        problem = getattr(error, "problem", "") or str(error)
        raise DataFault(faults=[f"{name}:{line}: 不是有效的 YAML（{problem}）"]) from error
    return loaded


def key_lines(text: str, first_line: int = 1) -> dict[str, int]:
    """The line of each key at the beginning of a line."""
    lines = enumerate(text.split("\n"), first_line)
    return {line.split(":")[0].strip("\"' "): n for n, line in lines if line[:1].strip()}


def entries(path: Path, allowed: set[str], required: set[str], faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a list file with their lines; unknown and missing keys are noted as faults."""
    loaded = load(path.read_text(encoding="utf-8"), faults.name)
    if not isinstance(loaded, list):
        faults.add(1, "应当是一个列表")
        return
    for entry in loaded:
        if not isinstance(entry, dict):
            faults.add(1, f"条目应当是键值对：{entry!r}")
            continue
        line = entry.pop("__line__")
        for key in set(entry) - allowed:
            faults.add(line, f"不认识的键“{key}”")
        for key in required - set(entry):
            faults.add(line, f"缺少“{key}”")
        if required <= set(entry):
            yield line, entry
