"""Verification: whether a generated sentence says only what the passages say that it cites.

Everything is decided by rule, sentence by sentence; a doubt counts against the sentence. What a wrong sentence can do
here is to be replaced by the composed answer, so a rule may be stricter than a reader would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assistant import claims
from assistant.polarity import reversed_words
from assistant.sources import Source
from vectorstore import text
from vectorstore.names import DepartmentNames, Mention
from vectorstore.records import Role

_MARK = re.compile(r"\[(\d{1,2})\]")
_LEAST_SUPPORT = 0.6
"""Least share of a sentence's content that its passages have to contain."""
_SEGMENT_SUPPORT = 0.2
"""The same for a single segment of it that has enough content to judge."""
_ENOUGH = 6
_BETWEEN = re.compile(r"[、,;。和与及]")
_MEMBER = re.compile(r"[\u4e00-\u9fff]{2,5}")
"""A short member of a list."""
_BESIDE_NUMBER = 0.25
"""Least share of what stands beside a number that has to stand beside it in the passage, too."""
_CALLED = re.compile(r"(?<![\d.,])(?:1\d{2}|1[12]\d{3}|96\d{3})(?![\d.年月日%])(?!\s*[名人个年项次元克])")
"""What looks like a short telephone number."""
_AS_LIKE = 0.7
_COUNTS = {"person", "visit", "item", "time"}
_STRONG = re.compile(
    r"必须|务必|一律|全部|所有|唯一|仅|已经|已达|已完成|已建成|保证|绝对|百分百|根治|永远|从不|从来|总是|强制|无需|任何|一定|彻底|完全|肯定"
    r"|今年|明年|去年|后年|本月|下个?月|上个?月|年底|年初|年内|昨天|今天|明天|最近|目前|每年|每季度|每半年|每月|每周|每天|每日|上半年|下半年"
    r"|移出|剔除|取消|停止|暂停|禁止|限制|减少|降低|削弱|缩小|收费|放弃|推迟|撤销|合并|废止"
)
"""Words that make a statement stronger, fix it in time or turn it round: they must be the passage's own."""
_ADDRESS = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|io|top|xyz)\b|@[a-z]|[a-z0-9_]{16,}")
_FILLER = re.compile(
    r"[的了是在和与及或也都就还要会能把被让给对从向到为由这那您你我们它其中等着过可以应当进行通过以及并且如果因为所以时候之一个些种]"
)


class Fault(NamedTuple):
    """What is wrong with a sentence: the rule it breaks and the words that break it."""

    rule: str
    said: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A generated sentence without its citation marks, and the numbers it cites."""

    text: str
    cited: tuple[int, ...]


def read_sentence(raw: str) -> Sentence:
    """A generated sentence taken apart: 「……。[1][2]」 or 「……[1]。」."""
    raw = raw.replace("【", "[").replace("】", "]").replace("［", "[").replace("］", "]")
    cited = tuple(dict.fromkeys(int(n) for n in _MARK.findall(raw)))
    return Sentence(_MARK.sub("", raw).strip(), cited)


class Verifier:
    """Checks sentences against numbered sources.

    `names` tells departments in running text. With `nameless` no department at all may be named: the list of a duty
    answer comes from the register alone.
    """

    def __init__(self, sources: Iterable[Source], names: DepartmentNames, nameless: bool = False) -> None:
        self._sources = {s.number: _Read.of(s, names) for s in sources}
        self._names = names
        self._nameless = nameless

    def faults(self, sentence: Sentence) -> list[Fault]:
        """Everything that is wrong with a sentence; [] when it may be shown."""
        if not sentence.cited:
            return [Fault("citation", sentence.text)]
        if unknown := [n for n in sentence.cited if n not in self._sources]:
            return [Fault("citation", f"[{unknown[0]}]")]
        said = text.normalise(sentence.text)
        held = _Held([self._sources[n] for n in sentence.cited])
        found = [Fault(rule, words) for rule, check in _RULES.items() for words in check(said, held)]
        return [*found, *self._about_departments(said, held)]

    def _about_departments(self, said: str, held: _Held) -> Iterator[Fault]:
        mentions = self._names.find(said)
        for mention in mentions:
            if self._nameless or not held.departments.intersection(mention.names):
                yield Fault("department", mention.said)
        for organ in claims.organs(_without(said, mentions)):
            if self._nameless or organ not in held.squeezed:
                yield Fault("department", organ)
        for name, role in claims.roles(said, self._names):
            if name in held.departments and (name, role) not in held.roles:
                yield Fault("role", f"{name}:{role.value}")


def _without(said: str, mentions: Iterable[Mention]) -> str:
    """A text with the known departments blanked out."""
    for mention in mentions:
        said = said[: mention.start] + "," * (mention.end - mention.start) + said[mention.end :]
    return said


@dataclass(frozen=True, slots=True)
class _Read:
    """A source read once: its matching form and what it states."""

    normal: str
    squeezed: str
    departments: frozenset[str]
    roles: frozenset[tuple[str, Role]]
    numbers: tuple[claims.Number, ...]
    grams: frozenset[str]

    @classmethod
    def of(cls, source: Source, names: DepartmentNames) -> _Read:
        """Reads a source with its title and name; the roles of a clause are the register's."""
        c = source.citation
        normal = text.normalise(f"{source.text}\n{c.title}\n{c.source}\n{c.locator}")
        listed = {(n, d.role) for d in source.duties for n in names.resolve(d.department)}
        departments = {n for m in names.find(normal) for n in m.names} | {n for n, _ in listed}
        return cls(
            normal, text.squeeze(normal), frozenset(departments),
            frozenset(listed or claims.roles(normal, names)),
            tuple(claims.numbers(normal)), frozenset(text.grams(normal)),
        )  # fmt: skip


