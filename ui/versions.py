"""Versions of the truth that can be gone back to, and the forgetting that leaves none behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from vectorstore import backup
from vectorstore.library import Library

Progress = Callable[[str, int, int], None]
_VERSION = re.compile(r"version-(\d+)\.zip")


class Versions:
    """Copies of the truth, one before each change made on the admin page, to go back to."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._folder = library.knowledge.home / "versions"

    def keep(self) -> None:
        """Keeps the present version."""
        self._folder.mkdir(parents=True, exist_ok=True)
        backup.save(self._library.knowledge, self._folder / f"version-{self._library.knowledge.version()}.zip")

    def kept(self) -> list[int]:
        """The versions that can be gone back to, newest first."""
        found = (_VERSION.fullmatch(f.name) for f in self._folder.glob("version-*.zip"))
        return sorted((int(m[1]) for m in found if m), reverse=True)

    def go_back(self, version: int, progress: Progress) -> None:
        """Puts a version in the place of the present one, which is kept too."""
        self.keep()
        backup.load(self._library.knowledge, self._folder / f"version-{version}.zip")
        self._library.build_indexes(progress)

    def drop_holding(self, names: Collection[str]) -> None:
        """Removes the copies that hold a record of one of these names."""
        for file in self._folder.glob("version-*.zip"):
            if backup.holds(file, names):
                file.unlink()


def forget_everywhere(library: Library, name: str, progress: Progress) -> list[str]:
    """Removes what a name names from the truth, the indexes, the files' free space and the versions kept.

    Gives what was removed. Raises UnknownName.
    """
    gone = library.forget(name)
    library.build_indexes(progress)
    Versions(library).drop_holding(gone)
    library.knowledge.scrub()
    return gone
