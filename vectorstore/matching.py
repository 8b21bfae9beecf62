"""Longest match: which names of a fixed list stand in a text, from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class LongestMatch:
    """Finds names in texts; at each place the longest one, and none inside another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[0], set()).add(len(name))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, said: str, accepts: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
        """Start and end of each name in `said` that `accepts(start, end)`."""
        at = 0
        while at < len(said):
            for length in self._lengths.get(said[at], ()):
                end = at + length
                if end <= len(said) and said[at:end] in self._names and accepts(at, end):
                    yield at, end
                    at = end
                    break
            else:
                at += 1
