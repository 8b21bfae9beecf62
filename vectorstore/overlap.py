"""Overlap: how much of a question each passage says, and how like it is to one of the passage's wordings.

Built once at ingest from pairs of characters, pairs of syllables (misheard and typed words) and concepts of the
thesaurus (everyday words), each weighted by its rarity; asked by adding up posting lists with numpy.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore import text
from vectorstore.records import Passage
from vectorstore.shelves import Shelves, shelve
from vectorstore.thesaurus import Expansion, Thesaurus

Array = np.ndarray[Any, np.dtype[Any]]

CONCEPT = 4.0
"""Weight of a shared concept of the thesaurus, beside a pair of characters that counts its rarity (0 to 8)."""
CHARACTER = 0.3
"""Weight of a single shared character beside a pair."""
SYLLABLES = 0.5
"""Weight of a pair of syllables that sound alike beside a pair of characters."""
SOUND = 0.85
"""What a question explained by sound counts for beside one explained by characters."""
_WORDINGS = 8
"""So many of a passage's likest wordings speak for it together: one alone may be like by chance."""
_LIKEST = 2048
"""Wordings less like than so many others are left out of that; so the time does not grow with their number."""

_NONE = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which units have each feature: `units[starts[f]:starts[f + 1]]`; `size` is the number of units."""

    starts: Array
    units: Array
    size: int

    @classmethod
    def of(cls, rows: Sequence[Array], features: int) -> Postings:
        """The postings of units given as arrays of feature numbers, each number once."""
        numbers = np.concatenate([_NONE, *rows])
        units = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])
        counts = np.bincount(numbers, minlength=features)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(starts, units[np.argsort(numbers, kind="stable")], len(rows))

    def sums(self, features: Sequence[int], weights: Array) -> Array:
        """Per unit the weights of those `features` that it has."""
        lists = [self.units[self.starts[f] : self.starts[f + 1]] for f in features]
        if not lists:
            return np.zeros(self.size)
        repeated = np.repeat(weights, [len(part) for part in lists])
        return np.bincount(np.concatenate(lists), weights=repeated, minlength=self.size)


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Per passage, in the order of the index: how much of the question it says, how like a wording of its is.

    `wordings` is what several of its wordings together say against it: 0 for the passage whose wordings are likest,
    down to -1 where none is like, so that the first of a ranking keeps its score.
    """

    coverage: Array
    line: Array
    wordings: Array


class OverlapIndex:
    """A read-only index over passages. Build it with `build`, open it with the constructor.

    Raises ValueError when the folder holds none.
    """

    def __init__(self, folder: Path) -> None:
        try:
            kept = json.loads((folder / "overlap.json").read_text(encoding="utf-8"))
            arrays = np.load(folder / "overlap.npz")
            self._bodies = Postings(arrays["body_starts"], arrays["body_units"], len(kept["ids"]))
            self._lines = Postings(arrays["line_starts"], arrays["line_units"], len(arrays["line_weights"]))
            self._rarity, self._line_weights = arrays["rarity"], arrays["line_weights"]
            self._first_lines = arrays["first_lines"]
            self._held = np.diff([*self._first_lines, len(self._line_weights)])
        except (OSError, KeyError) as error:
            raise ValueError(f"no overlap index in {folder}") from error
        self.ids: list[str] = kept["ids"]
        self.places = {id_: n for n, id_ in enumerate(self.ids)}
        self._total = int(kept["total"])
        self._numbers = {name: n for n, name in enumerate(kept["features"])}

    @staticmethod
    def build(folder: Path, passages: Sequence[Passage], thesaurus: Thesaurus) -> None:
        """Writes an index of each shelf of `passages` into `folder`, which exists.

        A word is as rare as it is in all shelves together, so that what is explained can be held against each other.
        """
        numbers = _Numbers()
        bodies = {p.id: numbers.of(_body(p, thesaurus)) for p in passages}
        frequency = np.bincount(np.concatenate([_NONE, *bodies.values()]))
        shelves = shelve(passages)
        for place, members in zip(Shelves.write(folder, list(shelves)), shelves.values(), strict=True):
            lines = [[numbers.of(_line(said, thesaurus)) for said in (p.title, *p.asked_as)] for p in members]
            names, arrays = _arrays([bodies[p.id] for p in members], lines, numbers, frequency, len(passages))
            np.savez(place / "overlap.npz", **arrays)
            kept = {"ids": [p.id for p in members], "features": names, "total": len(passages)}
            (place / "overlap.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    def compare(
        self, normal: str, expansions: Sequence[Expansion], concepts: Iterable[int], *, heard: bool = True
    ) -> Overlaps:
        """A normalised question with its everyday words and concepts, against each passage (by sound, if `heard`)."""
        said = text.bigrams(normal)
        sounds = text.pinyin(normal) if heard else []
        features = {*text.grams(normal), *sounds, *(_concept(c) for c in concepts)}
        lines = self._likenesses(features)
        coverage = self._coverage(normal, said, sounds, expansions)
        if not lines.size:
            return Overlaps(coverage, np.zeros_like(coverage), np.zeros_like(coverage))
        line = np.asarray(np.maximum.reduceat(lines, self._first_lines))
        return Overlaps(coverage, line, self._together(lines))

    def _coverage(
        self, normal: str, said: Sequence[str], sounds: Sequence[str], expansions: Sequence[Expansion]
    ) -> Array:
        total, have = self._sums(said)
        for expansion in expansions:
            inside = text.bigrams(expansion.word)
            weight, partly = self._sums(inside)
            known = [n for c in expansion.concepts if (n := self._numbers.get(_concept(c))) is not None]
            explained = self._bodies.sums(known, np.ones(len(known))) > 0
            have = have + np.where(explained, weight - partly, 0.0)
        coverage = have / total if total else have
        heard_total, heard = self._sums(sounds)
        return np.maximum(coverage, SOUND * heard / heard_total) if heard_total else coverage

    def _sums(self, names: Sequence[str]) -> tuple[float, Array]:
        """The weight of some features of a question, known or not, and how much of it each passage has."""
        known = [(n, c) for name, c in Counter(names).items() if (n := self._numbers.get(name)) is not None]
        numbers = [n for n, _ in known]
        weights = self._rarity[numbers] * np.array([c for _, c in known]) if known else np.zeros(0)
        unknown = sum(self._unknown(name) for name in names if name not in self._numbers)
        return float(weights.sum()) + unknown, self._bodies.sums(numbers, weights)

    def _likenesses(self, features: set[str]) -> Array:
        """How like each wording is to the features of a question (0 to 1)."""
        numbers = [n for f in features if (n := self._numbers.get(f)) is not None]
        weights = self._rarity[numbers]
        asked = float(weights.sum()) + sum(self._unknown(f) for f in features if f not in self._numbers)
        if not asked or not self._lines.size:
            return np.zeros(self._lines.size)
        return np.asarray(2 * self._lines.sums(numbers, weights) / (asked + self._line_weights))

    def _together(self, lines: Array) -> Array:
        """The mean of each passage's likest wordings, the best counting 0, none like it -1."""
        likest = np.argsort(-lines, kind="stable")[:_LIKEST]
        likest = likest[lines[likest] > 0]
        owners = np.searchsorted(self._first_lines, likest, side="right") - 1
        by_owner = np.argsort(owners, kind="stable")
        likest, owners = likest[by_owner], owners[by_owner]
        starts = np.searchsorted(owners, owners)
        counted = np.arange(len(owners)) - starts < _WORDINGS
        sums = np.bincount(owners[counted], weights=lines[likest[counted]], minlength=len(self.ids))
        means = sums / np.minimum(self._held, _WORDINGS)
        return np.asarray(means / (means.max() or 1.0) - 1.0)

    def _unknown(self, name: str) -> float:
        return _rarity(name, 0, self._total)


