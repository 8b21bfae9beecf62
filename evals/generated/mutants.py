"""Sentences of the sources themselves, and the same with one thing changed: a number, a department, a role, a sense."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.sources import Source
from assistant.verify import Verifier, read_sentence
from evals.generated import Judged, source
from vectorstore.library import Snapshot
from vectorstore.records import Tier

_SENTENCE = re.compile(r"[^。！？\n]{6,160}[。！？]|(?<=[（(])[^（）()]*(?:负责|牵头)[^（）()]*(?=[）)])")
_HOTLINES = ("110", "119", "120", "122", "12320", "12315", "12345", "12356", "96110")
_BODIES = "省水利厅 省公安厅 省交通运输厅 省商务厅 南昌市教育局 省老龄办".split()
_ROLES = {"按职责分工负责": "牵头", "按照职责分工负责": "牵头", "牵头部门": "责任部门", "牵头单位": "配合单位"}
_NEGATIONS = (("不要", "要"), ("不能", "能"), ("别", "可以"), ("不会", "会"), ("能", "不能"), ("要", "不要"))
_DIGITS = re.compile(r"(?<![\d.])\d{1,4}(?![\d.])")
_QUOTED = re.compile(r"[“《]([^“”《》]{3,16})[”》]")


def judge_mutants(snapshot: Snapshot, notice: str, seed: int, most: int) -> dict[str, list[Judged]]:
    """At most so many sentences of each way to change one; `verbatim` are those left as they are."""
    chosen: dict[str, list[Judged]] = {}
    names = [c.path for c in snapshot.register.clauses(notice)] + list(snapshot.cards)
    rng = random.Random(seed)
    rng.shuffle(names)
    for name in names:
        made = source(1, name, snapshot, notice)
        verifier = Verifier([made], snapshot.names)
        for said in _SENTENCE.findall(made.text):
            for way, changed in _changed(re.sub(r"\s", "", said), made, rng):
                if len(chosen.setdefault(way, [])) < most:
                    faults = tuple(verifier.faults(read_sentence(f"{changed}[1]")))
                    chosen[way].append(Judged(changed, way == "verbatim", faults))
    return chosen


def _changed(said: str, made: Source, rng: random.Random) -> Iterator[tuple[str, str]]:
    ways = {
        "verbatim": said,
        "number": _other_number(said, made, rng),
        "hotline": _other_hotline(said, rng),
        "department": _other_department(said, made, rng),
        "role": _other_role(said, made),
        "quoted": _QUOTED.sub(lambda m: m[0][:2] + "海" + m[0][3:], said, count=1),
        "sense": _other_sense(said, made),
    }
    yield from ((way, changed) for way, changed in ways.items() if way == "verbatim" or changed != said)


def _other_number(said: str, made: Source, rng: random.Random) -> str:
    match = _DIGITS.search(said)
    other = str(int(match[0]) + rng.choice((1, 2, 5, 10))) if match else ""
    return said.replace(match[0], other, 1) if match and other not in made.text else said


def _other_hotline(said: str, rng: random.Random) -> str:
    """The first hotline made another one that the sentence does not name."""
    named = [h for h in _HOTLINES if re.search(rf"(?<!\d){h}(?!\d)", said)]
    if not named:
        return said
    other = rng.choice([h for h in _HOTLINES if h not in named])
    return re.sub(rf"(?<!\d){named[0]}(?!\d)", other, said)


def _other_department(said: str, made: Source, rng: random.Random) -> str:
    named = [d.department for d in made.duties if d.department in said]
    return said.replace(rng.choice(named), rng.choice(_BODIES), 1) if named else said


def _other_role(said: str, made: Source) -> str:
    for role, other in _ROLES.items():
        if (
            made.duties
            and role in said
            and "负责" not in said.replace(role, "")
            and "牵头" not in said.replace(role, "")
        ):
            return said.replace(role, other)
    return said


def _other_sense(said: str, made: Source) -> str:
    """A card's sentence denied, or its one negation taken out."""
    if made.citation.tier != Tier.CARD.value or said.endswith("？"):
        return said
    for plain, turned in _NEGATIONS:
        if said.count(plain) == 1 and not re.search(r"不|没|别|无", said.replace(plain, "")):
            return said.replace(plain, turned)
    return said
