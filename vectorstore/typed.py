"""Typed pinyin: `zhihui zhulao` read as 智慧助老, by the words of what is known here.

A lattice of words over the syllables, the likeliest path by a model of words and pairs of words (Viterbi 1967); the
pairs are smoothed with the words (Jelinek and Mercer 1980).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from vectorstore import text
from vectorstore.records import Passage

_FILE = "typed.json"
_START = "^"
_LONGEST = 6
"""Syllables of the longest word."""
_HOMOPHONES = 6
"""So many words of one sound are looked at, the commonest."""
_PAIRS = 0.6
"""What pairs of words count for beside single ones."""
_LEAST = 2
"""So many syllables are pinyin that somebody typed; one may be any abbreviation."""
_ASKED = 200
"""What a word that questions are made of counts for at least."""
_ACROSS = math.log(20)
"""What a word costs that runs over a space, when words are typed as wholes elsewhere."""
_INSIDE = math.log(4)
"""What an end of a word costs that stands in the middle of what was typed together."""
_ALSO = {"shei": ["谁"]}
"""Sounds that the table of readings does not give."""
_LATIN = re.compile(r"[a-z]+(?:[\s'’,.?!-]+[a-z]+)*")


@dataclass(frozen=True, slots=True)
class _Words:
    """How often words and pairs of words occur (`甲 乙`), the Latin ones, and the Chinese ones of each sound."""

    total: int
    words: dict[str, int]
    pairs: dict[str, int]
    latin: list[str]
    sounds: dict[str, list[str]]


class TypedPinyin:
    """Reads pinyin as the words of some passages. Build it with `build`, open it with the constructor.

    Raises ValueError when the folder holds none.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        if not self._file.exists():
            raise ValueError(f"no words for typed pinyin in {folder}")

    @staticmethod
    def build(folder: Path, passages: Iterable[Passage]) -> None:
        """Counts the words of passages and their wordings into `folder`, which exists."""
        words: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        latin: set[str] = set()
        for run in _runs(passages):
            if not text.is_han(run[0]):
                latin.add(run)
                continue
            cut = text.segment(run)
            words.update(cut)
            pairs.update(" ".join(pair) for pair in pairwise((_START, *cut)))
        kept = _Words(words.total() or 1, words, pairs, sorted(latin), _by_sound(words) | _ALSO)
        counted = {each.name: getattr(kept, each.name) for each in fields(kept)}  # not copied, as asdict would
        (folder / _FILE).write_text(json.dumps(counted, ensure_ascii=False), encoding="utf-8")

    def read(self, said: str, asked: tuple[str, ...] = ()) -> str:
        """A text with the typed pinyin in it as Chinese words; as it was where it is none.

        `asked` are words that questions are made of besides those of the passages.
        """
        return _LATIN.sub(lambda found: self._read(found[0], asked), text.normalise(said)) if _latin(said) else said

    @cached_property
    def _words(self) -> _Words:
        return _Words(**json.loads(self._file.read_text(encoding="utf-8")))

    def _read(self, run: str, asked: tuple[str, ...]) -> str:
        tokens = re.findall(r"[a-z]+", run)
        cut = [text.split_pinyin(token) for token in tokens]
        syllables = [s for part in cut for s in part]
        if not all(cut) or len(syllables) < _LEAST or set(tokens).issubset(self._words.latin):
            return run
        spaces = {sum(map(len, cut[:n])) for n in range(1, len(cut))} if len(cut) < len(syllables) else set()
        path = self._best(syllables, spaces, _asked_by_sound(asked))
        return run if path is None or max(map(len, path)) < _LEAST else "".join(path)

    def _best(self, syllables: Sequence[str], spaces: set[int], asked: dict[str, list[str]]) -> list[str] | None:
        """The likeliest words for syllables; None when no words sound like them."""
        sounds = self._words.sounds
        ways: list[dict[str, tuple[float, int, str]]] = [{_START: (0.0, 0, "")}, *({} for _ in syllables)]
        for start, here in enumerate(ways[:-1]):
            for end in range(start + 1, min(start + _LONGEST, len(syllables)) + 1):
                sound = " ".join(syllables[start:end])
                known = asked.get(sound, ())
                across = _ACROSS * len(spaces.intersection(range(start + 1, end)))
                across += _INSIDE if spaces and end not in spaces else 0.0
                for word in dict.fromkeys((*sounds.get(sound, ()), *known)):
                    count = max(self._words.words.get(word, 0), _ASKED if word in known else 1)
                    for before, (cost, _, _) in here.items():
                        spent = cost + across - math.log(self._likely(before, word, count))
                        if word not in ways[end] or spent < ways[end][word][0]:
                            ways[end][word] = (spent, start, before)
        return _back(ways)

    def _likely(self, before: str, word: str, count: int) -> float:
        pair = self._words.pairs.get(f"{before} {word}", 0) / max(self._words.words.get(before, 0), 1)
        return _PAIRS * min(pair, 1.0) + (1 - _PAIRS) * count / self._words.total


def _back(ways: Sequence[dict[str, tuple[float, int, str]]]) -> list[str] | None:
    """The words of the cheapest way, read from its end."""
    if not ways[-1]:
        return None
    end, word = len(ways) - 1, min(ways[-1], key=lambda w: ways[-1][w][0])
    path: list[str] = []
    while word != _START:
        path.append(word)
        _, end, word = ways[end][word]
    return path[::-1]


def _latin(said: str) -> bool:
    return re.search(r"[A-Za-zＡ-Ｚａ-ｚ]{2}", said) is not None


def _runs(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        for part in (passage.title, passage.text, *passage.asked_as):
            yield from text.runs(text.normalise(part))


def _by_sound(words: Counter[str]) -> dict[str, list[str]]:
    """The commonest words of each sound, the commonest first."""
    found: dict[str, list[str]] = {}
    for word, _ in words.most_common():
        if len(word) <= _LONGEST and len(same := found.setdefault(text.sound(word), [])) < _HOMOPHONES:
            same.append(word)
    return found


@lru_cache(maxsize=4)
def _asked_by_sound(asked: tuple[str, ...]) -> dict[str, list[str]]:
    return _by_sound(Counter(word for word in asked if word and all(map(text.is_han, word))))