class _Numbers:
    """A number for each feature met: of many passages that takes a hundredth of the memory of their names."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, features: set[str]) -> Array:
        """The numbers of some features, each once."""
        for name in features:
            if name not in self._known:
                self._known[name] = len(self.names)
                self.names.append(name)
        return np.fromiter((self._known[name] for name in features), np.int32, len(features))


def _arrays(
    bodies: Sequence[Array], lines: Sequence[Sequence[Array]], numbers: _Numbers, frequency: Array, total: int
) -> tuple[list[str], dict[str, Any]]:
    """The names of a shelf's features, and what is kept of its passages and their wordings with these numbered anew."""
    flat = [said for wordings in lines for said in wordings]
    used = np.unique(np.concatenate([_NONE, *bodies, *flat]))
    having = np.concatenate([frequency, np.zeros(len(numbers.names) - len(frequency), np.int64)])[used]
    names = [numbers.names[n] for n in used]
    rarity = np.array([_rarity(name, int(n), total) for name, n in zip(names, having, strict=True)], np.float64)
    line_rows = [np.searchsorted(used, row) for row in flat]
    body_postings = Postings.of([np.searchsorted(used, row) for row in bodies], len(names))
    line_postings = Postings.of(line_rows, len(names))
    return names, {
        "body_starts": body_postings.starts,
        "body_units": body_postings.units,
        "line_starts": line_postings.starts,
        "line_units": line_postings.units,
        "line_weights": np.array([rarity[row].sum() for row in line_rows], np.float64),
        "first_lines": np.cumsum([0, *(len(wordings) for wordings in lines[:-1])]).astype(np.int64),
        "rarity": rarity,
    }


def _body(passage: Passage, thesaurus: Thesaurus) -> set[str]:
    normal = text.normalise("\n".join((passage.title, passage.text, passage.context, *passage.asked_as)))
    concepts = (_concept(c) for c in thesaurus.concepts(normal))
    return {*text.grams(normal), *text.pinyin(normal), *concepts}


def _line(said: str, thesaurus: Thesaurus) -> set[str]:
    normal = text.normalise(said)
    return {*text.grams(normal), *text.pinyin(normal), *(_concept(c) for c in thesaurus.concepts(normal))}


def _concept(number: int) -> str:
    return f"#{number}"


def _rarity(name: str, having: int, total: int) -> float:
    """The inverse document frequency of a feature by BM25's formula, weighted by its kind; a concept's is fixed."""
    if name.startswith("#"):
        return CONCEPT
    rarity = math.log(1 + (total - having + 0.5) / (having + 0.5))
    if "_" in name:
        return SYLLABLES * rarity
    return rarity * (CHARACTER if len(name) == 1 and text.is_han(name) else 1.0)