class _Held:
    """What the passages cited by one sentence hold together."""

    def __init__(self, read: list[_Read]) -> None:
        self.normal = "\n".join(r.normal for r in read)
        self.squeezed = "\n".join(r.squeezed for r in read)
        self.departments = frozenset[str]().union(*(r.departments for r in read))
        self.roles = frozenset[tuple[str, Role]]().union(*(r.roles for r in read))
        self.numbers = tuple(n for r in read for n in r.numbers)
        self.grams = frozenset[str]().union(*(r.grams for r in read))


def _numbers(said: str, held: _Held) -> Iterator[str]:
    """Numbers that the passages do not state, or of something else, or as another bound."""
    for number in claims.numbers(said):
        same = [n for n in held.numbers if n.value == number.value and _counts_alike(n, number)]
        if not same or not any(n.bound == number.bound for n in same):
            yield number.said
        elif not any(_stand_alike(number, n) for n in same):
            yield number.beside


def _counts_alike(one: claims.Number, other: claims.Number) -> bool:
    if "percent" in (one.unit, other.unit):
        return one.unit == other.unit
    return one.unit == other.unit or not one.unit or not other.unit


def _stand_alike(said: claims.Number, stated: claims.Number) -> bool:
    """Whether a number is said of what the passage states it of: the thing counted, and the words of its segment."""
    counted = re.match(r"\s*的?([\u4e00-\u9fff]{2})", said.counted)
    if said.unit in _COUNTS and counted and counted[1] not in stated.beside:
        return False
    beside = {g for g in text.bigrams(_content(said.beside.replace(said.said, " "))) if not g[0].isdigit()}
    if len(beside) < 3:
        return True
    there = set(text.bigrams(stated.beside))
    return sum(g in there for g in beside) / len(beside) >= _BESIDE_NUMBER


def _hotlines(said: str, held: _Held) -> Iterator[str]:
    """Telephone numbers: the sentences that give them must be those most like what is said of them."""
    pairs = set(text.bigrams(_content(re.sub(r"\d+", " ", said))))
    stated = [(s, len(pairs & set(text.bigrams(s)))) for s in re.split(r"[。!?;\n]+", held.normal) if _CALLED.search(s)]
    for number in _CALLED.findall(said):
        best = max((score for _, score in stated), default=0)
        if max((score for s, score in stated if number in _CALLED.findall(s)), default=0) < _AS_LIKE * best:
            yield number


def _long(said: str, held: _Held) -> Iterator[str]:
    """Years, hotlines and codes: the digits must stand in the passages as they are."""
    known = set(claims.long_numbers(held.normal))
    values = {n.value for n in held.numbers}
    yield from (n for n in claims.long_numbers(said) if n not in known and float(n) not in values)


def _dates(said: str, held: _Held) -> Iterator[str]:
    """Dates: each must be one of the passages', as exact or less exact."""
    known = list(claims.dates(held.normal))
    for date in claims.dates(said):
        if not any(k[: len(date)] == date for k in known):
            yield "-".join(map(str, date))


def _documents(said: str, held: _Held) -> Iterator[str]:
    known = "\n".join(claims.document_numbers(held.normal))
    yield from (n for n in claims.document_numbers(said) if n not in known)


def _quoted(said: str, held: _Held) -> Iterator[str]:
    """Names in quotation or title marks: programmes, documents, buttons."""
    yield from (q for q in claims.quoted(said) if text.squeeze(q) not in held.squeezed)


def _paths(said: str, held: _Held) -> Iterator[str]:
    yield from (p for p in claims.paths(said) if p not in held.squeezed)


def _strong(said: str, held: _Held) -> Iterator[str]:
    yield from (m[0] for m in _STRONG.finditer(said) if m[0] not in held.squeezed)


def _addresses(said: str, held: _Held) -> Iterator[str]:
    yield from (m[0] for m in _ADDRESS.finditer(said) if m[0] not in held.normal)


def _reversed(said: str, held: _Held) -> Iterator[str]:
    yield from reversed_words(said, held.normal)


def _support(said: str, held: _Held) -> Iterator[str]:
    """A sentence, or a segment of it, whose words the passages do not contain."""
    if _share(said, held) < _LEAST_SUPPORT:
        yield said
        return
    for segment in claims.SEGMENT.split(said):
        if len(_content(segment)) >= _ENOUGH and _share(segment, held) < _SEGMENT_SUPPORT:
            yield segment
    members = _BETWEEN.split(said) if "、" in said else ()
    yield from (m for m in members if _MEMBER.fullmatch(m) and _share(m, held) < _SEGMENT_SUPPORT)


def _share(said: str, held: _Held) -> float:
    """The share of the content characters that stand in the passages as part of a pair of neighbours, 0 to 1."""
    content = _content(said)
    covered, total = 0.0, 0
    for run in text.runs(content):
        if not text.is_han(run[0]):
            total += len(run)
            covered += len(run) if run in held.grams else 0
            continue
        pairs = [n for n in range(len(run) - 1) if run[n : n + 2] in held.grams]
        inside = {n for p in pairs for n in (p, p + 1)}
        total += len(run)
        covered += len(inside) + 0.5 * sum(n not in inside and c in held.grams for n, c in enumerate(run))
    return covered / total if total else 1.0


def _content(said: str) -> str:
    return _FILLER.sub(" ", said)


_RULES: dict[str, Callable[[str, _Held], Iterator[str]]] = {
    "number": _numbers,
    "digits": _long,
    "hotline": _hotlines,
    "date": _dates,
    "document": _documents,
    "quoted": _quoted,
    "path": _paths,
    "strength": _strong,
    "address": _addresses,
    "polarity": _reversed,
    "support": _support,
}
