"""Shelves: which passages an index holds together, so that asking one notice costs the same beside a thousand others.

Each tier is a shelf; when there are several notices, each of them is one too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from vectorstore.records import Passage, Tier

_FILE = "shelves.json"

_Index = TypeVar("_Index")


def shelve(passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    """The passages of each shelf, by its name: a tier or the key of a notice."""
    shelves: dict[str, list[Passage]] = {}
    notices: dict[str, list[Passage]] = {}
    for passage in passages:
        shelves.setdefault(passage.tier.value, []).append(passage)
        if passage.tier is Tier.NOTICE:
            notices.setdefault(passage.scope, []).append(passage)
    return shelves | (notices if len(notices) > 1 else {})


class Shelves(Generic[_Index]):
    """The indexes of all shelves in one folder, each opened when it is first asked for.

    Raises ValueError when the folder holds none.
    """

    def __init__(self, folder: Path, open_: Callable[[Path], _Index]) -> None:
        self._folders = {name: folder / str(n) for n, name in enumerate(self.names(folder))}
        self._open = open_
        self._opened: dict[str, _Index] = {}
        for tier in Tier:
            self.get(tier.value)

    @staticmethod
    def write(folder: Path, names: Sequence[str]) -> list[Path]:
        """Makes a folder for each shelf in `folder`, which exists, and remembers their names.

        When it holds shelves already, their names come first and in their order.
        """
        (folder / _FILE).write_text(json.dumps(list(names), ensure_ascii=False), encoding="utf-8")
        folders = [folder / str(n) for n in range(len(names))]
        for each in folders:
            each.mkdir(exist_ok=True)
        return folders

    @staticmethod
    def names(folder: Path) -> list[str]:
        """The names of the shelves in `folder`. Raises ValueError when it holds none."""
        try:
            names: list[str] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"no shelves in {folder}") from error
        return names

    def choose(self, tier: Tier, scopes: Sequence[str]) -> str:
        """The smallest shelf that holds what is looked for: the notice's own, or the tier."""
        return scopes[0] if len(scopes) == 1 and scopes[0] in self._folders else tier.value

    def get(self, name: str) -> _Index | None:
        """The index of a shelf, None when there is no such shelf."""
        if name not in self._opened and name in self._folders:
            self._opened[name] = self._open(self._folders[name])
        return self._opened.get(name)
