"""Question: what was asked, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.numerals import Amount, read_numeral
from vectorstore.names import Mention
from vectorstore.records import Clause, Role

_COUNTING = re.compile(
    r"哪?几处|第[\d一二三四五六七八九十两百]+(?:个|项|条|家|步)?|\d+[年月日号]|前[\d一二三四五六七八九十两]+|[第\d一二三四五六七八九十两百]+(?:个|项|条|家|处|次|大|份|名|类)(?:及?以[上下])?|(?<!\S)[一二三四五六七八九十两]+(?!\S)|超过|恰好|正好|刚好|至少|不到|排|分工|参加|参与"
    r"|出现|承担|自己|写明|不要重复|合起来|各条|条条|每条|里都|能找到|找到|写|地方|占|比例|数量|数|量|次数|正文|共分|大部分|分给|派|一般"
    r"|摊[到上]|轮到|分到|领到|挂了?|全勤|还是|更[多少]些?|带[着上有]?|剩下?|去掉|去除|剔除|排除|扣掉|刨去|重复|加上?|刚才|上面|前面|[这那]部分?|它们?俩?|他们俩?|[这那]俩|包括|不多不少|列一列|摊上|这边|哪些|哪几|但是|而|和|并|或者|或|中有|各|含|都|分|了|的|们|家|呢|吧"
)
"""Words of set questions that name no topic of their own."""
_LAST_NUMERAL = re.compile(r"[\d一二三四五六七八九十两]{1,3}(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, understood.

    `text` is as asked (private data masked), `normal` its matching form, `shape` the same without white space and
    with `@` for each department. `topic` is what is left of it when departments, paths and cue words are taken
    away: the thing asked about, "" when there is none. `scopes` are the headings it names (an action, a part),
    `kinds` the words for headings in general (行动, 工程) when it means all of them.
    """

    text: str
    normal: str
    topic: str
    shape: str = ""
    cues: frozenset[str] = frozenset()
    departments: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    scopes: tuple[Clause, ...] = ()
    kinds: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these cues stands in the question."""
        return not self.cues.isdisjoint(names)

    @property
    def named(self) -> tuple[str, ...]:
        """The departments named without ambiguity, each once, in order."""
        return tuple(dict.fromkeys(m.names[0] for m in self.departments if len(m.names) == 1))

    @property
    def role(self) -> Role | None:
        """The role asked about, when one is."""
        if self.has("lead"):
            return Role.LEAD
        return Role.COOPERATE if self.has("cooperate") else None

    @property
    def topic_words(self) -> str:
        """The topic without the words for headings in general, without amounts and words that only count or join."""
        counted = {a.value for a in self.amounts if a.unit or a.sign != "="}
        left = _LAST_NUMERAL.sub(lambda m: "" if read_numeral(m[0]) in counted else m[0], self.topic)
        left = _COUNTING.sub("", left)
        for word in self.kinds:
            left = left.replace(word, "")
        left = left.strip()
        return left if sum("\u3400" <= c <= "\u9fff" for c in left) > 1 or re.search(r"[a-z]{2}|\d{2}", left) else ""

    def amounts_of(self, *units: str) -> tuple[Amount, ...]:
        """The amounts with one of these units."""
        return tuple(a for a in self.amounts if a.unit in units)

    @property
    def asks_for_owner(self) -> bool:
        """Whether the words ask for the body in charge (哪些部门, 谁负责), not for a person to turn to (找谁)."""
        bodies = self.has("department") and self.has("which", "who", "responsible", "count")
        return bodies or self.has("owner") or (self.has("who") and self.has("responsible", "lead"))

    @property
    def plainly_official(self) -> bool:
        """Whether the words alone say that the question is about a notice."""
        return (
            self.asks_for_owner or bool(self.paths or self.departments) or self.has("lead", "document_named", "clause")
        )

    @property
    def asks_figure(self) -> bool:
        """Whether an amount or a name is asked for that a plan may not state, rather than who owns a task."""
        return self.has("count") and not self.asks_for_owner and not self.has("lead", "task", "section", "responsible")
